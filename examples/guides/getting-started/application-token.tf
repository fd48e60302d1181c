data "cloudflare_account_api_token_permission_groups_list" "run" {
  account_id = aigateway_gateway.production.account_id
  name       = "AI%20Gateway%20Run"
}

resource "cloudflare_account_token" "application" {
  account_id = aigateway_gateway.production.account_id
  name       = "AI Gateway, production"

  policies = [{
    effect = "allow"
    permission_groups = [for group in data.cloudflare_account_api_token_permission_groups_list.run.result :
      { id = group.id } if group.name == "AI Gateway Run"
    ]
    resources = jsonencode({
      "com.cloudflare.api.account.${aigateway_gateway.production.account_id}" = "*"
    })
  }]
}

output "cf_aig_token" {
  value     = cloudflare_account_token.application.value
  sensitive = true
}
