# Counts the versions of the route.

terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

variable "gateway_id" {
  type = string
}

data "aigateway_dynamic_route" "this" {
  gateway_id = var.gateway_id
  name       = "customer-support"
}

output "versions" {
  value = length(data.aigateway_dynamic_route.this.versions)
}
