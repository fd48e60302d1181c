data "aigateway_policy_simulation" "alice" {
  gateway_id = "production"
  model      = "openai/gpt-5.5"

  identity = {
    user_id = "7335d417-61da-459d-899c-0a01c76a2f94"
    email   = "alice@example.com"
    groups  = ["engineering"]
  }

  spent = {
    "Everyone" = 400
  }
}

check "alice_has_a_budget_left" {
  assert {
    condition     = data.aigateway_policy_simulation.alice.allowed
    error_message = "The policies refuse the request: ${jsonencode(data.aigateway_policy_simulation.alice.reason)}."
  }
}
