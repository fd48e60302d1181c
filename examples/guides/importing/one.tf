import {
  to = aigateway_gateway.production
  id = "production" # or "0123456789abcdef0123456789abcdef/production"
}
