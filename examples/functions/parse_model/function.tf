terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

variable "models" {
  description = "Models that a route tries, in this order."
  type        = list(string)
  default     = ["openai/gpt-5.2", "@cf/meta/llama-3.3-70b-instruct-fp8-fast"]

  validation {
    condition     = alltrue([for model in var.models : provider::aigateway::parse_model(model).provider != null])
    error_message = "A route can only call models, not other routes, aliases or cloudflare/auto."
  }
}

locals {
  # One element for each model, with the next one as its fallback.
  elements = {
    for i, model in var.models : "model-${i}" => {
      model = {
        provider    = provider::aigateway::parse_model(model).provider
        model       = provider::aigateway::parse_model(model).model
        timeout     = 30000
        retries     = 1
        on_success  = "end"
        on_fallback = i + 1 < length(var.models) ? "model-${i + 1}" : "end"
      }
    }
  }
}

output "elements" {
  value = local.elements
}
