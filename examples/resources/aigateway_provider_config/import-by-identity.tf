import {
  to = aigateway_provider_config.openai
  identity = {
    account_id = "0123456789abcdef0123456789abcdef"
    gateway_id = "production"
    id         = "54442216"
  }
}
