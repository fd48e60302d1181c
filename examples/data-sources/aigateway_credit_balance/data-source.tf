data "aigateway_credit_balance" "this" {}

# Requests that are paid by Unified Billing fail when nothing is left.
check "credits" {
  assert {
    condition     = data.aigateway_credit_balance.this.balance > 0
    error_message = "The account has no credits left: buy some in the dashboard."
  }
}
