environment = "production"

teams = {
  search  = { budget = 500 }
  support = { budget = 200, model = "gpt-5-mini" }
}
