terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

# OpenAI's SDKs read OPENAI_BASE_URL.
output "environment" {
  value = {
    OPENAI_BASE_URL = provider::aigateway::compat_base_url("0123456789abcdef0123456789abcdef", "production")
  }
}
