package dynamicroute_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestPropertyRoundTrip: any valid graph goes to the wire, into the emulator,
// back and into state, where it is what was configured; the plan after is
// empty, also for one who knows only what the service says; and any edit of it
// is applied in place.
func TestPropertyRoundTrip(t *testing.T) {
	t.Parallel()
	sets := acctest.Combinations(emulator.RouteElementsTop, emulator.ExtraFields, emulator.RouteRepliesBare)
	rapid.Check(t, func(rt *rapid.T) {
		s := service(t, rapid.SampledFrom(sets).Draw(rt, "quirks")...)
		g := anyGraph(anySize).Draw(rt, "graph")
		r := s.Protocol(t, nil).Resource(resourceType)
		r.MustApply(g.config())
		id := r.State()["id"]
		for i := range rapid.IntRange(1, 2).Draw(rt, "edits") {
			edited, want := anyEdit(g).Draw(rt, fmt.Sprint("edit ", i)), protocol.Update
			if edited.means() == g.means() {
				want = protocol.NoOp
			}
			g = edited
			if got := r.MustApply(g.config()); got != want {
				t.Errorf("%s, want %s", got, want)
			}
			if r.State()["id"] != id {
				t.Errorf("the id was %v and is %v", id, r.State()["id"])
			}
		}
		requireRoundTrip(t, s, r, g)
		if t.Failed() {
			rt.Fatalf("with %v", g.config())
		}
		r.MustApply(nil)
	})
}

// TestManyElements is the same for a graph of the size that has to work,
// whatever sizes are drawn above.
func TestManyElements(t *testing.T) {
	t.Parallel()
	g := anyGraph(rapid.Just(manyElements())).Example(1)
	s := service(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, try(t, r, g.config()))
	requireRoundTrip(t, s, r, g)
	if stored := only(t, s); len(stored.Versions) != 1 {
		t.Errorf("%d versions", len(stored.Versions))
	}
	g.nodes[manyElements()/2].values++
	plan := planOf(t, r, g.config())
	requireNone(t, r.Apply(plan))
	if after := planOf(t, r, g.config()); plan.Action != protocol.Update || after.Action != protocol.NoOp {
		t.Errorf("%s, then %s", plan.Action, after.Action)
	}
}

// requireRoundTrip fails the test unless the state has the graph, and an import
// of it has nothing to change.
func requireRoundTrip(t *testing.T, s *acctest.Service, r *protocol.Resource, g graph) {
	t.Helper()
	state, _ := r.State()["elements"].(attrs)
	if len(state) != len(g.nodes) {
		t.Errorf("state has %d elements, want %d", len(state), len(g.nodes))
	}
	imported := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, imported.Import(gatewayID+"/"+g.name))
	plan := planOf(t, imported, g.config())
	if plan.Action != protocol.NoOp {
		t.Errorf("after an import: %s", plan.Action)
	}
}

// TestPropertyInvalid: a valid graph with one mistake is refused with one error
// that names the element, and nothing is sent.
func TestPropertyInvalid(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	for _, name := range slices.Sorted(maps.Keys(mistakes)) {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				g := anyGraph(rapid.IntRange(1, 12)).Draw(rt, "graph")
				config := g.config()
				element := mistakes[name](rt, g, config)
				_, diags := server.Resource(resourceType).Plan(config)
				// Validation warns of what a route may have.
				last := len(diags) - 1
				if !diags.HasError() || last > 1 || diags[0].Summary != diags[last].Summary {
					rt.Fatalf("want one error:\n%s\nwith %v", diags, config)
				}
				if said := placeOf(diags[last]) + diags[last].Detail; !strings.Contains(said, fmt.Sprintf("%q", element)) {
					rt.Fatalf("this does not name %q:\n%s\nwith %v", element, diags, config)
				}
			})
			s.RequireRequests(t)
		})
	}
}

