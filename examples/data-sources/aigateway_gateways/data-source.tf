# All gateways whose id contains "prod", and those of them that are open to anyone.
data "aigateway_gateways" "production" {
  search = "prod"
}

output "open_gateways" {
  value = [for gateway in data.aigateway_gateways.production.gateways : gateway.id if !gateway.authentication]
}
