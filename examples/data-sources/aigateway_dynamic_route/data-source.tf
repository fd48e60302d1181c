data "aigateway_dynamic_route" "support" {
  gateway_id = "production"
  name       = "customer-support"
}

# A Mermaid flowchart of the graph.
output "picture" {
  value = data.aigateway_dynamic_route.support.mermaid
}

# Earlier versions, which the action aigateway_deploy_route_version can deploy again.
output "former_versions" {
  value = [for v in data.aigateway_dynamic_route.support.versions : v.version_id if !v.active]
}
