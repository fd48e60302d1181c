output "applications" {
  description = "What the applications of each team need. None of it is secret."
  value = {
    for name, team in module.team : name => {
      gateway_id       = team.gateway_id
      base_url         = team.base_url
      model            = team.model
      token_header     = "cf-aig-authorization"
      token_permission = "AI Gateway Run"
    }
  }
}
