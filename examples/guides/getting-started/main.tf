terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

# The token and the account come from CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.
provider "aigateway" {}

resource "aigateway_gateway" "production" {
  name      = "production"
  cache_ttl = 300 # seconds
}

output "openai_base_url" {
  value = aigateway_gateway.production.compat_base_url
}
