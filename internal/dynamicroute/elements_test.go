package dynamicroute_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// storedModel returns a model element in the terms of the wire.
func storedModel(id, model, success string) map[string]any {
	return made(id, "model", attrs{"provider": "openai", "model": model, "timeout": 10000, "retries": 0},
		map[string]string{"success": success, "fallback": success})
}

// TestElementsFromTheService reads the forms in which the service may describe
// elements.
func TestElementsFromTheService(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stored map[string]any
		want   attrs
	}{
		"numbers with a point": {
			made("a", "model", attrs{"provider": "openai", "model": "m", "timeout": 10.0, "retries": 1e0}, map[string]string{"success": "end", "fallback": "end"}),
			attrs{"model": attrs{"provider": "openai", "model": "m", "timeout": int64(10), "retries": int64(1), "on_success": "end", "on_fallback": "end"}},
		},
		"no conditions": {
			made("a", "conditional", attrs{}, map[string]string{"true": "end", "false": "end"}),
			attrs{"conditional": attrs{"conditions": "{}", "on_true": "end", "on_false": "end"}},
		},
		"ways out that are missing": {
			made("a", "rate", attrs{"key": "metadata.u", "limit": 0.5, "limitType": "cost", "window": 60}, nil),
			attrs{"rate": attrs{
				"key": "metadata.u", "limit": 0.5, "limit_type": "cost", "window": int64(60), "on_success": "end", "on_fallback": "end",
			}},
		},
		"a percentage": {
			made("a", "percentage", nil, map[string]string{"10%": "end", "else": "end"}),
			attrs{"percentage": attrs{"outputs": attrs{"10%": "end", "else": "end"}}},
		},
		"shares in other spellings": {
			made("a", "percentage", nil, map[string]string{"010%": "end", "2.50%": "end", "0.0%": "end", "else": "end"}),
			attrs{"percentage": attrs{"outputs": attrs{"10%": "end", "2.5%": "end", "0%": "end", "else": "end"}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			start := made("start", "start", nil, map[string]string{"next": "a"})
			s.Emulator.PutRoute(s.AccountID, gatewayID, "route", []map[string]any{start, test.stored, made("end", "end", nil, nil)})
			r := s.Protocol(t, nil).Resource(resourceType)
			requireNone(t, r.Import(gatewayID+"/route"))
			requireGraph(t, r, route(attrs{"a": test.want}))
			r.MustPlanEmpty(route(attrs{"a": test.want}))
		})
	}
}

// TestUnknownType: an element of a type that the provider does not know shows
// as empty, with a warning that names it, and as a difference that an apply
// removes.
func TestUnknownType(t *testing.T) {
	t.Parallel()
	s := service(t)
	s.Emulator.PutRoute(s.AccountID, gatewayID, "route", []map[string]any{
		made("start", "start", nil, map[string]string{"next": "cache"}),
		made("cache", "semantic_cache", attrs{"ttl": 60}, map[string]string{"hit": "end", "miss": "a"}),
		storedModel("a", "gpt-5.2", "end"),
		made("end", "end", nil, nil),
	})
	r := s.Protocol(t, nil).Resource(resourceType)
	diags := r.Import(gatewayID + "/route")
	requireSays(t, diags, "WARNING: Elements that this version of the provider does not know", `The dynamic route "route" has elements of types that `+
		"this version of the provider does not know: cache. They are shown as empty")
	if diags.HasError() {
		t.Fatal(diags)
	}
	state, _ := r.State()["elements"].(attrs)
	cache, exists := state["cache"].(attrs)
	if !exists || cache["model"] != nil || cache["conditional"] != nil || cache["percentage"] != nil || cache["rate"] != nil {
		t.Errorf("cache = %v", state["cache"])
	}
	config := route(attrs{"a": both("end")})
	if action := r.MustApply(config); action != protocol.Update {
		t.Error(action)
	}
	requireGraph(t, r, config)
}

// TestSpelling: what means the same stays as it was written, also in an element
// of which something else changes, and after a read.
func TestSpelling(t *testing.T) {
	t.Parallel()
	s := service(t)
	const first, second = "{ \"b\": [1.0, true],\n  \"a\": \"\\u00e9\" }", `{"a":"é","b":[1,true]}`
	config := func(conditions, onFalse string) attrs {
		return route(attrs{
			"a": attrs{"conditional": attrs{"conditions": conditions, "on_true": "b", "on_false": onFalse}},
			"b": percentage(attrs{"10.5%": "end", "else": "end"}),
		})
	}
	r := s.Protocol(t, nil).Resource(resourceType)
	r.MustApply(config(first, "end"))
	requireGraph(t, r, config(first, "end"))
	if action := r.MustApply(config(second, "end")); action != protocol.NoOp {
		t.Errorf("another spelling: %s", action)
	}
	requireGraph(t, r, config(first, "end"))

	// Only the way out is planned, and conditions keep their text.
	plan := planOf(t, r, config(second, "b"))
	planned, _ := protocol.Object(t, plan.Planned)["elements"].(attrs)
	element, _ := planned["a"].(attrs)
	conditional, _ := element["conditional"].(attrs)
	if plan.Action != protocol.Update || conditional["conditions"] != first || conditional["on_false"] != "b" {
		t.Errorf("%s of %v", plan.Action, conditional)
	}
	requireNone(t, r.Apply(plan))
	requireGraph(t, r, config(first, "b"))
	r.MustPlanEmpty(config(second, "b"))

	// Another number is another value.
	if action := r.MustApply(config(`{"a":"é","b":[1.5,true]}`, "b")); action != protocol.Update {
		t.Errorf("another value: %s", action)
	}
}

