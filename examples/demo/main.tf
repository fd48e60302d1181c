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
  default     = "demo"
}

variable "requests_per_minute" {
  description = "Number of requests allowed in any 60 seconds."
  type        = number
  default     = 5
}

resource "aigateway_gateway" "demo" {
  name = var.name

  cache_ttl = 300

  rate_limiting_limit     = var.requests_per_minute
  rate_limiting_interval  = 60
  rate_limiting_technique = "sliding"
}

output "gateway_url" {
  description = "Base URL of the gateway. Append a provider and its native path."
  value       = aigateway_gateway.demo.gateway_url
}

output "compat_base_url" {
  description = "Base URL for an OpenAI SDK."
  value       = aigateway_gateway.demo.compat_base_url
}

output "gateway_id" {
  description = "ID of the gateway in requests and in the API."
  value       = aigateway_gateway.demo.id
}
