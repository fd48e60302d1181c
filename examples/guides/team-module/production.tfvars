environment = "production"

teams = {
  search    = { budget = 800 }                                        # more money
  support   = { budget = 200, model = "gpt-5-mini", key_version = 2 } # another key
  assistant = { budget = 100 }                                        # a new team
}
