# Creates everything, and sends one request that uses the store, the key, the route and
# the policies.

provider "aigateway" {
  allow_test_requests = true
}

variables {
  name           = "from-nothing-test"
  openai_api_key = "only-for-this-test"
}

run "create" {}

run "a_request_is_served_by_the_route" {
  module {
    source = "./tests/chat"
  }

  variables {
    gateway_id = run.create.gateway_id
    model      = run.create.model
  }

  assert {
    condition     = output.provider_name == "openai" && output.response_model == "gpt-5.2"
    error_message = "The request went to ${output.provider_name} ${output.response_model}."
  }
}
