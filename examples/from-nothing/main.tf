# From an empty account to a gateway in production: a Secrets Store, a gateway, a
# provider's key, a route, policies, and a hostname of your own.

terraform {
  required_version = ">= 1.11" # for write-only attributes

  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

# Credentials and the account come from CLOUDFLARE_API_TOKEN and
# CLOUDFLARE_ACCOUNT_ID. The token needs AI Gateway: Read and Edit, and Secrets
# Store: Read and Edit.
provider "aigateway" {}

variable "name" {
  description = "Name of the gateway."
  type        = string
  default     = "production"
}

variable "hostname" {
  description = "Hostname for the gateway, in a zone of the account."
  type        = string
  default     = "ai.example.com"
}

variable "zone_id" {
  description = "ID of the zone of the hostname."
  type        = string
  default     = "395566f4c8a5b9d2a5fc0d457b007c44"
}

variable "openai_api_key" {
  description = "OpenAI API key. It is stored neither in state nor in plans."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "openai_api_key_version" {
  description = "Increase this when the key changes, to send the new one."
  type        = number
  default     = 1
}

# An account has at most one.
resource "aigateway_secrets_store" "main" {
  name = "default_secrets_store"
}

resource "aigateway_gateway" "main" {
  name           = var.name
  store_id       = aigateway_secrets_store.main.id
  authentication = true
}

resource "aigateway_provider_config" "openai" {
  gateway_id        = aigateway_gateway.main.id
  provider_slug     = "openai"
  secret_wo         = var.openai_api_key
  secret_wo_version = var.openai_api_key_version
}

resource "aigateway_dynamic_route" "assistant" {
  gateway_id = aigateway_gateway.main.id
  name       = "assistant"
  entry      = "openai"

  elements = {
    openai = { model = {
      provider    = aigateway_provider_config.openai.provider_slug # waits for the key
      model       = "gpt-5.2"
      timeout     = 10000
      retries     = 1
      on_success  = "end"
      on_fallback = "end"
    } }
  }
}

# The first policy matches every request, since the service rejects what no policy
# matches.
resource "aigateway_policy" "everyone" {
  gateway_id = aigateway_gateway.main.id
  name       = "Everyone"
  actor      = "company:all"
  action     = "budget"
  budget     = { amount = 1000, period = "monthly" }
}

resource "aigateway_policy" "no_opus" {
  gateway_id = aigateway_gateway.main.id
  name       = "No Claude Opus"
  actor      = "company:all"
  models     = ["anthropic/claude-opus-*"]
  action     = "block"
  depends_on = [aigateway_policy.everyone]
}

# It is pending until the zone has a proxied CNAME from the hostname to cname_target.
# The Cloudflare provider creates that: see the page of aigateway_custom_domain.
resource "aigateway_custom_domain" "main" {
  gateway_id = aigateway_gateway.main.id
  hostname   = var.hostname
  zone_id    = var.zone_id
}

output "gateway_id" {
  description = "ID of the gateway."
  value       = aigateway_gateway.main.id
}

output "model" {
  description = "The model name for requests that use the route."
  value       = aigateway_dynamic_route.assistant.model
}

output "cname_target" {
  description = "Target of the CNAME that the zone needs."
  value       = aigateway_custom_domain.main.cname_target
}
