terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

# The token comes from CLOUDFLARE_API_TOKEN, so that it stands in no file.
provider "aigateway" {
  account_id = "0123456789abcdef0123456789abcdef"
}
