# Only the name is needed. Everything else gets its default when the gateway is
# created, and is left alone afterwards.
resource "aigateway_gateway" "minimal" {
  name = "minimal"
}

resource "aigateway_gateway" "production" {
  name = "production"

  # Answers are cached for an hour.
  cache_ttl = 3600

  # 100 requests a minute, by a window that slides.
  rate_limiting_limit     = 100
  rate_limiting_interval  = 60
  rate_limiting_technique = "sliding"

  log_enabled    = true
  authentication = true
}

# Rate limiting is prepared and switched off: the limit stays in state until it
# is switched on.
resource "aigateway_gateway" "prepared" {
  name                   = "prepared"
  rate_limiting_enabled  = false
  rate_limiting_limit    = 20
  rate_limiting_interval = 60
}

# What an application gives to an OpenAI SDK as its base URL.
output "openai_base_url" {
  value = aigateway_gateway.production.compat_base_url
}
