terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

locals {
  # The same entry and elements as for aigateway_dynamic_route.
  entry = "plan"
  elements = {
    plan = {
      conditional = {
        conditions = jsonencode({ "metadata.plan" = { "$eq" = "paid" } })
        on_true    = "large"
        on_false   = "small"
      }
    }
    large = {
      model = {
        provider    = "openai"
        model       = "gpt-5.2"
        timeout     = 30000
        retries     = 1
        on_success  = "end"
        on_fallback = "small"
      }
    }
    small = {
      model = {
        provider    = "workers-ai"
        model       = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
        timeout     = 30000
        retries     = 0
        on_success  = "end"
        on_fallback = "end"
      }
    }
  }
}

# `terraform output -raw route` prints it, for example for a pull request.
output "route" {
  value = <<-EOT
    ```mermaid
    ${provider::aigateway::route_mermaid(local.entry, local.elements)}```
  EOT
}
