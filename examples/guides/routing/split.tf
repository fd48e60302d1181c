resource "aigateway_dynamic_route" "trial" {
  gateway_id = aigateway_gateway.assistant.id
  name       = "trial"
  entry      = "split"

  elements = {
    split = { percentage = {
      outputs = { "10%" = "strong", else = "cheap" }
    } }

    strong = { model = local.strong }
    cheap  = { model = local.cheap }
  }
}
