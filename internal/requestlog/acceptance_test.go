package requestlog_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestAccLogs_basic creates a gateway, sends a request through it and finds its
// log, in one apply. It does so on the emulator alone: the request would cost
// money, and the service writes a log some seconds after its request.
func TestAccLogs_basic(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := acctest.Emulate(t, emulator.Options{})
	config := func(metadata string) string {
		return fmt.Sprintf(`
resource "aigateway_gateway" "test" {
  name = %q
}

data "aigateway_chat_completion" "test" {
  gateway_id = aigateway_gateway.test.id
  model      = "workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast"
  prompt     = "Is anybody there?"
  metadata   = { team = "platform" }
}

data "aigateway_logs" "test" {
  gateway_id    = aigateway_gateway.test.id
  provider_name = "workers-ai"
  success       = true
  start_date    = aigateway_gateway.test.created_at
  metadata      = { team = %q }
  filters       = [{ key = "id", operator = "eq", values = [data.aigateway_chat_completion.test.log_id] }]
  limit         = 1
}

data "aigateway_log" "test" {
  gateway_id = aigateway_gateway.test.id
  log_id     = data.aigateway_chat_completion.test.log_id
}
`, acctest.NamePrefix+"logs", metadata)
	}
	const logs, log = "data.aigateway_logs.test", "data.aigateway_log.test"
	first := func(attribute string) tfjsonpath.Path {
		return tfjsonpath.New("logs").AtSliceIndex(0).AtMapKey(attribute)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories("AIGATEWAY_ALLOW_TEST_REQUESTS=true"),
		Steps: []resource.TestStep{
			{
				Config: config("platform"),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(logs, tfjsonpath.New("logs"), knownvalue.ListSizeExact(1)),
					statecheck.ExpectKnownValue(logs, tfjsonpath.New("total_count"), knownvalue.Int64Exact(1)),
					statecheck.ExpectKnownValue(logs, first("metadata"), knownvalue.StringExact(`{"team":"platform"}`)),
					statecheck.ExpectKnownValue(logs, first("provider_name"), knownvalue.StringExact("workers-ai")),
					statecheck.CompareValuePairs(logs, first("id"), log, tfjsonpath.New("id"), compare.ValuesSame()),
					statecheck.CompareValuePairs(logs, first("created_at"), log, tfjsonpath.New("created_at"), compare.ValuesSame()),
					statecheck.CompareValuePairs(
						"data.aigateway_chat_completion.test", tfjsonpath.New("log_id"), log, tfjsonpath.New("log_id"), compare.ValuesSame()),
					statecheck.ExpectKnownValue(log, tfjsonpath.New("request_body"), knownvalue.StringRegexp(regexp.MustCompile("Is anybody there"))),
					statecheck.ExpectKnownValue(log, tfjsonpath.New("response_body"), knownvalue.StringRegexp(regexp.MustCompile("choices"))),
					statecheck.ExpectSensitiveValue(log, tfjsonpath.New("request_body")),
					statecheck.ExpectSensitiveValue(log, tfjsonpath.New("response_body")),
				},
			},
			{
				Config: config("somebody else"),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(logs, tfjsonpath.New("logs"), knownvalue.ListSizeExact(0)),
				},
			},
		},
	})
}
