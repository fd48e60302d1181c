data "aigateway_gateways" "all" {}

output "gateways" {
  value = [for gateway in data.aigateway_gateways.all.gateways : gateway.id]
}
