# Creates the gateway and its policies, and sends requests of several users. It runs
# against the emulator, which takes the identity from a header: on the real service,
# Cloudflare Access provides it.

provider "aigateway" {}

provider "aigateway" {
  alias               = "ian"
  allow_test_requests = true

  test_request_headers = {
    "X-Emulator-Access-Identity" = "{\"email\":\"ian@example.com\",\"groups\":[\"interns\"]}"
  }
}

provider "aigateway" {
  alias               = "bob"
  allow_test_requests = true

  test_request_headers = {
    "X-Emulator-Access-Identity" = "{\"email\":\"bob@example.com\",\"groups\":[\"research\"]}"
  }
}

provider "aigateway" {
  alias               = "alice"
  allow_test_requests = true

  test_request_headers = {
    "X-Emulator-Access-Identity" = "{\"email\":\"alice@example.com\",\"groups\":[\"research\"]}"
  }
}

variables {
  name = "policies-requests"
}

run "create" {}

run "an_intern_may_use_a_listed_model" {
  module {
    source = "./tests/chat"
  }

  providers = {
    aigateway = aigateway.ian
  }

  variables {
    gateway_id = run.create.gateway_id
    model      = "anthropic/claude-haiku-4-5"
  }
}

run "an_intern_may_use_no_other_model" {
  module {
    source = "./tests/chat"
  }

  providers = {
    aigateway = aigateway.ian
  }

  variables {
    gateway_id    = run.create.gateway_id
    expect_status = 403
  }
}

# The request that uses the budget up passes.
run "bob_spends_his_budget" {
  module {
    source = "./tests/chat"
  }

  providers = {
    aigateway = aigateway.bob
  }

  variables {
    gateway_id = run.create.gateway_id
    cost       = 400
  }
}

run "bob_has_nothing_left" {
  module {
    source = "./tests/chat"
  }

  providers = {
    aigateway = aigateway.bob
  }

  variables {
    gateway_id    = run.create.gateway_id
    expect_status = 429
  }
}

run "alice_spends_as_much" {
  module {
    source = "./tests/chat"
  }

  providers = {
    aigateway = aigateway.alice
  }

  variables {
    gateway_id = run.create.gateway_id
    cost       = 400
  }
}

run "alice_has_the_higher_cap" {
  module {
    source = "./tests/chat"
  }

  providers = {
    aigateway = aigateway.alice
  }

  variables {
    gateway_id = run.create.gateway_id
  }
}
