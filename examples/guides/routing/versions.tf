data "aigateway_dynamic_route" "resilient" {
  gateway_id = aigateway_gateway.assistant.id
  name       = "resilient"

  # Reads a changed route after the change.
  depends_on = [aigateway_dynamic_route.resilient]
}

output "versions" {
  description = "Versions of the route, newest first."
  value       = [for v in data.aigateway_dynamic_route.resilient.versions : "${v.version_id}${v.active ? " deployed" : ""}"]
}
