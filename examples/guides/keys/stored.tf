variable "openai_api_key" {
  description = "OpenAI API key. It is stored neither in state nor in plans."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "openai_api_key_version" {
  description = "Increase this to send a new key."
  type        = number
  default     = 1
}

resource "aigateway_provider_config" "openai" {
  gateway_id        = aigateway_gateway.keys.id
  provider_slug     = "openai"
  secret_wo         = var.openai_api_key
  secret_wo_version = var.openai_api_key_version
}
