variable "openai_api_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

# The account's Secrets Store. An account has at most one.
data "aigateway_secrets_stores" "all" {}

resource "aigateway_gateway" "production" {
  name      = "production"
  cache_ttl = 300 # seconds
  store_id  = one(data.aigateway_secrets_stores.all.secrets_stores).id
}

resource "aigateway_provider_config" "openai" {
  gateway_id        = aigateway_gateway.production.id
  provider_slug     = "openai"
  secret_wo         = var.openai_api_key
  secret_wo_version = 1 # increase it to send another key
}
