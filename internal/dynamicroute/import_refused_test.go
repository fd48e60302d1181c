package dynamicroute_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A heldGraph is one that the service holds and the provider would not create.
type heldGraph struct {
	next     string // the output of the start
	elements []map[string]any
	// warnings are the places and summaries of the warnings about its configuration.
	warnings []string
}

func heldGraphs() map[string]heldGraph {
	share := func(outputs map[string]string) []map[string]any {
		return []map[string]any{made("a", "percentage", nil, outputs)}
	}
	model := func(properties attrs) []map[string]any {
		return []map[string]any{made("a", "model", properties, map[string]string{"success": "end", "fallback": "end"})}
	}
	const outputs = `elements["a"].percentage.outputs`
	return map[string]heldGraph{
		"start straight to end":   {"end", nil, []string{"elements: Dynamic route without elements"}},
		"start back to itself":    {"start", nil, []string{"elements: Dynamic route without elements"}},
		"start beside an element": {"end", []map[string]any{storedModel("a", "m", "end")}, []string{"entry: Dynamic route that does nothing"}},
		"start to nowhere":        {"nowhere", []map[string]any{storedModel("a", "m", "end")}, []string{"entry: " + noElement}},
		"an unreachable element": {
			"a", []map[string]any{storedModel("a", "m", "end"), storedModel("b", "m", "end")}, []string{`elements["b"]: Element that cannot be reached`},
		},
		"a target that is gone": {"a", []map[string]any{made("a", "model", attrs{"provider": "openai", "model": "m", "timeout": 1, "retries": 0},
			map[string]string{"success": "gone", "fallback": "end"})}, []string{`elements["a"].model.on_success: ` + noElement}},
		"a cycle": {
			"a", []map[string]any{storedModel("a", "m", "b"), storedModel("b", "m", "a")}, []string{`elements["b"].model.on_success: ` + cycle},
		},
		"shares above 100":  {"a", share(map[string]string{"60%": "end", "50%": "end"}), []string{outputs + ": " + badShares}},
		"shares below 100":  {"a", share(map[string]string{"60%": "end"}), []string{outputs + ": " + badShares}},
		"a share of a name": {"a", share(map[string]string{"half": "end", "else": "end"}), []string{outputs + `["half"]: ` + badShares}},
		"equal shares":      {"a", share(map[string]string{"010%": "end", "10.0%": "end", "else": "end"}), []string{outputs + `["10.0%"]: ` + badShares}},
		"six shares":        {"a", share(map[string]string{"1%": "end", "2%": "end", "3%": "end", "4%": "end", "5%": "end", "6%": "end", "else": "end"}), []string{outputs + ": " + badShares}},
		"a large number": {"a", []map[string]any{made("a", "conditional", attrs{"conditions": attrs{"metadata.id": attrs{"$eq": 1e17}}},
			map[string]string{"true": "end", "false": "end"})}, []string{`elements["a"].conditional.conditions: Number that is too large`}},
		"no provider":      {"a", model(attrs{"provider": "", "model": "m", "timeout": 1, "retries": 0}), []string{`elements["a"].model.provider: Invalid Attribute Value Length`}},
		"negative retries": {"a", model(attrs{"provider": "openai", "model": "m", "timeout": 1, "retries": -1}), []string{`elements["a"].model.retries: Invalid Attribute Value`}},
		"a rate without a window": {"a", []map[string]any{made("a", "rate", attrs{"key": "", "limit": -1, "limitType": "count"}, nil)}, []string{
			`elements["a"].rate.key: Invalid Attribute Value Length`, `elements["a"].rate.limit: Invalid Attribute Value`,
			`elements["a"].rate.window: Invalid Attribute Value`,
		}},
	}
}

// TestImportOfRefusedGraph imports routes that the provider would not create. The
// configuration that -generate-config-out writes is valid and plans nothing; a new route
// with it is refused.
func TestImportOfRefusedGraph(t *testing.T) {
	t.Parallel()
	for name, held := range heldGraphs() {
		for _, quirks := range [][]emulator.Quirk{nil, {emulator.RouteElementsTop}} {
			t.Run(name+"/"+acctest.QuirkName(quirks), func(t *testing.T) {
				t.Parallel()
				s := service(t, quirks...)
				graph := append([]map[string]any{made("start", "start", nil, map[string]string{"next": held.next})}, held.elements...)
				id := s.Emulator.PutRoute(s.AccountID, gatewayID, "route", append(graph, made("end", "end", nil, nil)))
				server := s.Protocol(t, nil)
				byName, byID := server.Resource(resourceType), server.Resource(resourceType)
				requireNone(t, byName.Import(gatewayID+"/route"))
				requireNone(t, byID.ImportIdentity(attrs{"account_id": s.AccountID, "gateway_id": gatewayID, "id": id}))
				for _, r := range []*protocol.Resource{byName, byID} {
					config := configurationOf(r)
					requireWarnings(t, r.Validate(config), held.warnings)
					plan, diags := r.Plan(config)
					requireWarnings(t, diags, held.warnings)
					if plan == nil || plan.Action != protocol.NoOp {
						t.Fatalf("the plan is not empty: %+v", plan)
					}
					r.MustPlanEmpty(config)
				}
				s.Emulator.ResetRequests()
				_, diags := server.Resource(resourceType).Plan(configurationOf(byName))
				if count := len(diags.At("elements")) + len(diags.At("entry")); !diags.HasError() || count != 2*len(held.warnings) {
					t.Errorf("for a new route: %s", diags)
				}
				s.RequireRequests(t)
			})
		}
	}
}

