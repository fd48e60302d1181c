# Shows that the strong model serves 100 requests of a paying user per minute, and
# the cheap one the rest. This takes 101 requests, and twice as many with OpenTofu,
# whose cleanup repeats them. To run only the other file:
#
#   terraform test -filter=tests/routing.tftest.hcl

provider "aigateway" {
  allow_test_requests = true
}

variables {
  name = "quota-test"
}

run "create" {}

# All 101 requests must be sent within the same minute.
run "a_paying_user_beyond_the_quota_goes_to_the_cheap_model" {
  module {
    source = "./tests/many"
  }

  variables {
    gateway_id = run.create.gateway_id
    model      = run.create.model
    metadata   = { plan = "pro", user_id = "alice" }
    requests   = 101
  }

  assert {
    condition = output.answers == tomap({
      "openai gpt-5.2"                                      = 100
      "workers-ai @cf/meta/llama-3.3-70b-instruct-fp8-fast" = 1
    })
    error_message = "The requests went to ${jsonencode(output.answers)}."
  }
}
