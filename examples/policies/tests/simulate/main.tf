# Tries one request against the policies. Nothing is sent to a model.

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

variable "model" {
  type = string
}

variable "email" {
  type    = string
  default = null
}

variable "groups" {
  type    = list(string)
  default = null
}

variable "spent" {
  type    = map(number)
  default = {}
}

data "aigateway_policy_simulation" "this" {
  gateway_id = var.gateway_id
  model      = var.model
  identity   = { email = var.email, groups = var.groups }
  spent      = var.spent
}

output "allowed" {
  value = data.aigateway_policy_simulation.this.allowed
}

output "reason" {
  value = data.aigateway_policy_simulation.this.reason
}

output "policy_name" {
  value = data.aigateway_policy_simulation.this.policy_name
}
