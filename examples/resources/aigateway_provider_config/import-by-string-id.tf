import {
  to = aigateway_provider_config.openai
  id = "0123456789abcdef0123456789abcdef/production/openai/default"
}
