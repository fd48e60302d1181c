list "aigateway_secrets_store" "all" {
  provider = aigateway
}
