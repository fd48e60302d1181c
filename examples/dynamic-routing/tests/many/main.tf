# Sends many requests through a route, ten at a time, and counts which model
# responds. It is a module of the tests, so that the configuration itself sends
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
  type = string
}

variable "metadata" {
  # Not map(string), which would turn numbers and booleans into strings.
  type = any
}

variable "requests" {
  description = "Number of requests."
  type        = number
}

data "aigateway_chat_completion" "this" {
  count = var.requests

  gateway_id = var.gateway_id
  model      = var.model
  prompt     = "Question ${count.index}: how do I reset my password?"
  metadata   = var.metadata
}

output "answers" {
  description = "Number of responses by \"provider model\"."
  value = tomap({
    for who, all in {
      for answer in data.aigateway_chat_completion.this : "${answer.provider_name} ${answer.response_model}" => answer.response_model...
    } : who => length(all)
  })
}
