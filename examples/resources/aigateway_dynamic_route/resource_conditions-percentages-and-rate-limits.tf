resource "aigateway_gateway" "main" {
  name = "main"
}

# Free users are split between two models. Every other user has 100 requests per
# minute to the strong model, which falls back to the cheap one.
resource "aigateway_dynamic_route" "support" {
  gateway_id = aigateway_gateway.main.id
  name       = "customer-support"
  entry      = "tier"

  elements = {
    tier = { conditional = {
      conditions = jsonencode({ "metadata.plan" = { "$eq" = "free" } })
      on_true    = "split"
      on_false   = "quota"
    } }

    split = { percentage = {
      outputs = { "10%" = "strong", else = "cheap" }
    } }

    quota = { rate = {
      key         = "metadata.user_id"
      limit       = 100
      limit_type  = "count"
      window      = 60
      on_success  = "strong"
      on_fallback = "cheap"
    } }

    strong = { model = {
      provider    = "openai"
      model       = "gpt-5.2"
      timeout     = 10000
      retries     = 1
      on_success  = "end"
      on_fallback = "cheap"
    } }

    cheap = { model = {
      provider    = "workers-ai"
      model       = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
      timeout     = 10000
      retries     = 0
      on_success  = "end"
      on_fallback = "end"
    } }
  }
}

# The model name for applications.
output "support_model" {
  value = aigateway_dynamic_route.support.model
}
