moved {
  from = cloudflare_ai_gateway_dynamic_routing.support
  to   = aigateway_dynamic_route.support
}

resource "aigateway_dynamic_route" "support" {
  gateway_id = "production"
  name       = "customer-support"
  entry      = "llama"

  elements = {
    llama = { model = {
      provider    = "workers-ai"
      model       = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
      timeout     = 10000
      retries     = 0
      on_success  = "end"
      on_fallback = "end"
    } }
  }
}
