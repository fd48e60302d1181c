# Checks what a plan shows and what applications get, with mocks: no account, no request.

mock_provider "aigateway" {
  mock_data "aigateway_secrets_stores" {
    defaults = {
      account_id = "0123456789abcdef0123456789abcdef"
    }
  }

  mock_resource "aigateway_gateway" {
    defaults = {
      id              = "test-search"
      compat_base_url = "https://gateway.ai.cloudflare.com/v1/0123456789abcdef0123456789abcdef/test-search/compat"
    }
  }

  mock_resource "aigateway_dynamic_route" {
    defaults = {
      model = "dynamic/chat"
    }
  }
}

variables {
  environment = "test"

  teams = {
    search  = { budget = 20 }
    support = { budget = 10, model = "gpt-5-mini" }
  }

  openai_api_keys = { search = "only-for-this-test", support = "only-for-this-test" }
}

run "every_team_gets_what_applications_need" {
  assert {
    condition     = join(" ", keys(output.applications)) == "search support"
    error_message = "There are applications of ${join(", ", keys(output.applications))}."
  }

  assert {
    condition     = startswith(output.applications.search.model, "dynamic/")
    error_message = "Applications must name a route, so that its models can change."
  }

  assert {
    condition     = endswith(output.applications.search.base_url, "/compat")
    error_message = "The base URL must be that of the OpenAI-compatible endpoint."
  }
}

run "a_team_has_its_budget_and_its_model" {
  command = plan

  module {
    source = "./team"
  }

  variables {
    name           = "test-search"
    store_id       = "8f14e45fceea167a5a36dedd4bea2543"
    openai_api_key = "only-for-this-test"
    key_version    = 1
    budget         = 20
    model          = "gpt-5-mini"
  }

  assert {
    condition     = aigateway_gateway.this.authentication
    error_message = "A gateway with a stored key must demand a token."
  }

  assert {
    condition     = aigateway_gateway.this.spend_limits.rules.total.limit == 20
    error_message = "The gateway must refuse requests beyond the budget."
  }

  assert {
    condition     = aigateway_gateway.this.spend_limits.rules.openai.limit == 16
    error_message = "The route must fall back at 80% of the budget."
  }

  assert {
    condition     = aigateway_dynamic_route.chat.elements.openai.model.model == "gpt-5-mini"
    error_message = "The route must use the team's model."
  }
}

run "a_team_without_a_key" {
  command = plan

  variables {
    openai_api_keys = { search = "only-for-this-test" }
  }

  expect_failures = [var.openai_api_keys]
}

run "a_name_that_no_gateway_can_have" {
  command = plan

  variables {
    teams           = { "Search Team" = { budget = 20 } }
    openai_api_keys = { "Search Team" = "only-for-this-test" }
  }

  expect_failures = [var.teams]
}

run "a_budget_of_nothing" {
  command = plan

  variables {
    teams           = { search = { budget = 0 } }
    openai_api_keys = { search = "only-for-this-test" }
  }

  expect_failures = [var.teams]
}
