resource "aigateway_gateway" "app" {
  name = "app"

  spend_limits = {
    rules = {
      everything = {
        limit      = 500     # US dollars
        window     = 2592000 # in 30 days
        dimensions = {}
      }
      each-user = {
        limit      = 5
        window     = 86400
        technique  = "fixed" # starts again each day
        dimensions = { "metadata.user" = { mode = "partition" } }
      }
    }
  }

  # Five requests a minute: few, so that the guide can show the limit.
  rate_limiting_limit     = 5
  rate_limiting_interval  = 60
  rate_limiting_technique = "sliding"

  # The same request again is answered from the cache for five minutes.
  cache_ttl = 300
}
