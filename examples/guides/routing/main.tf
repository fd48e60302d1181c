terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

# The token and the account come from CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.
provider "aigateway" {}

resource "aigateway_gateway" "assistant" {
  name = "assistant"
}

output "base_url" {
  value = aigateway_gateway.assistant.compat_base_url
}
