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

# Each user may spend 50 dollars a day.
resource "aigateway_policy" "per_user" {
  gateway_id = aigateway_gateway.main.id
  name       = "Per user"
  actor      = "user:{cf.user.id}"
  action     = "budget"

  budget = {
    amount = 50
    period = "daily"
  }

  depends_on = [aigateway_policy.everyone]
}
