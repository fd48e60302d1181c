list "aigateway_custom_provider" "enabled" {
  provider = aigateway
  limit    = 10000

  config {
    enable = true
  }
}
