import {
  to = aigateway_custom_provider.llm
  identity = {
    account_id = "0123456789abcdef0123456789abcdef"
    id         = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
  }
}
