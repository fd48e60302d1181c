data "aigateway_provider_configs" "production" {
  gateway_id = "production"
}

# Providers for which requests need no key of their own.
output "providers_with_keys" {
  value = distinct(data.aigateway_provider_configs.production.provider_configs[*].provider_slug)
}
