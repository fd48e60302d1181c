data "aigateway_secrets_stores" "all" {}

# An account has one store: its id need not be pasted.
resource "aigateway_gateway" "main" {
  name     = "main"
  store_id = one(data.aigateway_secrets_stores.all.secrets_stores).id
}
