# Rate limiting is off. The limit is kept in state until it is switched on.
resource "aigateway_gateway" "prepared" {
  name                   = "prepared"
  rate_limiting_enabled  = false
  rate_limiting_limit    = 20
  rate_limiting_interval = 60
}
