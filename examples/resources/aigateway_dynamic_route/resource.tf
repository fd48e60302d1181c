resource "aigateway_gateway" "main" {
  name = "main"
}

# Free users are split between two models. Every other user has 100 requests per
# minute to the strong model, which falls back to the cheap one.
resource "aigateway_dynamic_route" "support" {
  gateway_id = aigateway_gateway.main.id
  name       = "customer-support"
  entry      = "tier"

  elements = {
    tier = { conditional = {
      conditions = jsonencode({ "metadata.plan" = { "$eq" = "free" } })
      on_true    = "split"
      on_false   = "quota"
    } }

    split = { percentage = {
      outputs = { "10%" = "strong", else = "cheap" }
    } }

    quota = { rate = {
      key         = "metadata.user_id"
      limit       = 100
      limit_type  = "count"
      window      = 60
      on_success  = "strong"
      on_fallback = "cheap"
    } }

    strong = { model = {
      provider    = "openai"
      model       = "gpt-5.2"
      timeout     = 10000
      retries     = 1
      on_success  = "end"
      on_fallback = "cheap"
    } }

    cheap = { model = {
      provider    = "workers-ai"
      model       = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
      timeout     = 10000
      retries     = 0
      on_success  = "end"
      on_fallback = "end"
    } }
  }
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

# The model name for applications.
output "support_model" {
  value = aigateway_dynamic_route.support.model
}
