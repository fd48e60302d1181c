check "auto_router" {
  data "aigateway_chat_completion" "auto" {
    gateway_id = aigateway_gateway.main.id
    model      = "cloudflare/auto"
    prompt     = "Say hello."

    headers = {
      "cf-aig-allowed-models" = "anthropic/*"
    }
  }

  assert {
    condition     = startswith(data.aigateway_chat_completion.auto.routed_model, "anthropic/")
    error_message = "The request went to ${data.aigateway_chat_completion.auto.routed_model}."
  }
}
