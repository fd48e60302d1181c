locals {
  # Both models end the route, whatever they respond.
  common = { timeout = 10000, retries = 1, on_success = "end", on_fallback = "end" }
  strong = merge(local.common, { provider = "openai", model = "gpt-5.2" })
  cheap  = merge(local.common, { provider = "workers-ai", model = "@cf/meta/llama-3.3-70b-instruct-fp8-fast" })
}

resource "aigateway_dynamic_route" "by_plan" {
  gateway_id = aigateway_gateway.assistant.id
  name       = "by-plan"
  entry      = "plan"

  elements = {
    plan = { conditional = {
      conditions = jsonencode({ "metadata.plan" = { "$in" = ["pro", "team"] } })
      on_true    = "strong"
      on_false   = "cheap"
    } }

    strong = { model = local.strong }
    cheap  = { model = local.cheap }
  }
}
