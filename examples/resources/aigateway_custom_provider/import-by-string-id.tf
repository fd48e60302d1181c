import {
  to = aigateway_custom_provider.llm
  id = "0123456789abcdef0123456789abcdef/our-llm"
}
