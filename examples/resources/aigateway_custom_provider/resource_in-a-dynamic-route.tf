resource "aigateway_custom_provider" "llm" {
  name     = "Our own models"
  slug     = "our-llm"
  base_url = "https://llm.example.com/v1"
  enable   = true
}

resource "aigateway_gateway" "main" {
  name = "main"
}

resource "aigateway_dynamic_route" "assistant" {
  gateway_id = aigateway_gateway.main.id
  name       = "assistant"
  entry      = "own"

  elements = {
    own = { model = {
      provider    = aigateway_custom_provider.llm.request_slug
      model       = "large-1"
      timeout     = 10000
      retries     = 1
      on_success  = "end"
      on_fallback = "llama"
    } }

    llama = { model = {
      provider    = "workers-ai"
      model       = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
      timeout     = 10000
      retries     = 0
      on_success  = "end"
      on_fallback = "end"
    } }
  }
}
