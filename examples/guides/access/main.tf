terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

provider "aigateway" {}

resource "aigateway_gateway" "company" {
  name           = "company"
  authentication = true # also what a new gateway has by default
}

output "base_url" {
  value = aigateway_gateway.company.compat_base_url
}
