data "aigateway_custom_domains" "production" {
  gateway_id = "production"
}

# The hostnames that are not validated yet.
output "pending" {
  value = [
    for domain in data.aigateway_custom_domains.production.custom_domains : domain.hostname
    if domain.status == "pending_dcv"
  ]
}
