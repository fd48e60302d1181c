data "aigateway_logs" "recent" {
  gateway_id = aigateway_gateway.app.id
  limit      = 500 # ten requests to the API
}

locals {
  users = { for log in data.aigateway_logs.recent.logs : log.id => try(jsondecode(log.metadata).user, "nobody") }
}

output "spend" {
  description = "US dollars by user."
  value = {
    for user in distinct(values(local.users)) :
    user => sum([for log in data.aigateway_logs.recent.logs : coalesce(log.cost, 0) if local.users[log.id] == user])
  }
}

output "refused" {
  description = "Status codes of requests that failed, with their number."
  value       = { for log in data.aigateway_logs.recent.logs : log.status_code => log.id... if !log.success }
}
