# Creates the gateway, sends requests through it, and destroys it again. Each run
# of the chat module sends one request. That makes three requests, and a fourth
# with OpenTofu, whose cleanup repeats the last one.

provider "aigateway" {
  allow_test_requests = true
}

variables {
  name                = "demo-test"
  requests_per_minute = 1
}

run "create" {
  assert {
    condition     = aigateway_gateway.demo.cache_enabled && aigateway_gateway.demo.rate_limiting_enabled
    error_message = "cache_ttl must turn caching on, and limit and interval must turn rate limiting on."
  }
}

run "first_request_goes_to_the_model" {
  module {
    source = "./tests/chat"
  }

  variables {
    gateway_id = run.create.gateway_id
    prompt     = "Say hello."
  }

  assert {
    condition     = output.cache_status == "MISS"
    error_message = "The first request did not reach the model."
  }
}

run "same_request_comes_from_the_cache" {
  module {
    source = "./tests/chat"
  }

  variables {
    gateway_id = run.create.gateway_id
    prompt     = "Say hello."
  }

  assert {
    condition     = output.cache_status == "HIT"
    error_message = "The repeated request was not served from the cache."
  }
}

# Cached responses do not count, so this is the second request that does.
run "another_request_is_over_the_limit" {
  module {
    source = "./tests/chat"
  }

  variables {
    gateway_id    = run.create.gateway_id
    prompt        = "Say goodbye."
    expect_status = 429
  }

  assert {
    condition     = output.error_code == 2003
    error_message = "The rate limit did not reject the request."
  }
}
