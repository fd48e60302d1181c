package protocol_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// small and full are configurations of the fake resource.
func small() attrs { return attrs{"kind": "a"} }

func full() attrs {
	element := func(limit int64) attrs { return attrs{"limit": limit, "token_wo": "t"} }
	return attrs{
		"kind": "a", "note": "n", "size": int64(3), "tags": []any{"x", "y"}, "secret_wo": "s", "one": element(1),
		"named": attrs{"k": element(2), "l": element(3)}, "listed": []any{element(4), element(5)}, "group": []any{attrs{"limit": int64(6)}},
	}
}

// changed is full with other values everywhere but in kind.
func changed() attrs {
	element := func(limit int64) attrs { return attrs{"limit": limit, "token_wo": "u"} }
	return attrs{
		"kind": "a", "note": "o", "size": int64(4), "tags": []any{"y"}, "secret_wo": "t", "one": element(11),
		"named": attrs{"k": element(12), "m": element(13)}, "listed": []any{element(14)}, "group": []any{attrs{"limit": int64(16)}},
	}
}

// run is a test of all operations.
func run(server *protocol.Server, r *protocol.Resource) {
	r.MustApply(full())
	r.MustApply(changed())
	r.MustApply(small())
	r.MustApply(full())
	r.MustApply(attrs{"kind": "b"}) // replaces
	r.MustApply(nil)
	imported := server.Resource(typeName)
	imported.Import("id-7")
	imported.MustPlanEmpty(small())
	imported = server.Resource(typeName)
	imported.ImportIdentity(attrs{"id": "id-8"})
	imported.MustApply(full())
	later := server.Resource(typeName)
	unresolved := full()
	unresolved["note"], unresolved["one"] = protocol.Unknown, attrs{"limit": protocol.Unknown}
	later.MustApplyLater(unresolved, full())
	resolved := full()
	unresolved["kind"], resolved["kind"] = protocol.Unknown, "b"
	later.MustApplyLater(unresolved, resolved)
	later.Move(protocol.Source{State: attrs{}})
}

// TestCorrectProvider shows that a correct provider passes, so that the mutants
// below fail for what they break.
func TestCorrectProvider(t *testing.T) {
	t.Parallel()
	for _, failure := range failures(t, &fake{}, run) {
		t.Error(failure)
	}
}

// part returns a nested object of the response.
func part(resp *response, at string) attrs {
	if resp.state == nil {
		return attrs{}
	}
	switch at {
	case "one":
		one, _ := resp.state["one"].(attrs)
		return one
	case "named.k":
		named, _ := resp.state["named"].(attrs)
		element, _ := named["k"].(attrs)
		return element
	case "listed.0":
		if listed, _ := resp.state["listed"].([]any); len(listed) > 0 {
			element, _ := listed[0].(attrs)
			return element
		}
	}
	return nil
}

// set changes an attribute of the response, where there is an object.
func set(at, name string, value any) func(int, attrs, *response) {
	return func(_ int, _ attrs, resp *response) {
		o := resp.state
		if at != "" {
			o = part(resp, at)
		}
		if o != nil {
			o[name] = value
		}
	}
}

// onUpdate breaks only updates.
func onUpdate(breaks func(int, attrs, *response)) func(int, attrs, *response) {
	return func(call int, prior attrs, resp *response) {
		if prior != nil && resp.state != nil {
			breaks(call, prior, resp)
		}
	}
}

