package dynamicroute_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// gated returns a route in which every way can lead elsewhere while all elements
// stay within reach.
func gated() attrs {
	return attrs{
		"gateway_id": gatewayID, "name": "support", "entry": "gate",
		"elements": attrs{
			"gate": attrs{"conditional": attrs{
				"conditions": `{"metadata.beta":{"$eq":true}}`, "on_true": "tier", "on_false": "split",
			}},
			"tier": attrs{"conditional": attrs{
				"conditions": `{"metadata.plan":{"$eq":"free"},"metadata.age":{"$gte":1}}`, "on_true": "split", "on_false": "quota",
			}},
			"split": attrs{"percentage": attrs{"outputs": attrs{"10%": "strong", "else": "quota"}}},
			"quota": attrs{"rate": attrs{
				"key": "metadata.user_id", "limit": 100.0, "limit_type": "count", "window": int64(60),
				"on_success": "strong", "on_fallback": "cheap",
			}},
			"strong": modelTo("openai", "gpt-5.2", "end", "cheap"),
			"cheap":  modelTo("workers-ai", "@cf/meta/llama-3.3-70b-instruct-fp8-fast", "end", "end"),
		},
	}
}

// change is a configuration that follows on [gated], and what it takes.
type change struct {
	name          string
	to            attrs
	rename, graph bool
	// state is the configuration that state has the graph of afterwards: nil for
	// the new one if the graph changes, the former one otherwise.
	state attrs
}

// edit returns a change of one value of the graph.
func edit(at string, value any) change {
	return change{name: at, to: with(gated(), "elements."+at, value), graph: true}
}

// spelling is another way to write the conditions of tier.
func spelling(name, conditions string) change {
	return change{name: name, to: with(gated(), "elements.tier.conditional.conditions", conditions)}
}

const rewritten = "{ \"metadata.age\" : {\"$gte\": 1.0},\n  \"metadata.plan\": {\"$eq\": \"free\"} }"

// everyChange returns all kinds of them: a list, so that names may repeat.
func everyChange() []change {
	last := modelTo("anthropic", "claude-sonnet-4-5", "end", "end")
	gateless := with(with(gated(), "elements.gate", nil), "entry", "tier")
	whole := with(with(gated(), "entry", "only"), "elements", attrs{"only": last})
	conditional := attrs{"conditional": attrs{"conditions": "{}", "on_true": "strong", "on_false": "cheap"}}
	return []change{
		{name: "name", to: with(gated(), "name", "help"), rename: true},
		{name: "name with what the pattern allows", to: with(gated(), "name", "id:Ünïcode.%2F?#v2"), rename: true},

		edit("tier.conditional.conditions", `{"metadata.plan":{"$eq":"pro"}}`),
		edit("tier.conditional.conditions", `{}`),
		edit("tier.conditional.on_true", "quota"),
		edit("tier.conditional.on_true", "end"),
		edit("tier.conditional.on_false", "split"),
		edit("split.percentage.outputs", attrs{"20%": "strong", "else": "quota"}),
		edit("split.percentage.outputs", attrs{"10%": "strong", "12.5%": "cheap", "else": "quota"}),
		edit("split.percentage.outputs", attrs{"100%": "quota"}),
		edit("split.percentage.outputs", attrs{"10%": "strong", "90%": "quota"}),
		edit("split.percentage.outputs.10%", "cheap"),
		edit("split.percentage.outputs.else", "end"),
		edit("quota.rate.key", "metadata.team"),
		edit("quota.rate.limit", 0.5),
		edit("quota.rate.limit", 0.0),
		edit("quota.rate.limit_type", "cost"),
		edit("quota.rate.window", int64(3600)),
		edit("quota.rate.on_success", "cheap"),
		edit("quota.rate.on_fallback", "end"),
		edit("strong.model.provider", "custom-mine"),
		edit("strong.model.model", "gpt-5.2-mini"),
		edit("strong.model.timeout", int64(1)),
		edit("strong.model.retries", int64(3)),
		edit("strong.model.on_success", "cheap"),
		edit("strong.model.on_fallback", "end"),

		{name: "element added", to: with(with(gated(), "elements.cheap.model.on_fallback", "last"), "elements.last", last), graph: true},
		{name: "element removed, and the entry", to: gateless, graph: true},
		{name: "element of another kind", to: with(gated(), "elements.quota", conditional), graph: true},
		{name: "element with another id", to: with(with(gateless, "elements.gate-2", gated()["elements"].(attrs)["gate"]), "entry", "gate-2"), graph: true},
		{name: "the whole graph", to: whole, graph: true},

		{name: "name and an edge", to: with(with(gated(), "name", "help"), "elements.tier.conditional.on_true", "quota"), rename: true, graph: true},
		{name: "name and the whole graph", to: with(whole, "name", "help"), rename: true, graph: true},
		{name: "name and white space", to: with(with(gated(), "elements.tier.conditional.conditions", rewritten), "name", "help"), rename: true},
		{
			name: "an edge and white space", graph: true,
			to:    with(with(gated(), "elements.tier.conditional.conditions", rewritten), "elements.tier.conditional.on_true", "quota"),
			state: with(gated(), "elements.tier.conditional.on_true", "quota"),
		},
		{
			name: "an edge, and spelling elsewhere", graph: true,
			to:    with(with(gated(), "elements.tier.conditional.conditions", rewritten), "elements.strong.model.on_fallback", "end"),
			state: with(gated(), "elements.strong.model.on_fallback", "end"),
		},
		edit("tier.conditional.conditions", `{"metadata.age":{"$gte":`+third+`}}`),

		{name: "nothing", to: gated()},
		spelling("white space, order and numbers", rewritten),
		spelling("white space", ` {"metadata.plan": {"$eq": "free"}, "metadata.age": {"$gte": 1}} `),
		spelling("order", `{"metadata.age":{"$gte":1},"metadata.plan":{"$eq":"free"}}`),
		spelling("1.0", `{"metadata.plan":{"$eq":"free"},"metadata.age":{"$gte":1.0}}`),
		spelling("1e0", `{"metadata.plan":{"$eq":"free"},"metadata.age":{"$gte":1e0}}`),
		spelling("an escape", `{"metadata.plan":{"$eq":"\u0066ree"},"metadata.age":{"$gte":1}}`),
		spelling("1 with a fraction of which a double knows nothing", `{"metadata.plan":{"$eq":"free"},"metadata.age":{"$gte":1.00000000000000000001}}`),
	}
}

