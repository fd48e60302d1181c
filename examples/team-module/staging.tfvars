environment = "staging"

teams = {
  search  = { budget = 20 }
  support = { budget = 20, model = "gpt-5-mini" }
}
