list "aigateway_custom_domain" "all" {
  provider = aigateway
}
