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

resource "aigateway_provider_config" "openai" {
  gateway_id        = aigateway_gateway.main.id
  provider_slug     = "openai"
  secret_wo         = var.openai_api_key
  secret_wo_version = 1
}

# A second key for the same provider, limited to 100 requests per minute. Requests
# select it with the header cf-aig-byok-alias: evals.
resource "aigateway_provider_config" "openai_evals" {
  gateway_id        = aigateway_gateway.main.id
  provider_slug     = "openai"
  alias             = "evals"
  secret_wo         = var.openai_api_key
  secret_wo_version = 1
  rate_limit        = 100
  rate_limit_period = 60
}
