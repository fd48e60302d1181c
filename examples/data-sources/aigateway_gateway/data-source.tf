# A gateway that another configuration manages.
data "aigateway_gateway" "shared" {
  name = "shared"
}

output "openai_base_url" {
  value = data.aigateway_gateway.shared.compat_base_url
}
