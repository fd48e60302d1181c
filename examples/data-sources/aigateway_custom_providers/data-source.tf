# Only enabled providers, which requests can use.
data "aigateway_custom_providers" "enabled" {
  enable = true
}

output "base_urls" {
  value = { for p in data.aigateway_custom_providers.enabled.custom_providers : p.request_slug => p.base_url }
}
