variable "strong_model" {
  description = "OpenAI model that responds first."
  type        = string
  default     = "gpt-5.2"
}

resource "aigateway_dynamic_route" "resilient" {
  gateway_id = aigateway_gateway.assistant.id
  name       = "resilient"
  entry      = "strong"

  elements = {
    strong = { model = {
      provider    = "openai"
      model       = var.strong_model
      timeout     = 10000 # milliseconds until the first byte
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
