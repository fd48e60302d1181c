import {
  to = aigateway_gateway.production
  id = "0123456789abcdef0123456789abcdef/production"
}
