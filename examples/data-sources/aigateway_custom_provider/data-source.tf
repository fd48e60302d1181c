data "aigateway_custom_provider" "llm" {
  slug = "our-llm"
}

output "request_slug" {
  value = data.aigateway_custom_provider.llm.request_slug
}
