resource "cloudflare_dns_record" "ai" {
  zone_id = aigateway_custom_domain.ai.zone_id
  name    = aigateway_custom_domain.ai.hostname
  type    = "CNAME"
  content = aigateway_custom_domain.ai.cname_target
  proxied = true
  ttl     = 1 # automatic
}

resource "cloudflare_zero_trust_access_policy" "company" {
  account_id = aigateway_custom_domain.ai.account_id
  name       = "The company"
  decision   = "allow"
  include    = [{ email_domain = { domain = "example.com" } }]
}

resource "cloudflare_zero_trust_access_application" "ai" {
  account_id = aigateway_custom_domain.ai.account_id
  name       = "AI Gateway"
  type       = "self_hosted"
  domain     = aigateway_custom_domain.ai.hostname
  policies   = [{ id = cloudflare_zero_trust_access_policy.company.id, precedence = 1 }]
}
