import {
  to = aigateway_gateway.default
  id = "default"
}

resource "aigateway_gateway" "default" {
  name = "default"

  lifecycle {
    prevent_destroy = true # it would come back, without its logs and settings
  }
}