// TestBrokenPlans breaks what a provider plans.
func TestBrokenPlans(t *testing.T) {
	t.Parallel()
	const invalid = "invalid plan: "
	for name, test := range map[string]struct {
		breaks func(call int, prior attrs, resp *response)
		config attrs
		want   []string
	}{
		"configured value changed":            {set("", "note", "other"), full(), []string{invalid + "note is configured as", `"n"`, `"other"`}},
		"configured value unknown":            {set("", "note", protocol.Unknown), full(), []string{invalid + "note is configured", "unknown"}},
		"configured value dropped":            {set("", "note", nil), full(), []string{invalid + "note is configured", "null"}},
		"computed value, although configured": {set("", "size", int64(9)), full(), []string{invalid + "size is configured as", "9"}},
		"unconfigured value":                  {set("", "note", "default"), small(), []string{invalid + "note is neither configured nor computed", `"default"`}},
		"unconfigured unknown value":          {set("", "note", protocol.Unknown), small(), []string{invalid + "note is neither configured nor computed"}},
		"unconfigured object":                 {set("", "one", attrs{}), small(), []string{invalid + "one is neither configured nor computed"}},
		"element of a set":                    {set("", "tags", []any{"x"}), full(), []string{invalid + "tags is configured as"}},
		"set of objects":                      {set("", "group", []any{attrs{"limit": int64(9)}}), full(), []string{invalid + "group is configured as"}},
		"object dropped":                      {set("", "one", nil), full(), []string{invalid + "one is configured as"}},
		"object unknown":                      {set("", "one", protocol.Unknown), full(), []string{invalid + "one is configured as"}},
		"value of an object":                  {set("one", "limit", int64(9)), full(), []string{invalid + "one.limit is configured as"}},
		"value of an element of a map":        {set("named.k", "limit", int64(9)), full(), []string{invalid + "named.k.limit is configured as"}},
		"value of an element of a list":       {set("listed.0", "limit", nil), full(), []string{invalid + "listed.0.limit is configured as"}},
		"unconfigured empty string":           {set("", "note", ""), attrs{"kind": "a"}, []string{invalid + "note is neither"}},
		"write-only value":                    {set("", "secret_wo", "s"), full(), []string{invalid + "secret_wo is write-only"}},
		"write-only value of an object":       {set("one", "token_wo", "t"), full(), []string{invalid + "one.token_wo is write-only"}},
		"write-only value of an element":      {set("listed.0", "token_wo", "t"), full(), []string{invalid + "listed.0.token_wo is write-only"}},
		"write-only value of a map's element": {set("named.k", "token_wo", "t"), full(), []string{invalid + "named.k.token_wo is write-only"}},
		"no object":                           {func(_ int, _ attrs, resp *response) { resp.state = nil }, full(), []string{invalid, "none is planned"}},
		"element of a map dropped":            {func(_ int, _ attrs, resp *response) { delete(resp.state["named"].(attrs), "k") }, full(), []string{invalid + "named.k is configured and not planned"}},
		"element of a map added":              {func(_ int, _ attrs, resp *response) { resp.state["named"].(attrs)["z"] = attrs{} }, full(), []string{invalid + "named.z is planned and not configured"}},
		"element of a map null":               {func(_ int, _ attrs, resp *response) { resp.state["named"].(attrs)["k"] = nil }, full(), []string{invalid + "named.k is configured as"}},
		"element of a list dropped":           {func(_ int, _ attrs, resp *response) { resp.state["listed"] = resp.state["listed"].([]any)[:1] }, full(), []string{invalid + "listed.1 is configured and not planned"}},
		"element of a list added": {func(_ int, _ attrs, resp *response) {
			resp.state["listed"] = append(resp.state["listed"].([]any), attrs{})
		}, full(), []string{invalid + "listed.2 is planned and not configured"}},
		"known value for an unknown one":        {set("", "note", "guess"), attrs{"kind": "a", "note": protocol.Unknown}, []string{invalid + "note is configured as", "guess"}},
		"known value in an unknown object":      {set("", "one", attrs{"limit": int64(1)}), attrs{"kind": "a", "one": protocol.Unknown}, []string{invalid + "one is configured as"}},
		"known value for an unknown nested one": {set("one", "limit", int64(1)), attrs{"kind": "a", "one": attrs{"limit": protocol.Unknown}}, []string{invalid + "one.limit is configured as"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := failures(t, &fake{plan: test.breaks}, func(_ *protocol.Server, r *protocol.Resource) { r.Plan(test.config) })
			requireFailures(t, got, append([]string{typeName}, test.want...)...)
		})
	}
}

