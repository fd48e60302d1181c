locals {
  cases = {
    "an engineer and the strong model" = { group = "engineering", model = "openai/gpt-5.2", spent = 0, allowed = true }
    "an engineer without money left"   = { group = "engineering", model = "openai/gpt-5.2", spent = 50, allowed = false }
    "a contractor and the small model" = { group = "contractors", model = "openai/gpt-5.2-mini", spent = 0, allowed = true }
    "a contractor and the strong one"  = { group = "contractors", model = "openai/gpt-5.2", spent = 0, allowed = false }
  }
}

data "aigateway_policy_simulation" "case" {
  for_each   = local.cases
  gateway_id = aigateway_gateway.company.id
  model      = each.value.model
  identity   = { email = "someone@example.com", groups = [each.value.group] }
  spent      = { "Engineers" = each.value.spent }
  depends_on = [aigateway_policy.everyone, aigateway_policy.engineers, aigateway_policy.contractors]
}

locals {
  wrong = [for name, case in local.cases : name if data.aigateway_policy_simulation.case[name].allowed != case.allowed]
}

check "policies" {
  assert {
    condition     = length(local.wrong) == 0
    error_message = "The policies do the opposite of what they should for ${join(", ", local.wrong)}."
  }
}
