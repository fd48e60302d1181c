resource "aigateway_custom_provider" "llm" {
  name        = "Our own models"
  slug        = "our-llm"
  base_url    = "https://llm.example.com/v1"
  description = "Models that we host ourselves."
  link        = "https://llm.example.com/docs"
  enable      = true
}

resource "aigateway_gateway" "main" {
  name = "main"
}

# The base URL for the provider's own paths.
output "base_url" {
  value = "${aigateway_gateway.main.gateway_url}/${aigateway_custom_provider.llm.request_slug}"
}
