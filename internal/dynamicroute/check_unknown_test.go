package dynamicroute_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// TestUnknownPasses puts a value that is not known yet in each place of a
// configuration: nothing is wrong with what is known.
func TestUnknownPasses(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	tested := 0
	var visit func(at string, value any)
	visit = func(at string, value any) {
		tested++
		config := with(support(), at, protocol.Unknown)
		r := server.Resource(resourceType)
		if diags := r.Validate(config); len(diags) > 0 {
			t.Errorf("%s: validate: %s", at, diags)
		}
		if _, diags := r.Plan(config); len(diags) > 0 {
			t.Errorf("%s: plan: %s", at, diags)
		}
		part, _ := value.(attrs)
		for name, inner := range part {
			visit(at+"."+name, inner)
		}
	}
	for name, value := range support() {
		visit(name, value)
	}
	if tested < 30 {
		t.Errorf("only %d places", tested)
	}
	s.RequireRequests(t)
}

// TestUnknownHidesNothing: what is known is checked beside it.
func TestUnknownHidesNothing(t *testing.T) {
	t.Parallel()
	r := service(t).Protocol(t, nil).Resource(resourceType)
	for name, test := range map[string]struct {
		config attrs
		want   string
	}{
		"another way":      {route(attrs{"a": attrs{"model": with(modelOf(both("nowhere")), "on_success", protocol.Unknown)}}), noElement},
		"a way round":      {route(attrs{"a": attrs{"model": with(modelOf(both("a")), "on_success", protocol.Unknown)}}), cycle},
		"shares":           {route(attrs{"a": percentage(attrs{"ten": protocol.Unknown})}), badShares},
		"entry":            {with(route(attrs{"a": both("a")}), "entry", protocol.Unknown), cycle},
		"another element":  {route(attrs{"a": both("b"), "b": both("nowhere"), "c": protocol.Unknown}), noElement},
		"behind the known": {route(attrs{"a": both("end"), "b": both("end"), "c": protocol.Unknown}), "Element that cannot be reached"},
	} {
		if diags := r.Validate(test.config); len(diags) == 0 || diags[0].Summary != test.want {
			t.Errorf("%s: want %q, got:\n%s", name, test.want, diags)
		}
		_, diags := r.Plan(test.config)
		if !diags.HasError() || diags[len(diags)-1].Summary != test.want {
			t.Errorf("%s: want %q, got:\n%s", name, test.want, diags)
		}
	}
}

// TestAccepted are graphs at the edge of the rules.
func TestAccepted(t *testing.T) {
	t.Parallel()
	server := service(t).Protocol(t, nil)
	for name, config := range map[string]attrs{
		"one element":             route(attrs{"a": both("end")}),
		"only the rest":           route(attrs{"a": percentage(attrs{"else": "end"})}),
		"all to one":              route(attrs{"a": percentage(attrs{"100%": "end"})}),
		"all and a rest":          route(attrs{"a": percentage(attrs{"100%": "end", "else": "end"})}),
		"five and a rest":         route(attrs{"a": percentage(attrs{"1%": "end", "2%": "end", "3%": "end", "4%": "end", "5%": "end", "else": "end"})}),
		"thirds":                  route(attrs{"a": percentage(attrs{"33.333333333%": "end", "33.333333334%": "end", "33.333333332%": "end", "0.000000001%": "end"})}),
		"no limits":               with(with(support(), "elements.quota.rate.limit", 0.0), "elements.strong.model.timeout", int64(0)),
		"the largest numbers":     with(support(), "elements.tier.conditional.conditions", `{"a":[9007199254740991,-9007199254740991,1e300,0.1]}`),
		"large text":              with(support(), "elements.tier.conditional.conditions", `{"12345678901234567890":"12345678901234567890"}`),
		"a whole number as 1e3":   with(support(), "elements.quota.rate.window", 1e3),
		"no conditions":           with(support(), "elements.tier.conditional.conditions", "{}"),
		"ids that are only alike": with(route(attrs{"End": both("START"), "START": both("end")}), "entry", "End"),
		"a diamond":               route(attrs{"a": to("b", "c"), "b": both("d"), "c": both("d"), "d": both("end")}),
	} {
		if diags := server.Resource(resourceType).Validate(config); len(diags) > 0 {
			t.Errorf("%s: %s", name, diags)
		}
	}
}

func modelOf(element attrs) attrs {
	model, _ := element["model"].(attrs)
	return model
}
