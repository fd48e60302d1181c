terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

provider "aigateway" {}

output "base_url" {
  value = aigateway_gateway.app.compat_base_url
}
