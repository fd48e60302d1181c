# A mock server generated from the published OpenAPI document. It checks no
# credentials, but the provider requires them.
provider "aigateway" {
  base_url    = "http://127.0.0.1:8585"
  wire_format = "gateway_input"
  account_id  = "0123456789abcdef0123456789abcdef"
  api_token   = "mock"
}

resource "aigateway_gateway" "mocked" {
  name        = "Example Title"
  cache_ttl   = 10
  log_enabled = true
}
