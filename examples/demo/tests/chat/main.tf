# Sends one request through a gateway. It is a module of the tests, so that the
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

variable "prompt" {
  type = string
}

variable "expect_status" {
  type    = number
  default = 200
}

data "aigateway_chat_completion" "this" {
  gateway_id    = var.gateway_id
  model         = "workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast"
  prompt        = var.prompt
  expect_status = var.expect_status
}

output "cache_status" {
  value = data.aigateway_chat_completion.this.cache_status
}

output "response_text" {
  value = data.aigateway_chat_completion.this.response_text
}

output "error_code" {
  value = data.aigateway_chat_completion.this.error_code
}