// TestBrokenUpdates breaks plans of changes. A plan may keep the prior value,
// which means that it is equivalent to the configured one, but no other.
func TestBrokenUpdates(t *testing.T) {
	t.Parallel()
	const invalid = "invalid plan: "
	keep := func(names ...string) func(int, attrs, *response) {
		return onUpdate(func(_ int, prior attrs, resp *response) {
			for _, name := range names {
				resp.state[name] = prior[name]
			}
		})
	}
	for name, test := range map[string]struct {
		breaks func(call int, prior attrs, resp *response)
		want   []string // none where it is allowed
	}{
		"prior value kept":                      {keep("note", "tags"), nil},
		"prior value kept, not configured":      {keep("one"), nil},
		"other value":                           {onUpdate(set("", "note", "other")), []string{invalid + "note is configured as", `"o"`, `"other"`}},
		"no object":                             {onUpdate(func(_ int, _ attrs, resp *response) { resp.state = nil }), []string{invalid, "none is planned"}},
		"unconfigured prior value of an object": {onUpdate(func(_ int, prior attrs, resp *response) { resp.state["group"].([]any)[0].(attrs)["limit"] = int64(6) }), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := failures(t, &fake{plan: test.breaks}, func(_ *protocol.Server, r *protocol.Resource) {
				r.MustApply(full())
				r.Plan(changed())
			})
			if test.want == nil {
				if len(got) > 0 {
					t.Errorf("a plan that core accepts is refused: %v", got)
				}
				return
			}
			requireFailures(t, got, append([]string{typeName}, test.want...)...)
		})
	}
	got := failures(t, &fake{plan: keep("note")}, func(_ *protocol.Server, r *protocol.Resource) {
		r.MustApply(full())
		r.Plan(small())
	})
	requireFailures(t, got, invalid+"note is neither configured nor computed")
}

// TestBrokenDestroyPlan breaks the plan to destroy.
func TestBrokenDestroyPlan(t *testing.T) {
	t.Parallel()
	breaks := func(_ int, prior attrs, resp *response) {
		if resp.state == nil {
			resp.state = prior
		}
	}
	got := failures(t, &fake{plan: breaks}, func(_ *protocol.Server, r *protocol.Resource) {
		r.MustApply(full())
		r.Plan(nil)
	})
	requireFailures(t, got, "invalid plan: the plan to destroy has an object")
}

// TestBrokenFinalPlans breaks the plan that core makes again before it applies.
func TestBrokenFinalPlans(t *testing.T) {
	t.Parallel()
	const inconsistent = "inconsistent final plan: "
	// nth breaks the nth plan.
	nth := func(n int, breaks func(prior attrs, resp *response)) func(int, attrs, *response) {
		return func(call int, prior attrs, resp *response) {
			if call == n {
				breaks(prior, resp)
			}
		}
	}
	now := func(_ *protocol.Server, r *protocol.Resource) { r.MustApply(small()) }
	later := func(_ *protocol.Server, r *protocol.Resource) {
		config := small()
		config["note"] = protocol.Unknown
		r.MustApplyLater(config, full())
	}
	for name, test := range map[string]struct {
		breaks func(call int, prior attrs, resp *response)
		run    func(*protocol.Server, *protocol.Resource)
		want   []string
	}{
		"promised value": {nth(1, func(_ attrs, resp *response) { resp.state["size"] = int64(7) }), now, []string{inconsistent + "size was planned as", "unknown"}},
		"other value": {func(call int, _ attrs, resp *response) { resp.state["size"] = int64(call) }, now, []string{
			inconsistent + "size was planned as", "1", "2",
		}},
		"value that must wait": {nth(1, func(_ attrs, resp *response) { resp.state["size"] = int64(7) }), later, []string{inconsistent + "size was planned as"}},
		"other action": {
			func(call int, prior attrs, resp *response) {
				if prior != nil && call == 5 {
					resp.replace = append(resp.replace, "note")
				}
			},
			func(_ *protocol.Server, r *protocol.Resource) {
				r.MustApply(small()) // three plans
				config := small()
				config["note"] = protocol.Unknown
				r.MustApplyLater(config, full())
			},
			[]string{inconsistent + "the action was update and is replace"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireOneOf(t, failures(t, &fake{plan: test.breaks}, test.run), append([]string{typeName}, test.want...)...)
		})
	}
}

// TestDiagnosticsAreFailures: whatever must succeed and does not, fails the test
// with the diagnostics.
func TestDiagnosticsAreFailures(t *testing.T) {
	t.Parallel()
	refuse := func(_ int, _ attrs, resp *response) {
		resp.diags = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Unable to do it"}}
	}
	for name, broken := range map[string]*fake{"plan": {plan: refuse}, "apply": {apply: refuse}, "refresh": {read: refuse}} {
		got := failures(t, broken, func(_ *protocol.Server, r *protocol.Resource) { r.MustApply(full()) })
		requireFailures(t, got, name, "Unable to do it")
	}
}
