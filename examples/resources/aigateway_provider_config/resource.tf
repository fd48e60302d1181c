# The account's Secrets Store. An account has at most one.
data "aigateway_secrets_stores" "all" {}

resource "aigateway_gateway" "main" {
  name           = "main"
  store_id       = one(data.aigateway_secrets_stores.all.secrets_stores).id
  authentication = true
}

variable "openai_api_key" {
  type      = string
  sensitive = true
  default   = "only-for-this-example"
}

# The key is sent once. It is stored neither in state nor in plans. To rotate it,
# change the key and its version together.
resource "aigateway_provider_config" "openai" {
  gateway_id        = aigateway_gateway.main.id
  provider_slug     = "openai"
  secret_wo         = var.openai_api_key
  secret_wo_version = 1
}
