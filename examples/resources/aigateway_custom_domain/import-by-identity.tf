import {
  to = aigateway_custom_domain.ai
  identity = {
    account_id = "0123456789abcdef0123456789abcdef"
    gateway_id = "production"
    hostname   = "ai.example.com"
  }
}
