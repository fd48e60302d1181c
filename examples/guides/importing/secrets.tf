variable "otel_api_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "aigateway_gateway" "production" {
  name = "production"
  otel = [{
    url                = "https://otel.example.com/v1/traces"
    headers_wo         = { "x-api-key" = var.otel_api_key }
    headers_wo_version = 1
  }]
}
