resource "cloudflare_ai_gateway_dynamic_routing" "support" {
  account_id = "0123456789abcdef0123456789abcdef"
  gateway_id = "production"
  name       = "customer-support"

  elements = [
    { id = "begin", type = "start", outputs = { next = { element_id = "llama" } } },
    {
      id   = "llama"
      type = "model"
      properties = {
        ai_gateway_dynamic_routing_provider = "workers-ai"
        model                               = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
        timeout                             = 10000
        retries                             = 0
      }
      outputs = { success = { element_id = "finish" }, fallback = { element_id = "finish" } }
    },
    { id = "finish", type = "end", outputs = {} },
  ]
}
