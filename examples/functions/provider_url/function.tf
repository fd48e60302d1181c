terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

output "openai_base_url" {
  value = provider::aigateway::provider_url("0123456789abcdef0123456789abcdef", "production", "openai")
}
