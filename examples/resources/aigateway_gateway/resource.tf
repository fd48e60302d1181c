# Only the name is needed. Everything else gets its default when the gateway is
# created, and is left alone afterwards.
resource "aigateway_gateway" "minimal" {
  name = "minimal"
}

resource "aigateway_gateway" "production" {
  name = "production"

  # Responses are cached for an hour.
  cache_ttl = 3600

  # 100 requests per minute, in a sliding window.
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

# Features are off unless they are configured.
resource "aigateway_gateway" "guarded" {
  name = "guarded"

  log_management          = 100000
  log_management_strategy = "DELETE_OLDEST"

  retry_max_attempts = 3
  retry_delay        = 500
  retry_backoff      = "exponential"

  guardrails = {
    prompt = {
      prompt_injection = "BLOCK"
      violent_crimes   = "BLOCK"
    }
    response = {
      hate = "FLAG"
    }
  }

  dlp = {
    enabled = true
    policies = {
      card-numbers = {
        action   = "BLOCK"
        check    = ["REQUEST", "RESPONSE"]
        enabled  = true
        profiles = ["c8932cc4-3312-4152-8041-f3f257122dc4"]
      }
    }
  }

  spend_limits = {
    rules = {
      # The service names the rule when its budget is used up.
      everything = {
        limit      = 500
        window     = 2592000
        dimensions = {}
      }
      each-user = {
        limit     = 5
        window    = 86400
        technique = "fixed"
        dimensions = {
          provider           = { mode = "filter", values = ["openai"] }
          "metadata.user_id" = { mode = "partition" }
        }
      }
      each-provider = {
        limit  = 200
        window = 86400
        dimensions = {
          provider = { mode = "partition" }
        }
      }
    }
  }
}

variable "otel_token" {
  type      = string
  sensitive = true
  default   = "only-for-this-example"
}

# A secret that is written and never stored, neither in state nor in plans.
# Change the version to send a new one.
resource "aigateway_gateway" "traced" {
  name = "traced"
  otel = [{
    url                = "https://otel.example.com/v1/traces"
    headers_wo         = { Authorization = "Bearer ${var.otel_token}" }
    headers_wo_version = 1
  }]
}
