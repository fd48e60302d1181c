data "aigateway_policy" "everyone" {
  gateway_id = "production"
  name       = "Everyone"
}

output "monthly_budget" {
  value = data.aigateway_policy.everyone.budget.amount
}
