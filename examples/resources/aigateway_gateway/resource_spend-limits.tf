resource "aigateway_gateway" "limited" {
  name = "limited"

  spend_limits = {
    rules = {
      # 500 dollars in 30 days for everything. The service names the rule in the
      # response when its budget is used up.
      everything = {
        limit      = 500
        window     = 2592000
        dimensions = {}
      }
      # 5 dollars a day for each user's requests to OpenAI.
      each-user = {
        limit     = 5
        window    = 86400
        technique = "fixed"
        dimensions = {
          provider           = { mode = "filter", values = ["openai"] }
          "metadata.user_id" = { mode = "partition" }
        }
      }
      # 200 dollars a day for each provider.
      each-provider = {
        limit  = 200
        window = 86400
        dimensions = {
          provider = { mode = "partition" }
        }
      }
    }
  }
}
