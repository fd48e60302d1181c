package emulator_test

import (
	"fmt"
	"maps"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// limited creates a route with a rate element before the model "in". Requests beyond the
// limit go to the model "over". Properties change the default: 3 requests a minute for each
// metadata.user.
func (h harness) limited(properties ...object) (id string) {
	h.t.Helper()
	return h.route(limit(properties...), ask("in", "openai/in", "end", "end"), ask("over", "openai/over", "end", "end"))
}

func limit(properties ...object) object {
	all := object{"limitType": "count", "key": "metadata.user", "limit": 3, "window": 60}
	for _, p := range properties {
		maps.Copy(all, p)
	}
	return node("limit", "rate", all, "success", "in", "fallback", "over")
}

// within sends a request of a user, which has a cost in US dollars, and reports whether it
// passed the limit.
func (h harness) within(user string, cost float64) bool {
	h.t.Helper()
	r := h.ask("cf-aig-metadata", `{"user":"`+user+`"}`, "cf-aig-custom-cost", fmt.Sprintf(`{"total_cost":%v}`, cost))
	r.text(h.t)
	return r.header.Get("cf-aig-model") == "in"
}

// wantWithin sends one request of a user for each digit of want: 1 for a request that
// passes, 0 for one that does not.
func (h harness) wantWithin(user string, cost float64, want string) {
	h.t.Helper()
	got := ""
	for range len(want) {
		got += map[bool]string{true: "1", false: "0"}[h.within(user, cost)]
	}
	equal(h.t, fmt.Sprintf("user %v: passed", user), want, got)
}

func TestRouteRate(t *testing.T) {
	h := open(t)
	h.limited(object{"limit": 100})
	for i := range 100 {
		if !h.within("a", 1) {
			t.Fatalf("request %d is beyond the limit", i+1)
		}
	}
	h.wantWithin("a", 1, "00")
	h.wantWithin("b", 1, "1")
	h.Clock().Advance(59 * time.Second)
	h.wantWithin("a", 1, "0")
	h.Clock().Advance(time.Second)
	h.wantWithin("a", 1, "1")
}

func TestRouteRateSlides(t *testing.T) {
	h := open(t)
	h.limited()
	h.wantWithin("a", 1, "1")
	h.Clock().Advance(40 * time.Second)
	h.wantWithin("a", 1, "110")
	h.Clock().Advance(20 * time.Second) // the first is over
	h.wantWithin("a", 1, "10")
	// Refused requests do not count.
	h.Clock().Advance(40 * time.Second)
	h.wantWithin("a", 1, "110")
}

func TestRouteRateForms(t *testing.T) {
	h := open(t)
	h.limited(object{"technique": "fixed"})
	h.wantWithin("a", 1, "1110")
	h.Clock().Advance(30 * time.Second) // the next minute
	h.wantWithin("a", 1, "1110")
	// The documented names. The window slides unless the technique is fixed.
	documented := limit(object{"window": nil, "interval": 60})
	documented["type"] = "rate_limit"
	h.route(documented, ask("in", "openai/in", "end", "end"), ask("over", "openai/over", "end", "end"))
	h.Clock().Advance(30 * time.Second)
	h.wantWithin("a", 1, "1110")
	h.Clock().Advance(30 * time.Second) // the next minute
	h.wantWithin("a", 1, "0")
	h.limited(object{"window": 0, "technique": "fixed"})
	h.wantWithin("a", 1, "11111")
}

func TestRouteRateKeys(t *testing.T) {
	for _, tt := range []struct {
		name, key   string
		first, next []string
		same        bool
	}{
		{"same user", "metadata.user", []string{"cf-aig-metadata", `{"user":"a","x":1}`}, []string{"cf-aig-metadata", `{"user":"a"}`}, true},
		{"another user", "metadata.user", []string{"cf-aig-metadata", `{"user":"a"}`}, []string{"cf-aig-metadata", `{"user":"b"}`}, false},
		{"numbers", "metadata.user", []string{"cf-aig-metadata", `{"user":7}`}, []string{"cf-aig-metadata", `{"user":7.0}`}, true},
		{"without the key", "metadata.user", nil, []string{"cf-aig-metadata", `{"x":1}`}, true},
		{"with and without", "metadata.user", nil, []string{"cf-aig-metadata", `{"user":""}`}, false},
		{"header", "headers.x-team", []string{"X-Team", "a"}, []string{"x-team", "b"}, false},
		{"same header", "headers.X-TEAM", []string{"X-Team", "a"}, []string{"x-team", "a"}, true},
		{"body", "body.messages.0.content", nil, nil, true},
		{"no key", "", []string{"X-Team", "a"}, []string{"X-Team", "b"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			h.limited(object{"limit": 1, "key": tt.key})
			h.ask(tt.first...).wantModel(t, "openai/in", "0")
			want := "openai/in"
			if tt.same {
				want = "openai/over"
			}
			h.ask(tt.next...).wantModel(t, want, "0")
		})
	}
}

func TestRouteRateSurvivesDeployments(t *testing.T) {
	h := open(t)
	id := h.limited()
	h.wantWithin("a", 1, "11")
	graph := []object{node("s", "start", nil, "next", "limit"), limit(object{"limit": 4}),
		ask("in", "openai/in", "end", "end"), ask("over", "openai/over", "end", "end")}
	h.DeployRoute(accountID, "gw", id, graph)
	h.wantWithin("a", 1, "110")
	// Another element counts for itself, and so does another route.
	graph[1]["id"] = "another"
	graph[0] = node("s", "start", nil, "next", "another")
	h.DeployRoute(accountID, "gw", id, graph)
	h.wantWithin("a", 1, "11110")
	h.limited()
	h.wantWithin("a", 1, "1110")
}

func TestRouteBudget(t *testing.T) {
	h := open(t)
	h.limited(object{"limitType": "cost", "limit": 2.5})
	// The request that exceeds the budget passes, the next one does not.
	h.wantWithin("a", 1, "11100")
	h.wantWithin("b", 9, "10")
	h.wantWithin("c", 0, "11111")
	h.Clock().Advance(time.Minute)
	h.wantWithin("a", 3, "10")
}

// TestRouteBudgetCountsEveryResponse shows that a request costs what all its successful
// models cost.
func TestRouteBudgetCountsEveryResponse(t *testing.T) {
	h := open(t)
	h.route(limit(object{"limitType": "cost", "limit": 4}), ask("in", "openai/first", "second", "end"),
		ask("second", "emulator/status-500", "end", "third"), ask("third", "openai/in", "end", "end"),
		ask("over", "openai/over", "end", "end"))
	h.wantWithin("a", 2, "10")
	// A blocked response costs too.
	h.put("gw", object{"guardrails": object{"prompt": object{}, "response": object{"S1": "BLOCK"}}})
	h.limited(object{"limitType": "cost", "limit": 1})
	h.chat("gw", "dynamic/r", "[[guardrail-response:S1]]", "cf-aig-custom-cost", `{"total_cost":1}`).wantDataError(t, 424, 2017, "Response blocked")
	h.ask().wantModel(t, "openai/over", "0")
}

// TestRoutePercentage shows that models are called by their shares. Package dataplane
// tests the shares.
func TestRoutePercentage(t *testing.T) {
	const draws = 300
	h := open(t, object{"collect_logs": false})
	h.route(node("split", "percentage", nil, "50%", "m50", "10%", "m10", "else", "rest"),
		ask("m50", "openai/m50", "end", "end"), ask("m10", "openai/m10", "end", "end"), ask("rest", "openai/rest", "end", "end"))
	got := map[string]float64{}
	for range draws {
		got[h.ask().header.Get("cf-aig-model")]++
	}
	for model, p := range map[string]float64{"m10": 0.1, "m50": 0.5, "rest": 0.4} {
		sigma := math.Sqrt(draws * p * (1 - p))
		if off := math.Abs(got[model] - draws*p); off > 3*sigma || len(got) != 3 {
			t.Errorf("%s was called %v times, want %v ± %.0f", model, got[model], draws*p, 3*sigma)
		}
	}
	h.route(node("split", "percentage", nil, "half", "m1", "else", "rest"),
		ask("m1", "openai/m1", "end", "end"), ask("rest", "openai/rest", "end", "end"))
	h.ask().wantModel(t, "openai/rest", "0")
	h = open(t)
	h.route(node("split", "percentage", nil))
	h.ask().wantNoModel(t)
}

func TestSeed(t *testing.T) {
	draw := func(opts emulator.Options) string {
		h := start(t, opts)
		h.create("gw")
		h.route(node("split", "percentage", nil, "50%", "a", "else", "b"),
			ask("a", "openai/a", "end", "end"), ask("b", "openai/b", "end", "end"))
		out := ""
		for range 64 {
			out += h.ask().header.Get("cf-aig-model")
		}
		return out
	}
	standard, one := draw(emulator.Options{}), draw(emulator.Options{Seed: 1})
	equal(t, "two servers with the default seed differ", standard, draw(emulator.Options{}))
	equal(t, "two servers with the seed 1 differ", one, draw(emulator.Options{Seed: 1}))
	expect(t, one != standard, "the seed makes no difference: %s", one)
}

// TestRouteRateConcurrently shows that concurrent requests are counted once each.
func TestRouteRateConcurrently(t *testing.T) {
	h := open(t)
	h.route(limit(object{"limit": 50}), node("in", "percentage", nil, "50%", "a", "else", "b"),
		ask("a", "openai/a", "end", "end"), ask("b", "openai/b", "end", "end"), ask("over", "openai/over", "end", "end"))
	var wg sync.WaitGroup
	var passed atomic.Int64
	for range 8 {
		wg.Go(func() {
			for range 10 {
				if h.ask().header.Get("cf-aig-model") != "over" {
					passed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	equal(t, "requests that passed", int64(50), passed.Load())
}
