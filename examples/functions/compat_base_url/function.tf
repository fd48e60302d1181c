terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

# OPENAI_BASE_URL is what the SDKs of OpenAI read.
output "environment" {
  value = {
    OPENAI_BASE_URL = provider::aigateway::compat_base_url("0123456789abcdef0123456789abcdef", "production")
  }
}
