resource "aigateway_gateway" "main" {
  name           = "main"
  authentication = true
}

# Requests go to https://ai.example.com/compat/chat/completions.
resource "aigateway_custom_domain" "ai" {
  gateway_id = aigateway_gateway.main.id
  hostname   = "ai.example.com"
  zone_id    = "395566f4c8a5b9d2a5fc0d457b007c44"
  min_tls    = "1.2"
}

# The content of the DNS record that the hostname needs.
output "cname_target" {
  value = aigateway_custom_domain.ai.cname_target
}
