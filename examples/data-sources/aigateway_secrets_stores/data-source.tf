data "aigateway_secrets_stores" "all" {}

# An account has at most one store.
resource "aigateway_gateway" "main" {
  name     = "main"
  store_id = one(data.aigateway_secrets_stores.all.secrets_stores).id
}
