import {
  to = aigateway_policy.everyone
  identity = {
    account_id = "0123456789abcdef0123456789abcdef"
    gateway_id = "production"
    id         = "d682e5be-1cbe-4328-b7ec-0976fc8644f5"
  }
}
