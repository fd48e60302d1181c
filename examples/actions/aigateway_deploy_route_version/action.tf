variable "version_id" {
  description = "Version to deploy. The output versions lists them, newest first."
  type        = string
}

data "aigateway_dynamic_route" "support" {
  gateway_id = "production"
  name       = "customer-support"
}

output "versions" {
  value = data.aigateway_dynamic_route.support.versions
}

# terraform apply -invoke=action.aigateway_deploy_route_version.rollback -var version_id=…
action "aigateway_deploy_route_version" "rollback" {
  config {
    gateway_id = data.aigateway_dynamic_route.support.gateway_id
    route_id   = data.aigateway_dynamic_route.support.id
    version_id = var.version_id
  }
}
