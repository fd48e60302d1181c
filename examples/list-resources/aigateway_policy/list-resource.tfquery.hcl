list "aigateway_policy" "production" {
  provider = aigateway

  config {
    gateway_id = "production"
  }
}