// third is 1/3 as Terraform and OpenTofu write it.
var third = "0." + strings.Repeat("3", 150)

// TestFractions: numbers with more digits than a double has are kept as they
// were written, and stay what they are.
func TestFractions(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string][]emulator.Quirk{"plain": nil, "at the top": {emulator.RouteElementsTop, emulator.RouteRepliesBare}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t, quirks...)
			config := func(number string) attrs {
				return with(gated(), "elements.tier.conditional.conditions", `{"metadata.score":{"$gt":`+number+`}}`)
			}
			r := s.Protocol(t, nil).Resource(resourceType)
			for i, number := range []string{third, "-6" + third[1:], "1e-7"} {
				want := protocol.Update
				if i == 0 {
					want = protocol.Create
				}
				if got := r.MustApply(config(number)); got != want { // and the plan after is empty
					t.Errorf("%s: %s, want %s", number, got, want)
				}
				requireGraph(t, r, config(number))
				requireHistory(t, s, i+1)
			}
			r.MustApply(config(third))
			s.Emulator.ResetRequests()
			// What a double does not tell apart is no change, and nothing is sent.
			for _, number := range []string{third, "0.3333333333333333", third + "1", "33333333333333333e-17"} {
				if plan := planOf(t, r, config(number)); plan.Action != protocol.NoOp {
					t.Errorf("%s: %s", number, plan.Action)
				}
			}
			s.RequireRequests(t)
			if plan := planOf(t, r, config("0.3333333333333334")); plan.Action != protocol.Update {
				t.Errorf("another number: %s", plan.Action)
			}
		})
	}
}

// TestFractionsInTheService: where somebody has given a fraction to what has to
// be a whole number, it shows and can be kept, and an apply corrects it.
func TestFractionsInTheService(t *testing.T) {
	t.Parallel()
	for at, test := range map[string]struct {
		stored map[string]any
		want   float64
	}{
		"model.timeout": {made("a", "model", attrs{"provider": "openai", "model": "m", "timeout": 1.4, "retries": 0}, nil), 1.4},
		"model.retries": {made("a", "model", attrs{"provider": "openai", "model": "m", "timeout": 1, "retries": 0.5}, nil), 0.5},
		"rate.window":   {made("a", "rate", attrs{"key": "metadata.u", "limit": 0.5, "limitType": "cost", "window": 60.5}, nil), 60.5},
	} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			start := made("start", "start", nil, map[string]string{"next": "a"})
			s.Emulator.PutRoute(s.AccountID, gatewayID, "route", []map[string]any{start, test.stored, made("end", "end", nil, nil)})
			r := s.Protocol(t, nil).Resource(resourceType)
			requireNone(t, r.Import(gatewayID+"/route"))
			elements, _ := r.State()["elements"].(attrs)
			config := route(elements)
			kind, attribute, _ := strings.Cut(at, ".")
			element, _ := elements["a"].(attrs)
			variant, _ := element[kind].(attrs)
			if got := normal(variant[attribute]); got != test.want {
				t.Errorf("%s = %v, want %v", at, got, test.want)
			}
			if _, diags := s.Protocol(t, nil).Resource(resourceType).Plan(config); !diags.HasError() {
				t.Error("it can be configured for a new route")
			}
			r.MustPlanEmpty(config)
			for _, whole := range []float64{1, 2} {
				if action := r.MustApply(with(config, "elements.a."+at, whole)); action != protocol.Update {
					t.Errorf("%s = %v: %s", at, whole, action)
				}
			}
		})
	}
}

// TestSharesInTheService: shares are shown in the one spelling that can be
// configured, and those that are the same stay apart, to be corrected.
func TestSharesInTheService(t *testing.T) {
	t.Parallel()
	s := service(t)
	start := made("start", "start", nil, map[string]string{"next": "a"})
	s.Emulator.PutRoute(s.AccountID, gatewayID, "route", []map[string]any{
		start, made("a", "percentage", nil, map[string]string{"10%": "b", "10.0%": "end", "020%": "end", "else": "b"}),
		storedModel("b", "gpt-5.2", "end"), made("end", "end", nil, nil),
	})
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, r.Import(gatewayID+"/route"))
	stored := route(attrs{"a": percentage(attrs{"10%": "b", "10.0%": "end", "20%": "end", "else": "b"}), "b": both("end")})
	requireGraph(t, r, stored)
	config := with(stored, "elements.a.percentage.outputs", attrs{"10%": "b", "20%": "end", "else": "b"})
	if action := r.MustApply(config); action != protocol.Update {
		t.Error(action)
	}
	requireGraph(t, r, config)
}
