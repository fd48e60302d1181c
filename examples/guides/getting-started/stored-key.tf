variable "openai_api_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "aigateway_secrets_store" "main" {
  name = "default_secrets_store"
}

resource "aigateway_gateway" "production" {
  name      = "production"
  cache_ttl = 300 # seconds
  store_id  = aigateway_secrets_store.main.id
}

resource "aigateway_provider_config" "openai" {
  gateway_id        = aigateway_gateway.production.id
  provider_slug     = "openai"
  secret_wo         = var.openai_api_key
  secret_wo_version = 1 # increase it to send another key
}
