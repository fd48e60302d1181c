import {
  to = aigateway_secrets_store.keys
  id = "0123456789abcdef0123456789abcdef/8f14e45fceea167a5a36dedd4bea2543"
}
