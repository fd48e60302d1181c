resource "aigateway_gateway" "app" {
  name = "app"

  spend_limits = {
    rules = {
      everything = {
        limit      = 500
        window     = 2592000
        dimensions = {}
      }
    }
  }

  cache_ttl             = 300
  rate_limiting_enabled = false

  guardrails = {
    prompt = {
      prompt_injection = "BLOCK"
      violent_crimes   = "FLAG"
    }
    response = {
      hate = "BLOCK"
    }
  }

  dlp = {
    enabled = true
    policies = {
      card-numbers = {
        action   = "BLOCK"
        check    = ["REQUEST"]
        enabled  = true
        profiles = ["c8932cc4-3312-4152-8041-f3f257122dc4"]
      }
    }
  }

  # Unified Billing uses endpoints of OpenAI and Anthropic that keep nothing.
  zdr = true

  log_enabled             = true
  log_management          = 100000
  log_management_strategy = "DELETE_OLDEST"
}