// TestChange makes every kind of change, in place, with the requests that it
// takes and no other.
func TestChange(t *testing.T) {
	t.Parallel()
	for _, c := range everyChange() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, nil)
		})
	}
}

// TestChangeUnderQuirks makes one change of each sort, whatever the service's
// answers look like.
func TestChangeUnderQuirks(t *testing.T) {
	t.Parallel()
	few := slices.DeleteFunc(everyChange(), func(c change) bool {
		return !slices.Contains([]string{"name", "name and an edge", "an edge, and spelling elsewhere", "1e0"}, c.name)
	})
	sets := acctest.Combinations(emulator.RouteElementsTop, emulator.RouteRepliesBare, emulator.RouteListLags)[1:]
	sets = append(sets, []emulator.Quirk{emulator.ExtraFields}, []emulator.Quirk{emulator.ExtraFields, emulator.RouteElementsTop},
		[]emulator.Quirk{emulator.VersionsRefusePaging, emulator.RouteRepliesBare})
	for _, set := range sets {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			for _, c := range few {
				t.Run(c.name, func(t *testing.T) { c.run(t, set) })
			}
		})
	}
}

func (c change) run(t *testing.T, quirks []emulator.Quirk) {
	t.Helper()
	s := service(t, quirks...)
	r, id := exists(t, s, s.Protocol(t, nil), gated())
	requireInForce(t, s, r)
	before := r.State()
	s.Emulator.Clock().Advance(time.Minute)

	plan := planOf(t, r, c.to)
	c.requirePlan(t, plan, before)
	if diags := r.Apply(plan); len(diags) > 0 {
		t.Fatal(diags)
	}
	s.RequireRequests(t, c.requests(only(t, s), quirks)...)
	requireInForce(t, s, r)
	after := r.State()
	r.MustPlanEmpty(c.to)
	s.RequireRequests(t, "GET "+routes+"/"+id)
	requireInForce(t, s, r)

	for attribute, changes := range map[string]bool{
		"id": false, "account_id": false, "created_at": false, "version_id": c.graph, "deployment_id": c.graph,
		"modified_at": c.graph || c.rename, "name": c.rename, "model": c.rename,
	} {
		if (after[attribute] != before[attribute]) != changes {
			t.Errorf("%s was %v and is %v: changes is not %v", attribute, before[attribute], after[attribute], changes)
		}
	}
	made, state := 1, gated()
	if c.graph {
		made, state = 2, c.to
	}
	if c.state != nil {
		state = c.state
	}
	requireGraph(t, r, state)
	requireHistory(t, s, made)
	if n := len(only(t, s).Deployments); n != made {
		t.Errorf("%d deployments, want %d", n, made)
	}
}

