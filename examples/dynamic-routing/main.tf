terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

# Credentials and the account come from CLOUDFLARE_API_TOKEN and
# CLOUDFLARE_ACCOUNT_ID.
provider "aigateway" {}

variable "name" {
  description = "Name of the gateway."
  type        = string
  default     = "support"
}

resource "aigateway_gateway" "main" {
  name = var.name
}

resource "aigateway_dynamic_route" "support" {
  gateway_id = aigateway_gateway.main.id
  name       = "customer-support"
  entry      = "tier"

  elements = {
    tier = { conditional = {
      conditions = jsonencode({ "metadata.plan" = { "$eq" = "free" } })
      on_true    = "split"
      on_false   = "quota"
    } }

    split = { percentage = {
      outputs = { "10%" = "strong", else = "cheap" }
    } }

    quota = { rate = {
      key         = "metadata.user_id"
      limit       = 100
      limit_type  = "count"
      window      = 60
      on_success  = "strong"
      on_fallback = "cheap"
    } }

    strong = { model = {
      provider    = "openai"
      model       = "gpt-5.2"
      timeout     = 10000
      retries     = 1
      on_success  = "end"
      on_fallback = "cheap"
    } }

    cheap = { model = {
      provider    = "workers-ai"
      model       = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
      timeout     = 10000
      retries     = 0
      on_success  = "end"
      on_fallback = "end"
    } }
  }
}

output "gateway_id" {
  description = "ID of the gateway with the route."
  value       = aigateway_gateway.main.id
}

output "model" {
  description = "The model name for requests that use the route."
  value       = aigateway_dynamic_route.support.model
}

output "version_id" {
  description = "The deployed version of the graph."
  value       = aigateway_dynamic_route.support.version_id
}
