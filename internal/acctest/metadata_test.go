package acctest_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestMetadataDecidesByType sends requests through a route that asks for true. Only a
// boolean takes its branch, whatever way the configuration hands it over.
func TestMetadataDecidesByType(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := acctest.Emulate(t, emulator.Options{})
	w := service.NewWorkspace(t, allowed)
	const route = `
variable "flags" {
  type    = any
  default = { beta = true, level = 5 }
}

resource "aigateway_gateway" "test" {
  name = "typed"
}

resource "aigateway_dynamic_route" "test" {
  gateway_id = aigateway_gateway.test.id
  name       = "beta"
  entry      = "beta"
  elements = {
    beta  = { conditional = { conditions = jsonencode({ "metadata.beta" = { "$eq" = true } }), on_true = "new", on_false = "level" } }
    level = { conditional = { conditions = jsonencode({ "metadata.level" = { "$gt" = 3 } }), on_true = "high", on_false = "old" } }
    new   = { model = { provider = "openai", model = "new", timeout = 10000, retries = 0, on_success = "end", on_fallback = "end" } }
    high  = { model = { provider = "openai", model = "high", timeout = 10000, retries = 0, on_success = "end", on_fallback = "end" } }
    old   = { model = { provider = "openai", model = "old", timeout = 10000, retries = 0, on_success = "end", on_fallback = "end" } }
  }
}

data "aigateway_chat_completion" "test" {
  for_each   = toset(keys(local.metadata))
  gateway_id = aigateway_gateway.test.id
  model      = "dynamic/${aigateway_dynamic_route.test.name}"
  prompt     = "Hi"
  metadata   = local.metadata[each.key]
}

output "models" {
  value = join(" ", [for name, response in data.aigateway_chat_completion.test : "${name}=${response.response_model}"])
}

output "state" {
  value = data.aigateway_chat_completion.test["object"].metadata.beta == true
}

output "digits" {
  value = jsonencode(data.aigateway_chat_completion.test["fraction"].metadata)
}

locals {
  metadata = {
    fraction = { level = 3.5 }
    map      = tomap({ beta = "true" })
    merged   = merge({ team = "a" }, { beta = true })
    numbers  = tomap({ level = 4 })
    object   = { beta = true }
    text     = { beta = "true", level = "5" }
    variable = var.flags
  }
}
`
	w.Write("main.tf", route)
	out := w.Apply()
	for _, want := range []string{
		`models = "fraction=high map=old merged=new numbers=high object=new text=old variable=new"`, `state  = true`, `digits = "{\"level\":3.5}"`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is missing in:\n%s", want, out)
		}
	}
	w.RequireEmptyPlan()

	w.Write("main.tf", strings.Replace(route, "{ level = 3.5 }", "{ level = [3.5] }", 1))
	status, out := w.Try("plan", "-no-color", "-input=false")
	if plain := strings.Join(strings.Fields(out), " "); status == 0 || !strings.Contains(plain, `"level" is a list`) || !strings.Contains(plain, `Invalid metadata`) {
		t.Errorf("a list: status %d\n%s", status, out)
	}
	w.Write("main.tf", route) // a destroy reads the data source, too
}
