data "aigateway_dynamic_route" "support" {
  gateway_id = "production"
  name       = "customer-support"
}

# All versions, newest first.
output "versions" {
  value = data.aigateway_dynamic_route.support.versions
}

variable "version_id" {
  description = "Version to deploy. By default, the one before the newest."
  type        = string
  default     = null
}

# terraform apply -invoke=action.aigateway_deploy_route_version.rollback
action "aigateway_deploy_route_version" "rollback" {
  config {
    gateway_id = data.aigateway_dynamic_route.support.gateway_id
    route_id   = data.aigateway_dynamic_route.support.id
    version_id = var.version_id != null ? var.version_id : element(data.aigateway_dynamic_route.support.versions, 1).version_id
  }
}
