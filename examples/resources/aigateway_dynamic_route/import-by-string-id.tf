import {
  to = aigateway_dynamic_route.support
  id = "0123456789abcdef0123456789abcdef/production/customer-support"
}
