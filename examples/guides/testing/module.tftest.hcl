mock_provider "aigateway" {
  source = "./mocks"
}

variables {
  name = "team-a"
}

run "gives_what_clients_need" {
  assert {
    condition     = endswith(output.openai.base_url, "/compat")
    error_message = "The base URL must be that of the OpenAI-compatible endpoint."
  }

  assert {
    condition     = startswith(output.openai.model, "dynamic/")
    error_message = "Clients must name a route, so that its models can change."
  }
}

run "caches_answers" {
  command = plan

  assert {
    condition     = aigateway_gateway.team.cache_ttl == 300
    error_message = "Answers must be cached for five minutes."
  }
}
