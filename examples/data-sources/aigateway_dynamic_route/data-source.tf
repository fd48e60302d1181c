data "aigateway_dynamic_route" "support" {
  gateway_id = "production"
  name       = "customer-support"
}

# In a code block of the language mermaid, a picture of the graph.
output "picture" {
  value = data.aigateway_dynamic_route.support.mermaid
}

# What was in force before, to go back to in the dashboard.
output "former_versions" {
  value = [for v in data.aigateway_dynamic_route.support.versions : v.version_id if !v.active]
}
