variable "otel_token" {
  type      = string
  sensitive = true
  default   = "only-for-this-example"
}

# The headers are sent, and stored neither in state nor in plans. Increase the
# version to send new ones.
resource "aigateway_gateway" "traced" {
  name = "traced"
  otel = [{
    url                = "https://otel.example.com/v1/traces"
    headers_wo         = { Authorization = "Bearer ${var.otel_token}" }
    headers_wo_version = 1
  }]
}
