# Sends one request through a route. It is a module of the tests, so that the
# configuration itself sends none.

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

data "aigateway_chat_completion" "this" {
  gateway_id = var.gateway_id
  model      = var.model
  prompt     = "How do I reset my password?"
}

output "provider_name" {
  value = data.aigateway_chat_completion.this.provider_name
}

output "response_model" {
  value = data.aigateway_chat_completion.this.response_model
}
