resource "aigateway_gateway" "production" {
  name           = "production"
  authentication = true

  # Responses are cached for an hour.
  cache_ttl = 3600

  # 100 requests per minute, in a sliding window.
  rate_limiting_limit     = 100
  rate_limiting_interval  = 60
  rate_limiting_technique = "sliding"

  # The gateway keeps the latest 100,000 logs.
  log_enabled             = true
  log_management          = 100000
  log_management_strategy = "DELETE_OLDEST"

  # A request to a provider is tried three times, with growing delays.
  retry_max_attempts = 3
  retry_delay        = 500
  retry_backoff      = "exponential"

  lifecycle {
    prevent_destroy = true # destroying a gateway deletes its logs, routes and keys
  }
}

# What an application gives to an OpenAI SDK as its base URL.
output "openai_base_url" {
  value = aigateway_gateway.production.compat_base_url
}
