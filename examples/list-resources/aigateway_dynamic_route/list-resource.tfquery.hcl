# The routes of all gateways of the account.
list "aigateway_dynamic_route" "all" {
  provider = aigateway
  limit    = 10000
}

# The routes of one gateway, with their graphs.
list "aigateway_dynamic_route" "production" {
  provider         = aigateway
  include_resource = true

  config {
    gateway_id = "production"
  }
}
