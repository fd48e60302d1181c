# These data sources send a request on every read. The provider therefore needs
# allow_test_requests = true, or AIGATEWAY_ALLOW_TEST_REQUESTS=true in the
# environment.

resource "aigateway_gateway" "tested" {
  name      = "tested"
  cache_ttl = 300
}

data "aigateway_chat_completion" "hello" {
  # A direct reference, so that the request waits for the gateway.
  gateway_id = aigateway_gateway.tested.id
  model      = "workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast"
  prompt     = "Say hello."
}

data "aigateway_chat_completion" "conversation" {
  gateway_id = aigateway_gateway.tested.id
  model      = "openai/gpt-5.2"

  messages = [
    { role = "system", content = "Answer in one word." },
    { role = "user", content = "What is the capital of France?" },
  ]

  # Values keep their type: a route can ask for { "$eq" = true }.
  metadata = {
    team = "platform"
    beta = true
  }

  headers = {
    "cf-aig-skip-cache" = "true"
  }

  timeout = 120 # seconds
}

# The Messages API on Cloudflare's REST API.
data "aigateway_chat_completion" "anthropic" {
  api        = "messages"
  gateway_id = aigateway_gateway.tested.id
  model      = "anthropic/claude-sonnet-4-5"
  prompt     = "Say hello."
  max_tokens = 256
}

output "routing" {
  value = {
    provider = data.aigateway_chat_completion.hello.provider_name
    model    = data.aigateway_chat_completion.hello.response_model
    answer   = data.aigateway_chat_completion.conversation.response_text
  }
}
