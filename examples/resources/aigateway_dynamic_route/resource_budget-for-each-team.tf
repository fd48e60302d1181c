resource "aigateway_gateway" "main" {
  name = "main"
}

# A daily budget in US dollars for each team, with a fallback when it is spent.
resource "aigateway_dynamic_route" "budget" {
  gateway_id = aigateway_gateway.main.id
  name       = "within-budget"
  entry      = "budget"

  elements = {
    budget = { rate = {
      key         = "metadata.team"
      limit       = 25
      limit_type  = "cost"
      window      = 86400
      on_success  = "claude"
      on_fallback = "llama"
    } }

    claude = { model = {
      provider    = "anthropic"
      model       = "claude-sonnet-4-5"
      timeout     = 30000
      retries     = 2
      on_success  = "end"
      on_fallback = "llama"
    } }

    llama = { model = {
      provider    = "workers-ai"
      model       = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
      timeout     = 30000
      retries     = 0
      on_success  = "end"
      on_fallback = "end"
    } }
  }
}
