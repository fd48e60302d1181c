terraform {
  required_version = ">= 1.11" # for write-only attributes

  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

provider "aigateway" {}

variable "byok_only" {
  description = "Whether every request needs a provider key, so that none is paid with credits."
  type        = bool
  default     = false
}

# The account's Secrets Store. An account has at most one.
data "aigateway_secrets_stores" "all" {}

resource "aigateway_gateway" "keys" {
  name      = "keys"
  store_id  = one(data.aigateway_secrets_stores.all.secrets_stores).id
  byok_only = var.byok_only
}

output "base_url" {
  value = aigateway_gateway.keys.compat_base_url
}
