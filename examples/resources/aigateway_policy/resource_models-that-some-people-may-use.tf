resource "aigateway_gateway" "main" {
  name = "main"
}

# Once a gateway has a policy, the service rejects requests that no policy matches.
# So this one is created first: it lets everybody use everything, up to a budget.
resource "aigateway_policy" "everyone" {
  gateway_id = aigateway_gateway.main.id
  name       = "Everyone"
  actor      = "company:all"
  action     = "budget"

  budget = {
    amount = 1000
    period = "monthly"
  }
}

resource "aigateway_policy" "no_opus_for_contractors" {
  gateway_id = aigateway_gateway.main.id
  name       = "No Claude Opus for contractors"
  actor      = "company:all"
  models     = ["anthropic/claude-opus-*"]
  condition  = "\"contractors\" in cf.user.groups"
  action     = "block"

  depends_on = [aigateway_policy.everyone]
}

# Interns may use these models only.
resource "aigateway_policy" "interns" {
  gateway_id = aigateway_gateway.main.id
  name       = "Models for interns"
  actor      = "company:all"
  models     = ["openai/gpt-5.5-mini", "anthropic/claude-haiku-*"]
  condition  = "\"interns\" in cf.user.groups"
  action     = "allowlist"

  depends_on = [aigateway_policy.everyone]
}
