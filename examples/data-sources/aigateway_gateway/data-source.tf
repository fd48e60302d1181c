# A gateway that is managed elsewhere.
data "aigateway_gateway" "shared" {
  name = "shared"
}

output "openai_base_url" {
  value = data.aigateway_gateway.shared.compat_base_url
}
