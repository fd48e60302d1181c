resource "aigateway_dynamic_route" "limited" {
  gateway_id = aigateway_gateway.assistant.id
  name       = "limited"
  entry      = "requests"

  elements = {
    # Three requests a minute for each user.
    requests = { rate = {
      key         = "metadata.user"
      limit       = 3
      limit_type  = "count"
      window      = 60
      on_success  = "money"
      on_fallback = "cheap"
    } }

    # 25 US dollars a day for each team.
    money = { rate = {
      key         = "metadata.team"
      limit       = 25
      limit_type  = "cost"
      window      = 86400
      on_success  = "strong"
      on_fallback = "cheap"
    } }

    strong = { model = local.strong }
    cheap  = { model = local.cheap }
  }
}
