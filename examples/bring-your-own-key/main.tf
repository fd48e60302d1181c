# A Secrets Store, a gateway with a stored key for one provider, a custom provider,
# and a dynamic route over both.

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

# For an account that has no Secrets Store yet. An account has at most one: if yours
# has one, import it, or replace this block by
#
#   data "aigateway_secrets_stores" "all" {}
#
# and use one(data.aigateway_secrets_stores.all.secrets_stores).id below.
resource "aigateway_secrets_store" "keys" {
  name = "default_secrets_store"
}

resource "aigateway_gateway" "main" {
  name           = "byok"
  store_id       = aigateway_secrets_store.keys.id
  authentication = true
}

resource "aigateway_provider_config" "openai" {
  gateway_id        = aigateway_gateway.main.id
  provider_slug     = "openai"
  secret_wo         = var.openai_api_key
  secret_wo_version = var.openai_api_key_version
}

resource "aigateway_custom_provider" "llm" {
  name     = "Our own models"
  slug     = "our-llm"
  base_url = "https://llm.example.com/v1"
  enable   = true
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
      on_fallback = "own"
    } }

    own = { model = {
      provider    = aigateway_custom_provider.llm.request_slug
      model       = "large-1"
      timeout     = 10000
      retries     = 0
      on_success  = "end"
      on_fallback = "end"
    } }
  }
}

output "model" {
  description = "The model name for requests that use the route."
  value       = aigateway_dynamic_route.assistant.model
}
