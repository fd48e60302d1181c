package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// requires returns the block that requires a provider under the name of ours,
// so that it serves our resource types.
func requires(address string) string {
	_, source, _ := strings.Cut(filepath.ToSlash(address), "/")
	return fmt.Sprintf("terraform {\n  required_providers {\n    %s = { source = %q }\n  }\n}\n", provider.TypeName, source)
}

// floorConfig returns n resources that the CLI has built in.
func floorConfig(n int) string {
	return fmt.Sprintf("resource \"terraform_data\" \"all\" {\n  count = %d\n  input = \"bench-${count.index}\"\n}\n", n)
}

// gatewayConfig returns n gateways with some settings.
func gatewayConfig(n int) string {
	return fmt.Sprintf(`resource "aigateway_gateway" "all" {
  count = %d
  name  = "bench-${count.index}"

  cache_ttl               = 300
  rate_limiting_limit     = 100
  rate_limiting_interval  = 60
  rate_limiting_technique = "sliding"
}
`, n)
}

// routeConfig returns n dynamic routes of one gateway.
func routeConfig(n int) string {
	return fmt.Sprintf(`resource "aigateway_gateway" "main" {
  name = "bench"
}

resource "aigateway_dynamic_route" "all" {
  count      = %d
  gateway_id = aigateway_gateway.main.id
  name       = "bench-${count.index}"
  entry      = "tier"

  elements = {
    tier = { conditional = {
      conditions = jsonencode({ "metadata.plan" = { "$eq" = "free" } })
      on_true    = "cheap"
      on_false   = "strong"
    } }

    strong = { model = {
      provider    = "openai"
      model       = "gpt-5.2"
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
`, n)
}
