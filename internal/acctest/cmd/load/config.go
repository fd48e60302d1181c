package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// configuration returns a configuration of so many objects. Each has a block of
// its own: with count, every route would depend on all gateways, and the CLI
// would spend its time on the graph. Routes and keys are spread over the
// gateways.
func configuration(gateways, routes, keys int) string {
	var b strings.Builder
	dir, name := filepath.Split(provider.Address)
	fmt.Fprintf(&b, `terraform {
  required_providers {
    aigateway = { source = "%s/%s" }
  }
}

data "aigateway_secrets_stores" "all" {}
`, filepath.Base(dir), name)
	for i := range gateways {
		fmt.Fprintf(&b, `
resource "aigateway_gateway" "g%[1]d" {
  name      = "load-%[1]d"
  cache_ttl = %[2]d
  store_id  = one(data.aigateway_secrets_stores.all.secrets_stores).id

  guardrails = { prompt = { prompt_injection = "BLOCK" } }
}
`, i, 60+i)
	}
	for i := range routes {
		fmt.Fprintf(&b, `
resource "aigateway_dynamic_route" "r%[1]d" {
  gateway_id = aigateway_gateway.g%[2]d.id
  name       = "load-%[1]d"
  entry      = "model"

  elements = {
    model = { model = {
      provider    = "openai"
      model       = "gpt-5.2"
      timeout     = 10000
      retries     = %[3]d
      on_success  = "end"
      on_fallback = "end"
    } }
  }
}
`, i, i%gateways, i%3)
	}
	for i := range keys {
		fmt.Fprintf(&b, `
resource "aigateway_provider_config" "k%[1]d" {
  gateway_id        = aigateway_gateway.g%[2]d.id
  provider_slug     = "openai"
  alias             = "load-%[1]d"
  secret_wo         = "sk-load-%[1]d"
  secret_wo_version = 1
}
`, i, i%gateways)
	}
	return b.String()
}
