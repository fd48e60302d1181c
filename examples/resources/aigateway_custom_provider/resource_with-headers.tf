# The gateway adds the headers to every request to the provider. For an API key,
# use aigateway_provider_config, which stores it neither in state nor in plans.
resource "aigateway_custom_provider" "llm" {
  name     = "Our own models"
  slug     = "our-llm"
  base_url = "https://llm.example.com/v1"
  enable   = true
  headers  = { X-Caller = "ai-gateway" }
}
