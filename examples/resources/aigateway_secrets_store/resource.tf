# An account has at most one store. If it has one, import it, or read its ID with
# the data source aigateway_secrets_stores.
resource "aigateway_secrets_store" "keys" {
  name = "default_secrets_store"
}

resource "aigateway_gateway" "main" {
  name           = "main"
  store_id       = aigateway_secrets_store.keys.id
  authentication = true
}
