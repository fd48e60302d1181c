terraform {
  required_version = ">= 1.11" # for secret_wo, which is never stored

  required_providers {
    aigateway = {
      source  = "aigateway/aigateway"
      version = "~> 0.1"
    }
  }
}

# The token comes from CLOUDFLARE_API_TOKEN, so that no file contains it.
provider "aigateway" {
  account_id = "0123456789abcdef0123456789abcdef"
}

variable "openai_api_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "aigateway_secrets_store" "main" {
  name = "default_secrets_store"
}

resource "aigateway_gateway" "production" {
  name                   = "production"
  store_id               = aigateway_secrets_store.main.id
  cache_ttl              = 300 # seconds
  rate_limiting_limit    = 100
  rate_limiting_interval = 60 # seconds

  lifecycle {
    prevent_destroy = true # destroying a gateway deletes its logs
  }
}

# The gateway sends this key to OpenAI. Applications need none.
resource "aigateway_provider_config" "openai" {
  gateway_id        = aigateway_gateway.production.id
  provider_slug     = "openai"
  secret_wo         = var.openai_api_key
  secret_wo_version = 1 # increase it to send another key
}

# Applications use the model dynamic/assistant. If OpenAI fails, Workers AI responds.
resource "aigateway_dynamic_route" "assistant" {
  gateway_id = aigateway_gateway.production.id
  name       = "assistant"
  entry      = "openai"

  elements = {
    openai = { model = {
      provider    = "openai"
      model       = "gpt-5.2"
      timeout     = 30000 # milliseconds
      retries     = 1
      on_success  = "end"
      on_fallback = "workers"
    } }

    workers = { model = {
      provider    = "workers-ai"
      model       = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
      timeout     = 30000
      retries     = 0
      on_success  = "end"
      on_fallback = "end"
    } }
  }

  depends_on = [aigateway_provider_config.openai]
}
