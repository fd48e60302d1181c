action "aigateway_deploy_route_version" "previous" {
  config {
    gateway_id = aigateway_gateway.assistant.id
    route_id   = data.aigateway_dynamic_route.resilient.id
    version_id = element(data.aigateway_dynamic_route.resilient.versions, 1).version_id
  }
}
