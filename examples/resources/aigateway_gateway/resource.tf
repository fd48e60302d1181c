# Only the name is needed. Everything else gets its default when the gateway is
# created, and stays as it is on the server afterwards.
resource "aigateway_gateway" "staging" {
  name = "staging"
}
