data "aigateway_dynamic_routes" "production" {
  gateway_id = "production"
}

output "models" {
  value = data.aigateway_dynamic_routes.production.routes[*].model
}
