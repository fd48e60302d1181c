# Needs allow_test_requests = true in the provider block, or
# AIGATEWAY_ALLOW_TEST_REQUESTS=true in the environment.

resource "aigateway_gateway" "tested" {
  name      = "tested"
  cache_ttl = 300
}

data "aigateway_chat_completion" "hello" {
  # A direct reference, so that the request waits for the gateway.
  gateway_id = aigateway_gateway.tested.id
  model      = "workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast"
  prompt     = "Say hello."
  max_tokens = 16

  # Values keep their type: a route can ask for { "$eq" = true }.
  metadata = {
    team = "platform"
    beta = true
  }

  headers = {
    "cf-aig-skip-cache" = "true"
  }
}

output "served_by" {
  value = {
    provider = data.aigateway_chat_completion.hello.provider_name
    model    = data.aigateway_chat_completion.hello.response_model
  }
}
