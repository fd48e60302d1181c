# What the provider's resources compute, for `terraform test`:
#
#   mock_provider "aigateway" {
#     source = "./mocks"
#   }
#
# A mock cannot derive one value from another: the ID of a gateway is "production",
# whatever its name is. What the configuration sets stays.

mock_resource "aigateway_gateway" {
  defaults = {
    account_id                 = "0123456789abcdef0123456789abcdef"
    id                         = "production"
    slug                       = "production"
    is_default                 = false
    gateway_url                = "https://gateway.ai.cloudflare.com/v1/0123456789abcdef0123456789abcdef/production"
    compat_base_url            = "https://gateway.ai.cloudflare.com/v1/0123456789abcdef0123456789abcdef/production/compat"
    authentication             = true
    byok_only                  = false
    cache_enabled              = false
    cache_invalidate_on_update = false
    cache_ttl                  = 0
    log_classification         = false
    log_enabled                = true
    log_management             = 100000
    log_management_strategy    = "STOP_INSERTING"
    logpush                    = false
    logpush_public_key         = ""
    rate_limiting_enabled      = false
    rate_limiting_interval     = 0
    rate_limiting_limit        = 0
    rate_limiting_technique    = "fixed"
    retry_backoff              = ""
    retry_delay                = 0
    retry_max_attempts         = 0
    store_id                   = ""
    workers_ai_billing_mode    = "postpaid"
    zdr                        = false
    created_at                 = "2026-11-02T09:00:00Z"
    modified_at                = "2026-11-02T09:00:00Z"
  }
}

mock_resource "aigateway_dynamic_route" {
  defaults = {
    account_id    = "0123456789abcdef0123456789abcdef"
    id            = "01a1c6b2-5c3e-7000-8a41-6f0d2b9e7c15"
    model         = "dynamic/customer-support"
    version_id    = "01a1c6b2-5c3f-7000-9b52-0e7c4a1d8f36"
    deployment_id = "01a1c6b2-5c40-7000-ac63-1f8d5b2e9047"
    created_at    = "2026-11-02T09:05:00Z"
    modified_at   = "2026-11-02T09:05:00Z"
  }
}

mock_resource "aigateway_provider_config" {
  defaults = {
    account_id        = "0123456789abcdef0123456789abcdef"
    id                = "01a1c6b6-f05e-7000-8d74-209e6c3fa158"
    alias             = "default"
    default_config    = true
    rate_limit_period = 60
    secret_id         = "9d2e6f4a0b8c41357f1e3d5c7b9a0246"
    secret_preview    = "****7Qx2"
    modified_at       = "2026-11-02T09:10:00Z"
  }
}

mock_resource "aigateway_custom_provider" {
  defaults = {
    account_id   = "0123456789abcdef0123456789abcdef"
    id           = "01a1c6bb-847e-7000-9e85-31af7d40b269"
    request_slug = "custom-my-llm"
    beta         = false
    enable       = true
    position     = 0
    logo         = ""
    headers      = {}
    created_at   = "2026-11-02T09:15:00Z"
    modified_at  = "2026-11-02T09:15:00Z"
  }
}

mock_resource "aigateway_secrets_store" {
  defaults = {
    account_id  = "0123456789abcdef0123456789abcdef"
    id          = "4f6b8d0a2c1e43597b9d1f3e5a7c0268"
    created_at  = "2026-11-02T08:55:00Z"
    modified_at = "2026-11-02T08:55:00Z"
  }
}

mock_resource "aigateway_policy" {
  defaults = {
    account_id = "0123456789abcdef0123456789abcdef"
    id         = "01a1c6c0-189e-7000-af96-42b08e51c37a"
    condition  = "true"
    committed  = true
    created_at = "2026-11-02T09:20:00Z"
    updated_at = "2026-11-02T09:20:00Z"
  }
}

mock_resource "aigateway_custom_domain" {
  defaults = {
    account_id   = "0123456789abcdef0123456789abcdef"
    cname_target = "ai.example.com.cdn.cloudflare.net"
    min_tls      = "1.2"
    status       = "active"
    zone_id      = "f0e1d2c3b4a5968778695a4b3c2d1e0f"
    created_at   = "2026-11-02T09:25:00Z"
    modified_at  = "2026-11-02T09:25:00Z"
  }
}
