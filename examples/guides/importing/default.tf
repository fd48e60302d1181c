import {
  to = aigateway_gateway.default
  id = "default"
}

resource "aigateway_gateway" "default" {
  name = "default"

  lifecycle {
    prevent_destroy = true # the service would create it again, without logs and settings
  }
}
