# Who may use which models, and for how much money: the examples of Cloudflare's
# documentation of policies, on one gateway.

terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

# Credentials and the account come from CLOUDFLARE_API_TOKEN and
# CLOUDFLARE_ACCOUNT_ID.
provider "aigateway" {}

variable "name" {
  description = "Name of the gateway."
  type        = string
  default     = "policies"
}

resource "aigateway_gateway" "main" {
  name = var.name
}

# It matches every request, so that no request is rejected because no policy matches.
# All other policies wait for it.
resource "aigateway_policy" "company" {
  gateway_id = aigateway_gateway.main.id
  name       = "Company budget"
  actor      = "company:example"
  action     = "budget"
  budget     = { amount = 20000, period = "monthly" }
}

# A request of an engineer must be within both budgets.
resource "aigateway_policy" "engineering" {
  gateway_id = aigateway_gateway.main.id
  name       = "Engineering budget"
  actor      = "team:engineering"
  condition  = "\"engineering\" in cf.user.groups"
  action     = "budget"
  budget     = { amount = 10000, period = "monthly" }
  depends_on = [aigateway_policy.company]
}

# The finance team shares one budget. The second policy stops one person from using
# all of it.
resource "aigateway_policy" "finance" {
  gateway_id = aigateway_gateway.main.id
  name       = "Finance budget"
  actor      = "team:finance"
  condition  = "\"finance\" in cf.user.groups"
  action     = "budget"
  budget     = { amount = 10000, period = "monthly" }
  depends_on = [aigateway_policy.company]
}

resource "aigateway_policy" "finance_per_user" {
  gateway_id = aigateway_gateway.main.id
  name       = "Finance per-user cap"
  actor      = "user:{cf.user.email}"
  condition  = "\"finance\" in cf.user.groups"
  action     = "budget"
  budget     = { amount = 400, period = "monthly" }
  depends_on = [aigateway_policy.company]
}

# Both policies are about the same budget of Alice, and the higher amount counts. Other
# researchers keep the default.
resource "aigateway_policy" "research" {
  gateway_id = aigateway_gateway.main.id
  name       = "Research default"
  actor      = "user:{cf.user.email}"
  condition  = "\"research\" in cf.user.groups"
  action     = "budget"
  budget     = { amount = 400, period = "monthly" }
  depends_on = [aigateway_policy.company]
}

resource "aigateway_policy" "alice" {
  gateway_id = aigateway_gateway.main.id
  name       = "Alice override"
  actor      = "user:{cf.user.email}"
  condition  = "cf.user.email == \"alice@example.com\""
  action     = "budget"
  budget     = { amount = 600, period = "monthly" }
  depends_on = [aigateway_policy.company]
}

# Interns may use these models only. If a request lacks cf.user.groups, the policy
# blocks it, too: every client has to authenticate with Cloudflare Access.
resource "aigateway_policy" "interns" {
  gateway_id = aigateway_gateway.main.id
  name       = "Interns allowlist"
  actor      = "company:all"
  models     = ["openai/gpt-5.5-mini", "anthropic/claude-haiku-*"]
  condition  = "\"interns\" in cf.user.groups"
  action     = "allowlist"
  depends_on = [aigateway_policy.company]
}

output "gateway_id" {
  description = "ID of the gateway with the policies."
  value       = aigateway_gateway.main.id
}
