removed {
  from = aigateway_gateway.production
  lifecycle {
    destroy = false
  }
}

import {
  to = cloudflare_ai_gateway.production
  id = "0123456789abcdef0123456789abcdef/production"
}
