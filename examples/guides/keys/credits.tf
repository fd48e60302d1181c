data "aigateway_credit_balance" "this" {}

check "credits" {
  assert {
    condition     = data.aigateway_credit_balance.this.balance > 0
    error_message = "No credits are left. Load some in the dashboard."
  }
}
