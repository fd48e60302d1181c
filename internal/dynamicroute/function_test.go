package dynamicroute_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	theprovider "github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// draw calls route_mermaid.
func draw(t *testing.T, entry, elements any) (string, *tfprotov6.FunctionError) {
	t.Helper()
	got, failed := protocol.CallFunction(t, theprovider.New("test"), "route_mermaid", entry, elements)
	if got == protocol.Unknown {
		return "unknown", failed
	}
	text, _ := got.(string)
	return text, failed
}

// TestFunctionDrawsTheDataSourcesPicture: before a route exists, the function returns what
// the data source returns afterwards. The argument may be written in every way that the
// resource accepts.
func TestFunctionDrawsTheDataSourcesPicture(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	r.MustApply(support())
	want := picture(t, s, "customer-support")

	texts := with(with(support(), "elements.quota.rate.limit", "100"), "elements.quota.rate.window", "60.0")
	for name, config := range map[string]attrs{
		"a literal":             support(),
		"the resource's own":    r.State(), // with null for the other kinds
		"numbers in quotes":     texts,
		"conditions with space": with(support(), "elements.tier.conditional.conditions", "{ \"metadata.plan\":\n {\"$eq\": \"free\"} }"),
	} {
		got, failed := draw(t, config["entry"], config["elements"])
		if failed != nil || got != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, failed, got, want)
		}
	}
}

// TestFunctionDrawsMistakes: a graph that the plan refuses can be looked at.
func TestFunctionDrawsMistakes(t *testing.T) {
	t.Parallel()
	got, failed := draw(t, "a", attrs{
		"a": attrs{"percentage": attrs{"outputs": attrs{"10%": "gone", "else": "a"}}},
		"b": attrs{"percentage": attrs{"outputs": attrs{"else": "end"}}, "model": nil},
	})
	if failed != nil {
		t.Fatal(failed.Text)
	}
	requireText(t, got,
		`flowchart TD`,
		`  start(["start"])`,
		`  n1{{"a<br>by percentage"}}`,
		`  n2{{"b<br>by percentage"}}`,
		`  stop(["end"])`,
		`  start --> n1`,
		`  n1 -->|"10%"| missing`,
		`  n1 -->|"else"| n1`,
		`  n2 -->|"else"| stop`,
	)
	got, failed = draw(t, "end", attrs{})
	if failed != nil {
		t.Fatal(failed.Text)
	}
	requireText(t, got, `flowchart TD`, `  start(["start"])`, `  stop(["end"])`, `  start --> stop`)
}

// TestFunctionOfUnknown: a diagram that could still change is unknown, wherever the unknown
// value is.
func TestFunctionOfUnknown(t *testing.T) {
	t.Parallel()
	for _, at := range []string{
		"elements.strong", "elements.strong.model", "elements.strong.model.model", "elements.strong.model.timeout",
		"elements.tier.conditional.conditions", "elements.split.percentage.outputs", "elements.split.percentage.outputs.else",
		"elements.quota.rate.limit",
	} {
		config := with(support(), at, protocol.Unknown)
		if got, failed := draw(t, config["entry"], config["elements"]); failed != nil || got != "unknown" {
			t.Errorf("%s: %v %s, want an unknown diagram", at, failed, got)
		}
	}
}

