variable "zone_id" {
  description = "ID of the zone example.com."
  type        = string
  default     = "395566f4c8a5b9d2a5fc0d457b007c44"
}

resource "aigateway_custom_domain" "ai" {
  gateway_id = aigateway_gateway.company.id
  hostname   = "ai.example.com"
  zone_id    = var.zone_id
  min_tls    = "1.2"
}

output "domain" {
  value = {
    status       = aigateway_custom_domain.ai.status
    cname_target = aigateway_custom_domain.ai.cname_target
  }
}
