variable "openai_evals_api_key" {
  description = "OpenAI API key for evaluations."
  type        = string
  sensitive   = true
  ephemeral   = true
}

resource "aigateway_provider_config" "openai_evals" {
  gateway_id        = aigateway_gateway.keys.id
  provider_slug     = "openai"
  alias             = "evals"
  secret_wo         = var.openai_evals_api_key
  secret_wo_version = 1

  # At most 100 requests a minute use this key.
  rate_limit        = 100
  rate_limit_period = 60
}