// mistakes break a configuration of a valid graph, each in one way, and return
// the element that is at fault.
var mistakes = map[string]func(t *rapid.T, g graph, config attrs) string{
	"missing target": func(t *rapid.T, g graph, config attrs) string {
		n := g.anyNode(t)
		n.lead(t, config, "no such element")
		return n.id
	},
	"missing entry": func(_ *rapid.T, _ graph, config attrs) string {
		config["entry"] = "no such element"
		return "no such element"
	},
	"unreachable": func(t *rapid.T, g graph, config attrs) string {
		elementsOf(config)["nobody's"] = both(rapid.SampledFrom(append(g.ids(), "end")).Draw(t, "leads to"))
		return "nobody's"
	},
	"cycle": func(t *rapid.T, g graph, config attrs) string {
		n := g.anyNode(t)
		n.lead(t, config, rapid.SampledFrom(g.above(n)).Draw(t, "back to").id)
		return n.id
	},
	"way to start": func(t *rapid.T, g graph, config attrs) string {
		n := g.anyNode(t)
		n.lead(t, config, "start")
		return n.id
	},
	"no kind": func(t *rapid.T, g graph, config attrs) string {
		n := g.anyNode(t)
		elementsOf(config)[n.id] = attrs{}
		return n.id
	},
	"several kinds": func(t *rapid.T, g graph, config attrs) string {
		n := g.anyNode(t)
		element, _ := elementsOf(config)[n.id].(attrs)
		other := both("end")
		if n.kind == "model" {
			other = percentage(attrs{"else": "end"})
		}
		maps.Copy(element, other)
		return n.id
	},
	"reserved id": func(t *rapid.T, _ graph, config attrs) string {
		id := rapid.SampledFrom([]string{"start", "end", ""}).Draw(t, "id")
		elementsOf(config)[id] = both("end")
		return id
	},
	"bad share": func(t *rapid.T, g graph, config attrs) string {
		share := rapid.SampledFrom([]string{"ten", "10", "-1%", "1.1.1%", "%", "1e1%"}).Draw(t, "share")
		return g.insert(config, percentage(attrs{share: "end", "else": "end"}))
	},
	"share in another spelling": func(t *rapid.T, g graph, config attrs) string {
		share := rapid.SampledFrom([]string{"10.0%", "010%", "00%", "0.50%", "100.0%", "007.250%"}).Draw(t, "share")
		return g.insert(config, percentage(attrs{share: "end", "else": "end"}))
	},
	"equal shares": func(t *rapid.T, g graph, config attrs) string {
		two := rapid.Permutation([]string{"10%", "10.0%", "010%", "010.00%"}).Draw(t, "shares")
		return g.insert(config, percentage(attrs{two[0]: "end", two[1]: "end", "else": "end"}))
	},
	"above 100": func(_ *rapid.T, g graph, config attrs) string {
		return g.insert(config, percentage(attrs{"99%": "end", "1.000000001%": "end"}))
	},
	"no rest": func(_ *rapid.T, g graph, config attrs) string {
		return g.insert(config, percentage(attrs{"99%": "end", "0.999999999%": "end"}))
	},
	"no outputs": func(_ *rapid.T, g graph, config attrs) string {
		return g.insert(config, percentage(attrs{}))
	},
	"six shares": func(_ *rapid.T, g graph, config attrs) string {
		return g.insert(config, percentage(attrs{"1%": "end", "2%": "end", "3%": "end", "4%": "end", "5%": "end", "6%": "end", "else": "end"}))
	},
	"bad JSON": func(t *rapid.T, g graph, config attrs) string {
		return g.insert(config, attrs{"conditional": attrs{
			"conditions": rapid.SampledFrom([]string{"", "{", "[]", `"{}"`, "null", "1", "{} {}"}).Draw(t, "conditions"), "on_true": "end", "on_false": "end",
		}})
	},
	"number that is no double": func(t *rapid.T, g graph, config attrs) string {
		number := rapid.SampledFrom([]string{"9007199254740992", "-9007199254740992", "12345678901234567890", "1e999", "-1.5e+400"}).Draw(t, "number")
		where := rapid.SampledFrom([]string{`{"a":%}`, `{"a":[{"b":[1,%]}],"c":1}`, ` {"$and": [{"a":{"$gt": %}}]} `}).Draw(t, "where")
		return g.insert(config, attrs{"conditional": attrs{"conditions": strings.Replace(where, "%", number, 1), "on_true": "end", "on_false": "end"}})
	},
	"bad rate": func(t *rapid.T, g graph, config attrs) string {
		rate := attrs{
			"key": "metadata.user", "limit": 1.0, "limit_type": "count", "window": int64(1), "on_success": "end", "on_fallback": "end",
		}
		wrong := rapid.SampledFrom([]attrs{
			{"key": ""}, {"limit": -0.1}, {"limit_type": "cash"}, {"window": int64(0)}, {"window": 60.5}, {"window": 1e16},
		}).Draw(t, "attribute")
		maps.Copy(rate, wrong)
		return g.insert(config, attrs{"rate": rate})
	},
	"bad model": func(t *rapid.T, g graph, config attrs) string {
		wrong := rapid.SampledFrom([]attrs{
			{"provider": ""}, {"model": ""}, {"timeout": int64(-1)}, {"retries": int64(-1)}, {"timeout": 1.4}, {"retries": 1e-9},
		}).Draw(t, "attribute")
		model := modelOf(both("end"))
		maps.Copy(model, wrong)
		return g.insert(config, attrs{"model": model})
	},
}
