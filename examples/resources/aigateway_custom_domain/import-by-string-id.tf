import {
  to = aigateway_custom_domain.ai
  id = "0123456789abcdef0123456789abcdef/production/ai.example.com"
}
