package dynamicroute_test

import (
	"testing"

	"terraform-provider-aigateway/internal/acctest/protocol"
)

// storedModel is a model element in the terms of the wire.
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
		"fractions in whole numbers": {
			made("a", "model", attrs{"provider": "openai", "model": "m", "timeout": 10.6, "retries": 0}, map[string]string{"success": "end", "fallback": "end"}),
			attrs{"model": attrs{"provider": "openai", "model": "m", "timeout": int64(11), "retries": int64(0), "on_success": "end", "on_fallback": "end"}},
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
		"this version of the provider does not know: cache. They show as empty")
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
			"b": percentage(attrs{"10.50%": "end", "else": "end"}),
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

// TestShareSpelling: the other spelling of a share is another key of a map, and
// no other graph.
func TestShareSpelling(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	before := route(attrs{"a": percentage(attrs{"10%": "end", "else": "end"})})
	after := route(attrs{"a": percentage(attrs{"10.0%": "end", "else": "end"})})
	r.MustApply(before)
	if action := r.MustApply(after); action != protocol.NoOp {
		t.Errorf("another spelling: %s", action)
	}
	requireGraph(t, r, before)
	if stored := only(t, s); len(stored.Versions) != 1 {
		t.Errorf("%d versions", len(stored.Versions))
	}
}
