# Everybody, within one budget. Every request needs a policy that matches it, so this
# one is created first and destroyed last.
resource "aigateway_policy" "everyone" {
  gateway_id = aigateway_gateway.company.id
  name       = "Company budget"
  actor      = "company:all"
  action     = "budget"
  budget     = { amount = 1000, period = "monthly" }
}

# Each engineer has a part of it.
resource "aigateway_policy" "engineers" {
  gateway_id = aigateway_gateway.company.id
  name       = "Engineers"
  actor      = "user:{cf.user.email}"
  condition  = "\"engineering\" in cf.user.groups"
  action     = "budget"
  budget     = { amount = 50, period = "daily" }
  depends_on = [aigateway_policy.everyone]
}

# Contractors may use these models only.
resource "aigateway_policy" "contractors" {
  gateway_id = aigateway_gateway.company.id
  name       = "Models for contractors"
  actor      = "company:all"
  models     = ["openai/gpt-5.2-mini"]
  condition  = "\"contractors\" in cf.user.groups"
  action     = "allowlist"
  depends_on = [aigateway_policy.everyone]
}
