# Creates the gateway and its route, and sends requests to see where they go.
# Each run of the chat module sends one request.

provider "aigateway" {
  allow_test_requests = true
}

variables {
  name = "routing-test"
}

run "create" {
  assert {
    condition     = aigateway_dynamic_route.support.model == "dynamic/customer-support"
    error_message = "The model name does not match the name of the route."
  }
}

# Nine in ten go to the cheap model, so a single request may go to either.
run "a_free_user_goes_by_the_split" {
  module {
    source = "./tests/chat"
  }

  variables {
    gateway_id = run.create.gateway_id
    model      = run.create.model
    metadata   = { plan = "free", user_id = "alice" }
  }

  assert {
    condition = contains([
      "openai gpt-5.2",
      "workers-ai @cf/meta/llama-3.3-70b-instruct-fp8-fast",
    ], "${output.provider_name} ${output.response_model}")
    error_message = "The request went to ${output.provider_name} and ${output.response_model}."
  }
}

run "a_paying_user_within_the_quota_goes_to_the_strong_model" {
  module {
    source = "./tests/chat"
  }

  variables {
    gateway_id = run.create.gateway_id
    model      = run.create.model
    metadata   = { plan = "pro", user_id = "alice" }
  }

  assert {
    condition     = output.provider_name == "openai" && output.response_model == "gpt-5.2"
    error_message = "The request went to ${output.provider_name} and ${output.response_model}."
  }
}

# Applying the same configuration again creates no version.
run "the_same_again" {}

run "there_is_no_other_version" {
  module {
    source = "./tests/history"
  }

  variables {
    gateway_id = run.the_same_again.gateway_id
  }

  assert {
    condition     = output.versions == 1
    error_message = "Applying the same graph created another version."
  }
}
