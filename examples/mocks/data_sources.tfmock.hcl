# What the provider's data sources read, for `terraform test`. See resources.tfmock.hcl.
#
# Terraform cannot mock computed lists and maps of objects, such as `gateways` of
# aigateway_gateways: they are empty. A computed object is never null.

mock_data "aigateway_gateway" {
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
    dlp = {
      enabled  = false
      action   = "FLAG"
      profiles = []
    }
    guardrails = {
      prompt   = {}
      response = {}
    }
    spend_limits = {
      enabled = false
    }
    stripe = {}
  }
}

mock_data "aigateway_gateways" {
  defaults = {
    account_id = "0123456789abcdef0123456789abcdef"
  }
}

mock_data "aigateway_dynamic_route" {
  defaults = {
    account_id    = "0123456789abcdef0123456789abcdef"
    id            = "01a1c6b2-5c3e-7000-8a41-6f0d2b9e7c15"
    name          = "customer-support"
    model         = "dynamic/customer-support"
    version_id    = "01a1c6b2-5c3f-7000-9b52-0e7c4a1d8f36"
    deployment_id = "01a1c6b2-5c40-7000-ac63-1f8d5b2e9047"
    created_at    = "2026-11-02T09:05:00Z"
    modified_at   = "2026-11-02T09:05:00Z"
    entry         = "answer"
    mermaid       = "flowchart TD\n  start([\"start\"])\n  n1[\"answer<br>openai/gpt-5.2\"]\n  stop([\"end\"])\n  start --> n1\n  n1 -->|\"success\"| stop\n  n1 -->|\"fallback\"| stop\n"
  }
}

mock_data "aigateway_dynamic_routes" {
  defaults = {
    account_id = "0123456789abcdef0123456789abcdef"
  }
}

mock_data "aigateway_provider_configs" {
  defaults = {
    account_id = "0123456789abcdef0123456789abcdef"
  }
}

mock_data "aigateway_secrets_stores" {
  defaults = {
    account_id = "0123456789abcdef0123456789abcdef"
  }
}

mock_data "aigateway_custom_provider" {
  defaults = {
    account_id   = "0123456789abcdef0123456789abcdef"
    id           = "01a1c6bb-847e-7000-9e85-31af7d40b269"
    name         = "Our own models"
    slug         = "my-llm"
    request_slug = "custom-my-llm"
    base_url     = "https://llm.example.com/v1"
    description  = ""
    link         = ""
    curl_example = ""
    js_example   = ""
    beta         = false
    enable       = true
    position     = 0
    logo         = ""
    created_at   = "2026-11-02T09:15:00Z"
    modified_at  = "2026-11-02T09:15:00Z"
  }
}

mock_data "aigateway_custom_providers" {
  defaults = {
    account_id = "0123456789abcdef0123456789abcdef"
  }
}

mock_data "aigateway_custom_domain" {
  defaults = {
    account_id   = "0123456789abcdef0123456789abcdef"
    cname_target = "ai.example.com.cdn.cloudflare.net"
    status       = "active"
    created_at   = "2026-11-02T09:25:00Z"
    modified_at  = "2026-11-02T09:25:00Z"
  }
}

mock_data "aigateway_custom_domains" {
  defaults = {
    account_id = "0123456789abcdef0123456789abcdef"
  }
}

mock_data "aigateway_policy" {
  defaults = {
    account_id = "0123456789abcdef0123456789abcdef"
    id         = "01a1c6c0-189e-7000-af96-42b08e51c37a"
    name       = "Everyone"
    actor      = "company:all"
    models     = []
    providers  = []
    condition  = "true"
    action     = "budget"
    budget = {
      amount = 1000
      period = "monthly"
    }
    committed  = true
    created_at = "2026-11-02T09:20:00Z"
    updated_at = "2026-11-02T09:20:00Z"
  }
}

mock_data "aigateway_policies" {
  defaults = {
    account_id = "0123456789abcdef0123456789abcdef"
  }
}

mock_data "aigateway_policy_simulation" {
  defaults = {
    account_id         = "0123456789abcdef0123456789abcdef"
    provider_slug      = "openai"
    allowed            = true
    decision           = "no-limit"
    reason             = null
    policy_name        = null
    bucket             = null
    bucket_spent       = null
    bucket_limit       = null
    policies_evaluated = 1
  }
}

mock_data "aigateway_credit_balance" {
  defaults = {
    account_id                 = "0123456789abcdef0123456789abcdef"
    balance                    = 25
    first_topup_success        = true
    has_default_payment_method = true
    payment_method = {
      brand = "visa"
      last4 = "4242"
    }
    topup_config = {
      threshold       = 10
      amount          = 50
      error           = null
      disabled_reason = null
      last_failed_at  = null
    }
  }
}

mock_data "aigateway_models" {
  defaults = {
    account_id = "0123456789abcdef0123456789abcdef"
  }
}

mock_data "aigateway_logs" {
  defaults = {
    account_id         = "0123456789abcdef0123456789abcdef"
    limit              = 50
    order_by           = "created_at"
    order_by_direction = "desc"
    total_count        = 1
  }
}

mock_data "aigateway_log" {
  defaults = {
    account_id             = "0123456789abcdef0123456789abcdef"
    id                     = "01a222a4-d83c-7000-98f3-d3f712554373"
    created_at             = "2026-11-02T10:00:00Z"
    provider_name          = "openai"
    model                  = "gpt-5.2"
    model_type             = "chat"
    path                   = "compat/chat/completions"
    request_type           = "chat"
    request_content_type   = "application/json"
    response_content_type  = "application/json"
    status_code            = 200
    success                = true
    cached                 = false
    step                   = 0
    duration               = 850
    tokens_in              = 12
    tokens_out             = 5
    cost                   = 0.00012
    custom_cost            = false
    metadata               = "{\"team\":\"platform\"}"
    include_bodies         = false
    request_size           = 84
    request_head           = "{\"model\":\"openai/gpt-5.2\",\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}]}"
    request_head_complete  = true
    request_body           = null
    response_size          = 92
    response_head          = "{\"model\":\"gpt-5.2\",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"}}]}"
    response_head_complete = true
    response_body          = null
  }
}

mock_data "aigateway_chat_completion" {
  defaults = {
    account_id        = "0123456789abcdef0123456789abcdef"
    gateway_id        = "default"
    api               = "compat"
    expect_status     = 200
    max_tokens        = 256
    timeout           = 60
    status_code       = 200
    error_code        = null
    error_message     = null
    cache_status      = "MISS"
    log_id            = "01a222a4-d83c-7000-98f3-d3f712554373"
    step              = 0
    provider_name     = "openai"
    response_model    = "gpt-5.2"
    routed_model      = null
    routing_reason    = null
    finish_reason     = "stop"
    prompt_tokens     = 12
    completion_tokens = 5
    response_text     = "Hello."
    response_json     = "{\"model\":\"gpt-5.2\",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"}}]}"
  }
}
