output "gateway_id" {
  description = "ID of the team's gateway."
  value       = aigateway_gateway.this.id
}

output "base_url" {
  description = "Base URL for an OpenAI SDK."
  value       = aigateway_gateway.this.compat_base_url
}

output "model" {
  description = "The model name for requests: the route, so that its models can change."
  value       = aigateway_dynamic_route.chat.model
}
