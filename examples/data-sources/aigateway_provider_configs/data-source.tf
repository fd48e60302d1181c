data "aigateway_provider_configs" "production" {
  gateway_id = "production"
}

# Providers that requests need not bring a key for.
output "providers_with_keys" {
  value = distinct(data.aigateway_provider_configs.production.provider_configs[*].provider_slug)
}
