# Sends one request through a team's route. It is a module of the tests, so that the
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

variable "cost" {
  description = "What the request is to cost, in US dollars. Null for what it costs."
  type        = number
  default     = null
}

variable "expect_status" {
  type    = number
  default = 200
}

data "aigateway_chat_completion" "this" {
  gateway_id    = var.gateway_id
  model         = var.model
  prompt        = "How do I reset my password?"
  expect_status = var.expect_status
  headers       = var.cost == null ? {} : { "cf-aig-custom-cost" = jsonencode({ total_cost = var.cost }) }
}

output "served_by" {
  value = "${coalesce(data.aigateway_chat_completion.this.provider_name, "nobody")} ${coalesce(data.aigateway_chat_completion.this.response_model, "-")}"
}

output "error_code" {
  value = data.aigateway_chat_completion.this.error_code
}
