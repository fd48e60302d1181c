data "aigateway_policies" "production" {
  gateway_id     = "production"
  include_drafts = true
}

# Drafts have no effect until somebody puts them in force.
output "drafts" {
  value = [for p in data.aigateway_policies.production.policies : p.name if !p.committed]
}
