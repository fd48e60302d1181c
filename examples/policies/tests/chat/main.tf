# Sends one request. It is a module of the tests, so that the configuration itself sends
# none.

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
  type    = string
  default = "openai/gpt-5.5"
}

variable "cost" {
  description = "What the request is said to cost, in US dollars."
  type        = number
  default     = 0.01
}

variable "expect_status" {
  type    = number
  default = 200
}

data "aigateway_chat_completion" "this" {
  gateway_id    = var.gateway_id
  model         = var.model
  prompt        = "How much is left?"
  expect_status = var.expect_status

  headers = {
    "cf-aig-custom-cost" = jsonencode({ total_cost = var.cost })
  }
}
