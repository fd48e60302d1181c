# Without limit, Terraform lists 100.
list "aigateway_gateway" "all" {
  provider = aigateway
  limit    = 10000
}

list "aigateway_gateway" "production" {
  provider         = aigateway
  include_resource = true

  config {
    search          = "prod"
    include_default = false
  }
}
