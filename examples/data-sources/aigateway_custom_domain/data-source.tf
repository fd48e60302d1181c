data "aigateway_custom_domain" "ai" {
  gateway_id = "production"
  hostname   = "ai.example.com"
}

output "status" {
  value = data.aigateway_custom_domain.ai.status
}
