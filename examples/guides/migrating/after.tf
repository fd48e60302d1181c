moved {
  from = cloudflare_ai_gateway.production
  to   = aigateway_gateway.production
}

resource "aigateway_gateway" "production" {
  name                    = "production"
  cache_ttl               = 3600
  rate_limiting_limit     = 100
  rate_limiting_interval  = 60
  rate_limiting_technique = "sliding"
  log_enabled             = true
  authentication          = true

  guardrails = {
    prompt = { violent_crimes = "BLOCK", prompt_injection = "FLAG" }
  }
  spend_limits = {
    rules = {
      "team-a" = { limit = 100, window = 86400, dimensions = { "metadata.team" = { mode = "filter", values = ["a"] } } }
      "openai" = { limit = 500, window = 86400, dimensions = { provider = { mode = "filter", values = ["openai"] } } }
    }
  }
}
