# The gateway, the stored key and the route of one team.

terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

locals {
  thirty_days = 30 * 24 * 60 * 60
}

resource "aigateway_gateway" "this" {
  name           = var.name
  store_id       = var.store_id
  authentication = true

  spend_limits = {
    rules = {
      # Beyond this, the route continues with its fallback.
      openai = {
        limit      = var.budget * 0.8
        window     = local.thirty_days
        dimensions = { provider = { mode = "filter", values = ["openai"] } }
      }
      # Beyond this, the gateway rejects requests.
      total = {
        limit      = var.budget
        window     = local.thirty_days
        dimensions = {}
      }
    }
  }
}

resource "aigateway_provider_config" "openai" {
  gateway_id        = aigateway_gateway.this.id
  provider_slug     = "openai"
  secret_wo         = var.openai_api_key
  secret_wo_version = var.key_version
}

resource "aigateway_dynamic_route" "chat" {
  gateway_id = aigateway_gateway.this.id
  name       = "chat"
  entry      = "openai"

  elements = {
    openai = { model = {
      provider    = aigateway_provider_config.openai.provider_slug # waits for the key
      model       = var.model
      timeout     = 30000
      retries     = 1
      on_success  = "end"
      on_fallback = "fallback"
    } }

    fallback = { model = {
      provider    = "workers-ai"
      model       = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
      timeout     = 30000
      retries     = 0
      on_success  = "end"
      on_fallback = "end"
    } }
  }
}
