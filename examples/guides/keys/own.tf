variable "our_llm_key" {
  description = "Key of our own models."
  type        = string
  sensitive   = true
  ephemeral   = true
}

resource "aigateway_custom_provider" "ours" {
  name     = "Our own models"
  slug     = "our-llm"
  base_url = "https://llm.example.com/v1"
  enable   = true

  # Added to every request. They are stored in state, so do not put a key here.
  headers = { "X-Client" = "ai-gateway" }
}

resource "aigateway_provider_config" "ours" {
  gateway_id        = aigateway_gateway.keys.id
  provider_slug     = aigateway_custom_provider.ours.request_slug
  secret_wo         = var.our_llm_key
  secret_wo_version = 1
}
