# An apply that creates or changes the route tests it with one request. Plans send
# none, and nothing about it is stored in state.
action "aigateway_test_request" "free_plan" {
  config {
    gateway_id = aigateway_gateway.production.id
    model      = aigateway_dynamic_route.support.model
    prompt     = "Say yes."
    metadata   = { plan = "free" }

    expect = {
      provider_name  = "workers-ai"
      response_model = "@cf/meta/llama-3.2-3b-instruct"
    }
  }
}

provider "aigateway" {
  allow_test_requests = true # each invocation costs as much as any other request
}

resource "aigateway_gateway" "production" {
  name = "production"
}

resource "aigateway_dynamic_route" "support" {
  gateway_id = aigateway_gateway.production.id
  name       = "customer-support"
  entry      = "plan"

  elements = {
    plan = { conditional = {
      conditions = jsonencode({ "metadata.plan" = { "$eq" = "free" } })
      on_true    = "small"
      on_false   = "large"
    } }

    small = { model = {
      provider    = "workers-ai"
      model       = "@cf/meta/llama-3.2-3b-instruct"
      timeout     = 10000
      retries     = 0
      on_success  = "end"
      on_fallback = "end"
    } }

    large = { model = {
      provider    = "workers-ai"
      model       = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
      timeout     = 10000
      retries     = 0
      on_success  = "end"
      on_fallback = "end"
    } }
  }

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.aigateway_test_request.free_plan]
    }
  }
}
