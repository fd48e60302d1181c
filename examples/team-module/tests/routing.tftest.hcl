# Creates two teams and sends requests through their routes. Each run of the chat module
# sends one: five requests, and with OpenTofu, whose cleanup repeats the last one, six.
#
# A header of the requests about budgets says what they cost. The emulator counts that at
# once. Cloudflare counts spending with a delay, so run this file against the emulator.

provider "aigateway" {
  allow_test_requests = true
}

variables {
  environment = "test"

  teams = {
    search  = { budget = 100 }
    support = { budget = 100, model = "gpt-5-mini" }
  }

  openai_api_keys = { search = "only-for-this-test", support = "only-for-this-test" }
}

run "create" {}

run "support_is_served_by_its_model" {
  module {
    source = "./tests/chat"
  }

  variables {
    gateway_id = run.create.applications.support.gateway_id
    model      = run.create.applications.support.model
  }

  assert {
    condition     = output.served_by == "openai gpt-5-mini"
    error_message = "The request was served by ${output.served_by}."
  }
}

# The request costs 90 of 100 dollars. At 80, OpenAI gets no more requests.
run "search_is_served_by_its_model" {
  module {
    source = "./tests/chat"
  }

  variables {
    gateway_id = run.create.applications.search.gateway_id
    model      = run.create.applications.search.model
    cost       = 90
  }

  assert {
    condition     = output.served_by == "openai gpt-5.2"
    error_message = "The request was served by ${output.served_by}."
  }
}

run "beyond_80_percent_the_fallback_serves" {
  module {
    source = "./tests/chat"
  }

  variables {
    gateway_id = run.create.applications.search.gateway_id
    model      = run.create.applications.search.model
    cost       = 20
  }

  assert {
    condition     = output.served_by == "workers-ai @cf/meta/llama-3.3-70b-instruct-fp8-fast"
    error_message = "The request was served by ${output.served_by}."
  }
}

run "beyond_the_budget_the_gateway_refuses" {
  module {
    source = "./tests/chat"
  }

  variables {
    gateway_id    = run.create.applications.search.gateway_id
    model         = run.create.applications.search.model
    expect_status = 429
  }

  assert {
    condition     = output.error_code == 2041
    error_message = "The budget did not refuse the request."
  }
}

# The other team has its own budget.
run "support_is_served_all_the_same" {
  module {
    source = "./tests/chat"
  }

  variables {
    gateway_id = run.create.applications.support.gateway_id
    model      = run.create.applications.support.model
  }

  assert {
    condition     = output.served_by == "openai gpt-5-mini"
    error_message = "The request was served by ${output.served_by}."
  }
}
