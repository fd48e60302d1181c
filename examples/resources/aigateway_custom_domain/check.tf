check "custom_domain" {
  data "aigateway_custom_domain" "ai" {
    gateway_id = aigateway_custom_domain.ai.gateway_id
    hostname   = aigateway_custom_domain.ai.hostname
  }

  assert {
    condition     = data.aigateway_custom_domain.ai.status != "pending_dcv"
    error_message = "The custom domain is still pending. Does the proxied CNAME record exist?"
  }
}
