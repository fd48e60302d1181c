# Deletes logs that are older than 30 days. Invoke it by hand or from a scheduled run:
# terraform apply -invoke=action.aigateway_delete_logs.old
action "aigateway_delete_logs" "old" {
  config {
    gateway_id = "production"
    confirm    = "production"
    end_date   = timeadd(plantimestamp(), "-720h")
  }
}

# Deletes all logs of one user.
action "aigateway_delete_logs" "user" {
  config {
    gateway_id = "production"
    confirm    = "production"
    metadata   = { user_id = "u-1234" }
  }
}

# Counts the logs that this would delete.
data "aigateway_logs" "user" {
  gateway_id = "production"
  metadata   = { user_id = "u-1234" }
  limit      = 1
}

output "logs_of_user" {
  value = data.aigateway_logs.user.total_count
}

# Deletes all logs of a gateway.
action "aigateway_delete_logs" "all" {
  config {
    gateway_id = "staging"
    confirm    = "staging"
    all        = true
  }
}
