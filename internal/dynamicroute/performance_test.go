package dynamicroute_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// manyElements returns the size of a large graph: more than anyone writes by hand,
// and less in quick runs.
func manyElements() int {
	if acctest.Deep() {
		return 200
	}
	return 40
}

// longRoute returns a valid route of n elements of all kinds.
func longRoute(n int) attrs {
	id := func(i int) string {
		if i >= n {
			return "end"
		}
		return fmt.Sprintf("element-%03d", i)
	}
	elements := attrs{}
	for i := range n {
		next, over := id(i+1), id(i+2)
		var element attrs
		switch i % 4 {
		case 0:
			element = attrs{"conditional": attrs{
				"conditions": fmt.Sprintf(`{"$and":[{"metadata.plan":{"$eq":"plan-%d"}},{"metadata.age":{"$gt":%d}}]}`, i, i), "on_true": next, "on_false": over,
			}}
		case 1:
			element = attrs{"percentage": attrs{"outputs": attrs{"10%": next, "20.5%": over, "else": next}}}
		case 2:
			element = attrs{"rate": attrs{
				"key": "metadata.user_id", "limit": 100.0, "limit_type": "count", "window": int64(60), "on_success": next, "on_fallback": over,
			}}
		default:
			element = modelTo("openai", fmt.Sprintf("gpt-%d", i), next, over)
		}
		elements[id(i)] = element
	}
	return attrs{"gateway_id": gatewayID, "name": "long", "entry": id(0), "elements": elements}
}

// editedRoute returns a longRoute with another model in its last element.
func editedRoute(n int) attrs {
	route := longRoute(n)
	elements, _ := route["elements"].(attrs)
	elements[fmt.Sprintf("element-%03d", n-1)] = modelTo("openai", "another", "end", "end")
	return route
}

// A planner sends what a plan asks of a provider: to validate a configuration,
// and to plan it.
type planner struct {
	server   tfprotov6.ProviderServer
	validate *tfprotov6.ValidateResourceConfigRequest
	change   *tfprotov6.PlanResourceChangeRequest
}

// A measured is a provider whose plans are measured, by one of its resources.
type measured struct {
	factory  func() provider.Provider
	typeName string
	// before is state after an apply of a longRoute.
	before attrs
}

// newMeasured applies a longRoute.
func newMeasured(tb testing.TB, factory func() provider.Provider, typeName string) measured {
	tb.Helper()
	r := protocol.New(tb, factory, attrs{}).Resource(typeName)
	plan, diags := r.Plan(longRoute(manyElements()))
	require(tb, nil, append(diags, r.Apply(plan)...)...)
	return measured{factory, typeName, r.State()}
}

// planner returns a planner of a change.
func (s measured) planner(tb testing.TB, c plannedChange) planner {
	tb.Helper()
	factory, typeName := s.factory, s.typeName
	server := providerserver.NewProtocol6(factory())()
	schemas, err := server.GetProviderSchema(tb.Context(), &tfprotov6.GetProviderSchemaRequest{})
	require(tb, err)
	configured, err := server.ConfigureProvider(tb.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: dynamic(tb, schemas.Provider.ValueType(), attrs{}),
	})
	require(tb, err, configured.Diagnostics...)
	typ := schemas.ResourceSchemas[typeName].ValueType()
	config, prior := dynamic(tb, typ, c.after), dynamic(tb, typ, nil)
	proposed := config
	if c.exists {
		merged := maps.Clone(s.before)
		prior = dynamic(tb, typ, merged)
		maps.Copy(merged, c.after)
		proposed = dynamic(tb, typ, merged)
	}
	return planner{
		server:   server,
		validate: &tfprotov6.ValidateResourceConfigRequest{TypeName: typeName, Config: config},
		change: &tfprotov6.PlanResourceChangeRequest{
			TypeName: typeName, Config: config, PriorState: prior, ProposedNewState: proposed,
		},
	}
}

func dynamic(tb testing.TB, typ tftypes.Type, v any) *tfprotov6.DynamicValue {
	tb.Helper()
	if plain, ok := v.(attrs); ok && plain == nil {
		v = nil
	}
	value, err := tfprotov6.NewDynamicValue(typ, protocol.Value(tb, typ, v))
	require(tb, err)
	return &value
}

func require(tb testing.TB, err error, diags ...*tfprotov6.Diagnostic) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
	if len(diags) > 0 {
		tb.Fatal(protocol.Diagnostics(diags))
	}
}

// plan does once what is measured.
func (p planner) plan(tb testing.TB) {
	tb.Helper()
	validated, err := p.server.ValidateResourceConfig(tb.Context(), p.validate)
	require(tb, err, validated.Diagnostics...)
	planned, err := p.server.PlanResourceChange(tb.Context(), p.change)
	require(tb, err, planned.Diagnostics...)
}

// A plannedChange is from a longRoute, or from nothing, to a configuration.
type plannedChange struct {
	exists bool
	after  attrs
}

// changes returns the plans that are measured.
func changes() map[string]plannedChange {
	return map[string]plannedChange{
		"create":      {false, longRoute(manyElements())},
		"no change":   {true, longRoute(manyElements())},
		"one element": {true, editedRoute(manyElements())},
	}
}

// TestPlanOfManyElements plans without an error or a warning. How long that
// takes is BenchmarkPlan's to measure.
func TestPlanOfManyElements(t *testing.T) {
	t.Parallel()
	provided, echoed := newMeasured(t, service(t).Provider(), resourceType), newMeasured(t, newEcho, echoType)
	for _, change := range changes() {
		provided.planner(t, change).plan(t)
		echoed.planner(t, change).plan(t)
	}
}

// BenchmarkPlan measures plans of a large route (200 elements with
// AIGATEWAY_TEST_DEPTH=full) beside those of the echo, which is what the framework
// costs. The aims are half a second for a plan, and 1.2 times the echo.
func BenchmarkPlan(b *testing.B) {
	provided, echoed := newMeasured(b, service(b).Provider(), resourceType), newMeasured(b, newEcho, echoType)
	for _, name := range slices.Sorted(maps.Keys(changes())) {
		change := changes()[name]
		b.Run(name+"/echo", func(b *testing.B) {
			p := echoed.planner(b, change)
			for b.Loop() {
				p.plan(b)
			}
		})
		b.Run(name+"/ours", func(b *testing.B) {
			p := provided.planner(b, change)
			for b.Loop() {
				p.plan(b)
			}
		})
	}
}
