# The keys of all gateways of the account, without the keys' values.
list "aigateway_provider_config" "all" {
  provider = aigateway
  limit    = 10000
}