// TestFunctionRefuses: the error is of the argument, and says where the value does not fit.
func TestFunctionRefuses(t *testing.T) {
	t.Parallel()
	elements := func(at string, value any) any { return with(support(), "elements."+at, value)["elements"] }
	nullProvider := support()["elements"]
	strong, _ := nullProvider.(attrs)["strong"].(attrs)["model"].(attrs)
	strong["provider"] = nil
	for says, argument := range map[string]any{
		`elements must be an object or a map`:                                         "text",
		`elements["tier"] must be an object`:                                          elements("tier", "text"),
		`elements["tier"] cannot have the attribute "condtional". Its attributes are`: elements("tier", attrs{"condtional": attrs{}}),
		`elements["strong"].model must be an object`:                                  elements("strong", attrs{"model": "gpt"}),
		`elements["strong"].model must have the attribute "provider"`:                 elements("strong.model.provider", nil),
		`elements["strong"].model.provider must not be null`:                          nullProvider,
		`elements["strong"].model.model must be a string`:                             elements("strong.model.model", attrs{}),
		`elements["strong"].model.timeout must be a number`:                           elements("strong.model.timeout", "soon"),
		`elements["quota"].rate.limit must be a number`:                               elements("quota.rate.limit", "inf"),
		`elements["quota"].rate.window must be a number`:                              elements("quota.rate.window", true),
		`elements["split"].percentage.outputs must be an object or a map`:             elements("split.percentage.outputs", []any{"end"}),
		`elements["split"].percentage.outputs["else"] must be a string`:               elements("split.percentage.outputs.else", attrs{}),
		`elements["tier"].conditional.conditions must be a JSON string that holds an`: elements("tier.conditional.conditions", "[]"),
		`Element "extra" must have exactly one of`:                                    elements("extra", attrs{}),
		`Element "extra" has model and percentage`: elements("extra", attrs{
			"model": both("end")["model"], "percentage": attrs{"outputs": attrs{"else": "end"}},
		}),
		`No element can have the ID "start"`: elements("start", both("end")),
	} {
		_, failed := draw(t, "tier", argument)
		if failed == nil || !strings.Contains(failed.Text, says) || failed.FunctionArgument == nil || *failed.FunctionArgument != 1 {
			t.Errorf("%+v, want an error of the second argument that says %q", failed, says)
		}
	}
}

// TestAccFunction draws a local value, in which every kind lacks the others, and the
// resource's own elements, in which they are null.
func TestAccFunction(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsProviderFunctions()
	acctest.Require(t, supported, reason)
	w := service(t).NewWorkspace(t)
	const call = "provider::aigateway::route_mermaid"
	w.Write("main.tf", `
locals {
  elements = {
    tier  = { conditional = { conditions = jsonencode({ "metadata.plan" = "free" }), on_true = "split", on_false = "quota" } }
    split = { percentage = { outputs = { "10%" = "model", "else" = "end" } } }
    quota = {
      rate = { key = "metadata.user", limit = 2.5, limit_type = "cost", window = 60, on_success = "model", on_fallback = "end" }
    }
    model = { model = { provider = "openai", model = "gpt-5.2", timeout = 1000, retries = 0, on_success = "end", on_fallback = "end" } }
  }
}

resource "aigateway_dynamic_route" "test" {
  gateway_id = "`+gatewayID+`"
  name       = "drawn"
  entry      = "tier"
  elements   = local.elements
}

data "aigateway_dynamic_route" "test" {
  gateway_id = "`+gatewayID+`"
  id         = aigateway_dynamic_route.test.id
}

output "same" {
  value = alltrue([
    `+call+`("tier", local.elements) == data.aigateway_dynamic_route.test.mermaid,
    `+call+`(aigateway_dynamic_route.test.entry, aigateway_dynamic_route.test.elements) == data.aigateway_dynamic_route.test.mermaid,
    `+call+`("tier", local.elements) == `+call+`("tier", tomap(aigateway_dynamic_route.test.elements)),
  ])
}

output "later" {
  value = `+call+`("model", {
    model = merge(local.elements.model, { model = merge(local.elements.model.model, { model = aigateway_dynamic_route.test.id }) })
  })
}
`)
	out := strings.Join(strings.Fields(w.Apply()), " ")
	for _, want := range []string{"later = (known after apply)", "same = true"} {
		if !strings.Contains(out, want) {
			t.Errorf("apply does not say %q:\n%s", want, out)
		}
	}
	w.RequireEmptyPlan()
	w.Write("bad.tf", "output \"bad\" {\n  value = "+call+"(\"a\", { a = { modl = {} } })\n}\n")
	if status, out := w.Try("plan", "-no-color"); status == 0 || !acctest.Wrapped(`elements["a"] cannot have the attribute "modl"`).MatchString(out) {
		t.Errorf("exit status %d, want an error that names the attribute:\n%s", status, out)
	}
	w.Write("bad.tf", "")
}
