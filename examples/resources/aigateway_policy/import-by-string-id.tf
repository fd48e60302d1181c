import {
  to = aigateway_policy.everyone
  id = "0123456789abcdef0123456789abcdef/production/d682e5be-1cbe-4328-b7ec-0976fc8644f5"
}
