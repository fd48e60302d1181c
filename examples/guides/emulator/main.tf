terraform {
  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

provider "aigateway" {}

resource "aigateway_gateway" "support" {
  name = "support"
}

resource "aigateway_dynamic_route" "answers" {
  gateway_id = aigateway_gateway.support.id
  name       = "answers"
  entry      = "paying"

  elements = {
    paying = { conditional = {
      conditions = jsonencode({ "metadata.plan" = { "$eq" = "paid" } })
      on_true    = "strong"
      on_false   = "cheap"
    } }

    strong = { model = {
      provider    = "openai"
      model       = "emulator/status-503" # an outage
      timeout     = 10000
      retries     = 1
      on_success  = "end"
      on_fallback = "cheap"
    } }

    cheap = { model = {
      provider    = "workers-ai"
      model       = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
      timeout     = 10000
      retries     = 0
      on_success  = "end"
      on_fallback = "end"
    } }
  }
}
