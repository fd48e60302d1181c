terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

variable "name" {
  type = string
}

resource "aigateway_gateway" "team" {
  name      = var.name
  cache_ttl = 300
}

resource "aigateway_dynamic_route" "chat" {
  gateway_id = aigateway_gateway.team.id
  name       = "chat"
  entry      = "answer"

  elements = {
    answer = { model = {
      provider    = "openai"
      model       = "gpt-5.2"
      timeout     = 30000
      retries     = 1
      on_success  = "end"
      on_fallback = "end"
    } }
  }
}

output "openai" {
  value = {
    base_url = aigateway_gateway.team.compat_base_url
    model    = aigateway_dynamic_route.chat.model
  }
}
