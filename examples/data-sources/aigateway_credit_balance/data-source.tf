data "aigateway_credit_balance" "this" {}

# Requests through Unified Billing fail when no credits are left.
check "credits" {
  assert {
    condition     = data.aigateway_credit_balance.this.balance > 0
    error_message = "The account has no credits left. Buy some in the dashboard."
  }
}
