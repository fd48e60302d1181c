locals {
  gateways = toset(["team-a", "team-b", "team-c"])
}

import {
  for_each = local.gateways
  to       = aigateway_gateway.team[each.key]
  id       = each.key
}

resource "aigateway_gateway" "team" {
  for_each = local.gateways
  name     = each.key
}
