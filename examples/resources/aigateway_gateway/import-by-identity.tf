import {
  to = aigateway_gateway.production
  identity = {
    account_id = "0123456789abcdef0123456789abcdef"
    id         = "production"
  }
}
