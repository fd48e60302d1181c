resource "aigateway_gateway" "main" {
  name = "main"
}

# If OpenAI fails or is too slow, Workers AI responds.
resource "aigateway_dynamic_route" "assistant" {
  gateway_id = aigateway_gateway.main.id
  name       = "assistant"
  entry      = "openai"

  elements = {
    openai = { model = {
      provider    = "openai"
      model       = "gpt-5.2"
      timeout     = 10000 # milliseconds
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

# The model name for applications: dynamic/assistant.
output "assistant_model" {
  value = aigateway_dynamic_route.assistant.model
}
