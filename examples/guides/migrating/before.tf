resource "cloudflare_ai_gateway" "production" {
  account_id                 = "0123456789abcdef0123456789abcdef"
  id                         = "production"
  cache_invalidate_on_update = false
  cache_ttl                  = 3600
  collect_logs               = true
  rate_limiting_interval     = 60
  rate_limiting_limit        = 100
  rate_limiting_technique    = "sliding"
  authentication             = true

  # Pinned, because they show differences otherwise in older releases, such as
  # 5.22. In 5.29.0 they can be left out.
  log_management          = 100000
  log_management_strategy = "STOP_INSERTING"
  logpush                 = false
  store_id                = ""
  zdr                     = false

  guardrails = {
    prompt   = { s1 = "BLOCK", p1 = "FLAG" }
    response = {}
  }
  spend_limits = {
    enabled = true
    rules = [
      { id = "team-a", limit = 100, limit_type = "cost", window = 86400, metadata = { team = { mode = "filter", values = ["a"] } } },
      { id = "openai", limit = 500, limit_type = "cost", window = 86400, ai_gateway_provider = { mode = "filter", values = ["openai"] } },
    ]
  }
}
