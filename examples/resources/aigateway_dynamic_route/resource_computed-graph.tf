resource "aigateway_gateway" "main" {
  name = "main"
}

# A graph can be computed. Here, each model falls back to the next one. To combine
# elements of several types, use merge() with one for expression per type.
locals {
  chain = [
    { id = "first", provider = "anthropic", model = "claude-sonnet-4-5" },
    { id = "second", provider = "openai", model = "gpt-5.2" },
    { id = "third", provider = "workers-ai", model = "@cf/meta/llama-3.3-70b-instruct-fp8-fast" },
  ]
}

resource "aigateway_dynamic_route" "resilient" {
  gateway_id = aigateway_gateway.main.id
  name       = "resilient"
  entry      = local.chain[0].id

  elements = {
    for i, link in local.chain : link.id => { model = {
      provider    = link.provider
      model       = link.model
      timeout     = 10000
      retries     = 1
      on_success  = "end"
      on_fallback = try(local.chain[i + 1].id, "end")
    } }
  }
}
