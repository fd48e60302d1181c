import {
  to = aigateway_secrets_store.keys
  identity = {
    account_id = "0123456789abcdef0123456789abcdef"
    id         = "8f14e45fceea167a5a36dedd4bea2543"
  }
}
