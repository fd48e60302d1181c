package dynamicroute_test

import (
	"slices"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// TestUnknownOperators warns of operators that MongoDB does not have, with the nearest one.
// The service may know them, so that the route can be created.
func TestUnknownOperators(t *testing.T) {
	t.Parallel()
	server := service(t).Protocol(t, nil)
	const advice = "If the service does not know the operator either, the condition may never be true, without an error."
	says := func(operator, nearest string) string {
		return `Element "a": conditions uses "` + operator + `", which is not an operator of MongoDB. Did you mean "` + nearest + `"? ` + advice
	}
	for conditions, want := range map[string][]string{
		`{"metadata.plan":{"$eqq":"free"}}`:                                     {says("$eqq", "$eq")},
		`{"metadata.plan":{"$EQ":"free"}}`:                                      {says("$EQ", "$eq")},
		`{"$amd":[{"a":{"$gt":1}},{"$not":{"b":{"$gte ":1,"$nin":[2]}}}]}`:      {says("$amd", "$and"), says("$gte ", "$gte")},
		`{"$or":[{"a":{"$inn":[1]}},{"b":{"$inn":[1]}}]}`:                       {says("$inn", "$in")},
		`{"a":{"$eq":"$eqq"},"b.$c":1,"c":"$","d":{"e":[null,true,1e300]}}`:     nil,
		`{"a":{"$exists":true,"$regex":"^x","$options":"i","$not":{"$in":[]}}}`: nil,
		`{}`: nil,
	} {
		t.Run(conditions, func(t *testing.T) {
			r := server.Resource(resourceType)
			config := route(attrs{"a": attrs{"conditional": attrs{"conditions": conditions, "on_true": "end", "on_false": "end"}}})
			plan, diags := r.Plan(config)
			requireWarned(t, diags, want)
			if diags = r.Apply(plan); len(diags) > 0 {
				t.Error(diags)
			}
			_, diags = r.Plan(config)
			requireWarned(t, diags, want)
			r.MustApply(nil)
		})
	}
}

func requireWarned(t *testing.T, diags protocol.Diagnostics, want []string) {
	t.Helper()
	var got []string
	for _, d := range diags {
		got = append(got, d.Detail)
		if at := placeOf(d); d.Summary != "Unknown operator in a condition" || at != `elements["a"].conditional.conditions` {
			t.Errorf("%s at %s", d.Summary, at)
		}
	}
	if diags.HasError() || !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
