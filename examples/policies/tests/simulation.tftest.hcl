# Creates the gateway and its policies, and simulates requests. Nothing is sent to a
# model.

variables {
  name  = "policies-simulation"
  model = "openai/gpt-5.5"
}

run "create" {}

run "an_engineer_within_both_budgets" {
  module {
    source = "./tests/simulate"
  }

  variables {
    gateway_id = run.create.gateway_id
    email      = "ed@example.com"
    groups     = ["engineering"]
    spent      = { "Company budget" = 19999, "Engineering budget" = 9999 }
  }

  assert {
    condition     = output.allowed
    error_message = "The request is refused: ${jsonencode(output.reason)}."
  }
}

run "an_engineer_beyond_the_budget_of_the_team" {
  module {
    source = "./tests/simulate"
  }

  variables {
    gateway_id = run.create.gateway_id
    email      = "ed@example.com"
    groups     = ["engineering"]
    spent      = { "Engineering budget" = 10000 }
  }

  assert {
    condition     = !output.allowed && output.reason == "limit_exceeded" && output.policy_name == "Engineering budget"
    error_message = "The budget of the team does not stop the request."
  }
}

run "an_engineer_beyond_the_budget_of_the_company" {
  module {
    source = "./tests/simulate"
  }

  variables {
    gateway_id = run.create.gateway_id
    email      = "ed@example.com"
    groups     = ["engineering"]
    spent      = { "Company budget" = 20000 }
  }

  assert {
    condition     = !output.allowed && output.policy_name == "Company budget"
    error_message = "The budget of the company does not stop the request."
  }
}

run "one_person_cannot_spend_the_budget_of_finance" {
  module {
    source = "./tests/simulate"
  }

  variables {
    gateway_id = run.create.gateway_id
    email      = "fay@example.com"
    groups     = ["finance"]
    spent      = { "Finance budget" = 500, "Finance per-user cap" = 400 }
  }

  assert {
    condition     = !output.allowed && output.policy_name == "Finance per-user cap"
    error_message = "The cap of the user does not stop the request."
  }
}

run "alice_has_the_higher_cap" {
  module {
    source = "./tests/simulate"
  }

  variables {
    gateway_id = run.create.gateway_id
    email      = "alice@example.com"
    groups     = ["research"]
    spent      = { "Research default" = 500 }
  }

  assert {
    condition     = output.allowed
    error_message = "The default cap stops Alice."
  }
}

run "other_researchers_have_the_default" {
  module {
    source = "./tests/simulate"
  }

  variables {
    gateway_id = run.create.gateway_id
    email      = "bob@example.com"
    groups     = ["research"]
    spent      = { "Research default" = 500 }
  }

  assert {
    condition     = !output.allowed && output.policy_name == "Research default"
    error_message = "The default cap does not stop Bob."
  }
}

run "an_intern_may_use_a_listed_model" {
  module {
    source = "./tests/simulate"
  }

  variables {
    gateway_id = run.create.gateway_id
    model      = "anthropic/claude-haiku-4-5"
    email      = "ian@example.com"
    groups     = ["interns"]
  }

  assert {
    condition     = output.allowed
    error_message = "The allowlist refuses a model that it lists."
  }
}

run "an_intern_may_use_no_other_model" {
  module {
    source = "./tests/simulate"
  }

  variables {
    gateway_id = run.create.gateway_id
    email      = "ian@example.com"
    groups     = ["interns"]
  }

  assert {
    condition     = !output.allowed && output.reason == "blocked" && output.policy_name == "Interns allowlist"
    error_message = "The allowlist lets another model pass."
  }
}

run "a_request_without_identity_is_blocked" {
  module {
    source = "./tests/simulate"
  }

  variables {
    gateway_id = run.create.gateway_id
  }

  assert {
    condition     = !output.allowed && output.reason == "blocked"
    error_message = "A request without groups gets past the allowlist."
  }
}
