# Failed requests of one team since the first of August. Reading 200 logs takes
# four requests.
data "aigateway_logs" "failed" {
  gateway_id = "production"
  success    = false
  start_date = "2026-08-01T00:00:00Z"
  metadata   = { team = "platform" }
  limit      = 200
}

# The number of slow requests. The service counts them, so one log is enough.
data "aigateway_logs" "slow" {
  gateway_id   = "production"
  cached       = false
  min_duration = 10000 # milliseconds
  limit        = 1
}

# Filters of the API, for conditions that have no attribute.
data "aigateway_logs" "blocked" {
  gateway_id = "production"

  filters = [
    { key = "dlp_action", operator = "eq", values = ["BLOCK"] },
    { key = "model", operator = "contains", values = ["gpt"] },
  ]
}

output "failed" {
  value = [for log in data.aigateway_logs.failed.logs : {
    at     = log.created_at
    model  = log.model
    status = log.status_code
    user   = try(jsondecode(log.metadata).user, null)
  }]
}

output "slow" {
  value = data.aigateway_logs.slow.total_count
}

output "blocked" {
  value = data.aigateway_logs.blocked.logs[*].id
}
