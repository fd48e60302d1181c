terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
    # Until the move is applied everywhere.
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "~> 5.19"
    }
  }
}

provider "aigateway" {
  account_id = "0123456789abcdef0123456789abcdef"
}
