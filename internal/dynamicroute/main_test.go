package dynamicroute_test

import (
	"flag"
	"runtime/debug"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/dynamicroute"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const resourceType = dynamicroute.ResourceType

func TestMain(m *testing.M) {
	debug.SetGCPercent(800) // many small servers, and memory to spare
	checks := "3"           // each applies several graphs
	if acctest.Deep() {
		checks = "10"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		panic(err)
	}
	if err := flag.Set("test.parallel", "24"); err != nil { // tests that wait for a retry cost nothing
		panic(err)
	}
	acctest.Main(m)
}

// attrs are attributes of a configuration, or a part of it.
type attrs = map[string]any

// The gateway that the tests' routes belong to.
const gatewayID = "main"

// service returns an emulator with that gateway.
func service(t testing.TB, quirks ...emulator.Quirk) *acctest.Service {
	t.Helper()
	s := acctest.Emulate(t, emulator.Options{Quirks: quirks})
	s.Emulator.PutGateway(s.AccountID, map[string]any{"id": gatewayID, "authentication": true})
	return s
}

// Requests about routes.
const (
	routes    = "/accounts/…/ai-gateway/gateways/" + gatewayID + "/routes"
	postRoute = "POST " + routes
)

// modelTo returns an element that asks a model.
func modelTo(provider, model, success, fallback string) attrs {
	return attrs{"model": attrs{
		"provider": provider, "model": model, "timeout": int64(10000), "retries": int64(0), "on_success": success, "on_fallback": fallback,
	}}
}

// support returns the configuration of the documented example.
func support() attrs {
	return attrs{
		"gateway_id": gatewayID, "name": "customer-support", "entry": "tier",
		"elements": attrs{
			"tier": attrs{"conditional": attrs{
				"conditions": `{"metadata.plan":{"$eq":"free"}}`, "on_true": "split", "on_false": "quota",
			}},
			"split": attrs{"percentage": attrs{"outputs": attrs{"10%": "strong", "else": "cheap"}}},
			"quota": attrs{"rate": attrs{
				"key": "metadata.user_id", "limit": 100.0, "limit_type": "count", "window": int64(60),
				"on_success": "strong", "on_fallback": "cheap",
			}},
			"strong": modelTo("openai", "gpt-5.2", "end", "cheap"),
			"cheap":  modelTo("workers-ai", "@cf/meta/llama-3.3-70b-instruct-fp8-fast", "end", "end"),
		},
	}
}
