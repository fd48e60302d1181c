# The request and response bodies of the latest failed request, if there is one.
# They are stored in state.
data "aigateway_logs" "failed" {
  gateway_id = "production"
  success    = false
  limit      = 1
}

data "aigateway_log" "failed" {
  for_each = toset(data.aigateway_logs.failed.logs[*].id)

  gateway_id = "production"
  log_id     = each.key
}

output "failed" {
  value = {
    for id, log in data.aigateway_log.failed : id => {
      question = try(jsondecode(log.request_body).messages, log.request_body)
      answer   = log.response_body
    }
  }
  sensitive = true
}
