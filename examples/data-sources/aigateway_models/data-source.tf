resource "aigateway_gateway" "support" {
  name = "support"
}

data "aigateway_models" "support" {
  # A direct reference, so that the gateway exists before its models are read.
  gateway_id = aigateway_gateway.support.id
}

locals {
  strong = { provider = "openai", model = "gpt-5.2" }
  cheap  = { provider = "workers-ai", model = "@cf/meta/llama-3.3-70b-instruct-fp8-fast" }

  # Whether the list has the models of custom providers is not documented: leave those
  # out of such a check.
  unreachable = setsubtract(
    [for target in [local.strong, local.cheap] : "${target.provider}/${target.model}"],
    data.aigateway_models.support.models[*].id,
  )
}

# The route is neither created nor changed while the gateway cannot reach one of its
# models. In a check block, the same condition is a warning.
resource "aigateway_dynamic_route" "support" {
  gateway_id = aigateway_gateway.support.id
  name       = "support"
  entry      = "strong"

  elements = {
    strong = { model = merge(local.strong, { timeout = 10000, retries = 1, on_success = "end", on_fallback = "cheap" }) }
    cheap  = { model = merge(local.cheap, { timeout = 10000, retries = 0, on_success = "end", on_fallback = "end" }) }
  }

  lifecycle {
    precondition {
      condition     = length(local.unreachable) == 0
      error_message = "The gateway cannot reach ${join(", ", local.unreachable)}."
    }
  }
}

# The models of one provider.
data "aigateway_models" "workers_ai" {
  gateway_id    = aigateway_gateway.support.id
  provider_name = "workers-ai"
}

output "workers_ai_models" {
  value = data.aigateway_models.workers_ai.models[*].id
}
