package dynamicroute_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// deployUnknown puts a version into force whose elements have content that this version of
// the provider does not know.
func deployUnknown(t *testing.T, s *acctest.Service, id string) {
	t.Helper()
	route := only(t, s)
	raw, err := json.Marshal(route.Elements)
	if err != nil {
		t.Fatal(err)
	}
	var elements []map[string]any
	if err := json.Unmarshal(raw, &elements); err != nil {
		t.Fatal(err)
	}
	for _, element := range elements {
		switch element["id"] {
		case "strong": // a model
			element["properties"].(map[string]any)["region"] = "eu"
			element["label"] = "the strong one"
		case "quota":
			element["properties"].(map[string]any)["burst"] = 3
		}
	}
	s.Emulator.DeployRoute(s.AccountID, gatewayID, id, elements)
}

// A change of the graph sends back what the elements have and this version does not know,
// also as JSON within a string and with a graph at the top of the response.
func TestUnknownContentOfElementsSurvives(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string][]emulator.Quirk{"usual": nil, "at the top": {emulator.RouteElementsTop}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t, quirks...)
			r, id := exists(t, s, s.Protocol(t, once), gated())
			deployUnknown(t, s, id)
			requireNone(t, r.Refresh())
			requireNone(t, try(t, r, next()))
			raw, err := json.Marshal(only(t, s).Elements)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{`"region":"eu"`, `"label":"the strong one"`, `"burst":3`} {
				if !strings.Contains(string(raw), part) {
					t.Errorf("%s is not in %s", part, raw)
				}
			}
			requireGraph(t, r, next())
			r.MustPlanEmpty(next())
		})
	}
}

// A strict service gets the graph without what it refuses, and a warning says so.
func TestStrictServiceRefusesElements(t *testing.T) {
	t.Parallel()
	s := service(t, emulator.StrictBodies)
	r, id := exists(t, s, s.Protocol(t, once), gated())
	deployUnknown(t, s, id)
	requireNone(t, r.Refresh())
	diags := try(t, r, next())
	requireSays(t, diags, "WARNING: The service did not take back unknown fields", `dynamic route "support"`, "region")
	if diags.HasError() {
		t.Error(diags)
	}
	requireGraph(t, r, next())
}
