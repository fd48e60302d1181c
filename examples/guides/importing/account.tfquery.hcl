# Terraform lists 100 objects of each kind, unless the limit is higher.
list "aigateway_secrets_store" "store" {
  provider = aigateway
}

list "aigateway_gateway" "gateway" {
  provider = aigateway
  limit    = 10000
}

list "aigateway_provider_config" "key" {
  provider = aigateway
  limit    = 10000
}

list "aigateway_custom_provider" "provider" {
  provider = aigateway
  limit    = 10000
}

list "aigateway_dynamic_route" "route" {
  provider = aigateway
  limit    = 10000
}

list "aigateway_policy" "policy" {
  provider = aigateway
  limit    = 10000
}

list "aigateway_custom_domain" "domain" {
  provider = aigateway
  limit    = 10000
}
