resource "aigateway_gateway" "guarded" {
  name = "guarded"

  guardrails = {
    prompt = {
      prompt_injection = "BLOCK"
      violent_crimes   = "BLOCK"
    }
    response = {
      hate = "FLAG"
    }
  }

  dlp = {
    enabled = true
    policies = {
      card-numbers = {
        action   = "BLOCK"
        check    = ["REQUEST", "RESPONSE"]
        enabled  = true
        profiles = ["c8932cc4-3312-4152-8041-f3f257122dc4"]
      }
    }
  }
}