// requirePlan fails the test unless the plan says what will change, and no
// more.
func (c change) requirePlan(t *testing.T, plan *protocol.Plan, before attrs) {
	t.Helper()
	want := protocol.NoOp
	if c.rename || c.graph {
		want = protocol.Update
	}
	if plan.Action != want {
		t.Errorf("the plan is %s, want %s", plan.Action, want)
	}
	planned := protocol.Object(t, plan.Planned)
	for _, attribute := range []string{"id", "account_id", "created_at"} {
		if planned[attribute] != before[attribute] {
			t.Errorf("%s is planned as %v, want %v", attribute, planned[attribute], before[attribute])
		}
	}
	if name, _ := c.to["name"].(string); planned["model"] != "dynamic/"+name {
		t.Errorf("model is planned as %v", planned["model"])
	}
	for attribute, unknown := range map[string]bool{"version_id": c.graph, "deployment_id": c.graph, "modified_at": c.graph || c.rename} {
		if (planned[attribute] == protocol.Unknown) != unknown {
			t.Errorf("%s is planned as %v, want it unknown: %v", attribute, planned[attribute], unknown)
		}
	}
}

// requests returns those of an apply. Where answers do not say which version was
// made, it is looked for; where they do not say what was deployed, the route is
// read.
func (c change) requests(stored emulator.StoredRoute, quirks []emulator.Quirk) []string {
	has := func(quirk emulator.Quirk) bool { return slices.Contains(quirks, quirk) }
	one := routes + "/" + stored.ID
	var requests []string
	if c.rename {
		requests = append(requests, "PATCH "+one)
	}
	if !c.graph {
		return requests
	}
	requests = append(requests, "GET "+one, "POST "+one+versions)
	if has(emulator.RouteRepliesBare) {
		list := "GET " + one + versions
		requests = append(requests, list)
		if has(emulator.RouteListLags) {
			requests = append(requests, list)
		}
		if !has(emulator.RouteElementsTop) {
			requests = append(requests, "GET "+one+versions+"/"+stored.Deployed)
		}
	}
	requests = append(requests, "POST "+one+deployments)
	if has(emulator.RouteRepliesBare) {
		requests = append(requests, "GET "+one)
	}
	return requests
}

// TestRequestBodies holds the requests to the wire's form, written out.
func TestRequestBodies(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), with(gated(), "elements", attrs{
		"gate":  attrs{"conditional": attrs{"conditions": ` {"body.max_tokens": {"$lt": 1e2}} `, "on_true": "split", "on_false": "quota"}},
		"split": attrs{"percentage": attrs{"outputs": attrs{"12.5%": "ask", "else": "end"}}},
		"quota": attrs{"rate": attrs{
			"key": "metadata.user_id", "limit": 0.25, "limit_type": "cost", "window": int64(86400), "on_success": "ask", "on_fallback": "end",
		}},
		"ask": modelTo("openai", "gpt-5.2", "end", "end"),
	}))
	replaced := with(with(gated(), "entry", "ask"), "elements", attrs{"ask": modelTo("openai", "gpt-5.2", "end", "end")})
	r.MustApply(with(replaced, "name", "help"))
	const start, ask = `{"id":"start","type":"start","outputs":{"next":{"elementId":"`,
		`{"id":"ask","type":"model","properties":{"provider":"openai","model":"gpt-5.2","timeout":10000,"retries":0},` +
			`"outputs":{"fallback":{"elementId":"end"},"success":{"elementId":"end"}}},{"id":"end","type":"end","outputs":{}}`
	var bodies []string
	for _, request := range s.Emulator.Requests() {
		if request.Body != "" {
			bodies = append(bodies, request.Method+" "+strings.TrimPrefix(request.Path, "/client/v4")+" "+request.Body)
		}
	}
	at := strings.ReplaceAll(routes, "…", s.AccountID) + "/" + id
	want := []string{
		"PATCH " + at + ` {"name":"help"}`,
		"POST " + at + `/versions {"elements":[` + start + `ask"}}},` + ask + `]}`,
		"POST " + at + `/deployments {"version_id":"` + only(t, s).Deployed + `"}`,
	}
	if !slices.Equal(bodies, want) {
		t.Errorf("requests\n  %s\nwant\n  %s", strings.Join(bodies, "\n  "), strings.Join(want, "\n  "))
	}
}
