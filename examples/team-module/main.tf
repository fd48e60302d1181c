# AI for several teams: each has a gateway, a stored key, a budget and a route of its own.

terraform {
  required_version = ">= 1.11" # for write-only attributes

  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

# Credentials come from CLOUDFLARE_API_TOKEN, and the account from CLOUDFLARE_ACCOUNT_ID
# unless the environment has an account of its own. The token needs AI Gateway: Read and
# Edit, and Secrets Store: Read and Edit.
provider "aigateway" {
  account_id = var.account_id
}

# An account has at most one store, which all environments in it share. It belongs to a
# configuration of its own.
data "aigateway_secrets_stores" "all" {}

module "team" {
  source   = "./team"
  for_each = var.teams

  name           = "${var.environment}-${each.key}"
  store_id       = one(data.aigateway_secrets_stores.all.secrets_stores[*].id)
  openai_api_key = var.openai_api_keys[each.key]
  key_version    = each.value.key_version
  budget         = each.value.budget
  model          = each.value.model
}
