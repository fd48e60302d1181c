terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

# The token comes from CLOUDFLARE_API_TOKEN, so that no file contains it.
provider "aigateway" {
  account_id = "0123456789abcdef0123456789abcdef"
}