// configurationOf returns what -generate-config-out writes for a route.
func configurationOf(r *protocol.Resource) attrs {
	config := attrs{}
	for _, name := range []string{"gateway_id", "name", "entry", "elements"} {
		config[name] = r.State()[name]
	}
	return config
}

func requireWarnings(t *testing.T, diags protocol.Diagnostics, want []string) {
	t.Helper()
	var got []string
	for _, d := range diags {
		got = append(got, placeOf(d)+": "+d.Summary)
	}
	slices.Sort(got)
	if diags.HasError() || !slices.Equal(got, want) {
		t.Errorf("warnings %v, want %v:\n%s", got, want, diags)
	}
}

// TestChangeOfRefusedGraph changes a route that has a mistake. What the route has can be
// kept, in other elements too, and what is new is refused before a request is sent.
func TestChangeOfRefusedGraph(t *testing.T) {
	t.Parallel()
	s := service(t)
	start := made("start", "start", nil, map[string]string{"next": "a"})
	s.Emulator.PutRoute(s.AccountID, gatewayID, "route", []map[string]any{
		start, made("a", "model", attrs{"provider": "openai", "model": "gpt-5.2", "timeout": 10000, "retries": 0}, map[string]string{"success": "gone", "fallback": "end"}),
		storedModel("b", "gpt-5.2", "end"), made("end", "end", nil, nil),
	})
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, r.Import(gatewayID+"/route"))
	held := route(attrs{"a": to("gone", "end"), "b": both("end")})
	r.MustPlanEmpty(held)
	if action := r.MustApply(with(held, "name", "renamed")); action != protocol.Update {
		t.Error(action)
	}
	held = with(held, "name", "renamed")
	// The advice about the target names the new element, and is not another mistake.
	changed := with(with(held, "elements.a.model.model", "gpt-5.3"), "elements.c", both("end"))
	if action := r.MustApply(changed); action != protocol.Update {
		t.Error(action)
	}
	for at, value := range map[string]any{"elements.a.model.on_success": "elsewhere", "elements.c.model.retries": int64(-1), "entry": "none"} {
		s.Emulator.ResetRequests()
		if _, diags := r.Plan(with(changed, at, value)); len(errorsOf(diags)) != 1 {
			t.Errorf("%s: %s", at, diags)
		}
		s.RequireRequests(t)
	}
	// Once corrected, it cannot come back.
	fixed := with(changed, "elements.a.model", modelTo("openai", "gpt-5.3", "b", "c")["model"])
	r.MustApply(fixed)
	if _, diags := r.Plan(changed); !slices.Equal(errorsOf(diags), []string{`elements["a"].model.on_success: ` + noElement}) {
		t.Error(diags)
	}
}

// errorsOf returns places and summaries of errors, sorted.
func errorsOf(diags protocol.Diagnostics) []string {
	places := map[string]bool{}
	for _, d := range diags {
		if (protocol.Diagnostics{d}).HasError() {
			places[placeOf(d)+": "+d.Summary] = true
		}
	}
	return slices.Sorted(maps.Keys(places))
}

// TestGeneratedConfigurationOfRefusedGraph lets the CLI write the configurations of routes
// that the provider would not create. Validation warns, and the plan imports and no more.
func TestGeneratedConfigurationOfRefusedGraph(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsGenerateConfig()
	acctest.Require(t, supported, reason)
	s := service(t)
	w := s.NewWorkspace(t)
	imports, names := "", slices.Sorted(maps.Keys(heldGraphs()))
	for i, name := range names {
		held, route := heldGraphs()[name], fmt.Sprintf("route-%d", i)
		graph := append([]map[string]any{made("start", "start", nil, map[string]string{"next": held.next})}, held.elements...)
		s.Emulator.PutRoute(s.AccountID, gatewayID, route, append(graph, made("end", "end", nil, nil)))
		imports += fmt.Sprintf("import {\n  to = aigateway_dynamic_route.%s\n  id = %q\n}\n", route, gatewayID+"/"+route)
	}
	w.Write("import.tf", imports)
	w.Run("init", "-no-color")
	planned := w.Run("plan", "-no-color", "-generate-config-out=generated.tf")
	for _, warning := range []string{"Dynamic route without elements", "Cycle in a dynamic route", "Element that cannot be reached"} {
		if !strings.Contains(planned, "Warning: "+warning) {
			t.Errorf("the plan does not warn %q:\n%s", warning, planned)
		}
	}
	if out := w.Apply(); !strings.Contains(out, fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", len(names))) {
		t.Errorf("the import does more than import:\n%s", out)
	}
	w.RequireEmptyPlan()
}
