package protocol_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// TestBrokenApplies breaks the result of an apply.
func TestBrokenApplies(t *testing.T) {
	t.Parallel()
	const inconsistent, state = "inconsistent result after apply: ", "invalid state after apply: "
	identity := func(id any) func(int, attrs, *response) {
		return func(_ int, _ attrs, resp *response) { resp.identity = attrs{"id": id} }
	}
	for name, test := range map[string]struct {
		breaks func(call int, prior attrs, resp *response)
		want   []string
	}{
		"other value":                           {set("", "note", "other"), []string{inconsistent + "note was planned as", `"n"`, `"other"`}},
		"value dropped":                         {set("", "note", nil), []string{inconsistent + "note was planned as", "null"}},
		"other number":                          {set("", "size", int64(9)), []string{inconsistent + "size was planned as"}},
		"value of an object dropped":            {set("one", "limit", nil), []string{inconsistent + "one.limit was planned as"}},
		"value of a map's element":              {set("named.k", "limit", int64(9)), []string{inconsistent + "named.k.limit was planned as"}},
		"value of a list's element":             {set("listed.0", "limit", int64(9)), []string{inconsistent + "listed.0.limit was planned as"}},
		"set":                                   {set("", "tags", []any{"x"}), []string{inconsistent + "tags was planned as"}},
		"set of objects":                        {set("", "group", []any{}), []string{inconsistent + "group was planned as"}},
		"object dropped":                        {set("", "one", nil), []string{inconsistent + "one was planned as"}},
		"element of a map dropped":              {func(_ int, _ attrs, resp *response) { delete(resp.state["named"].(attrs), "k") }, []string{inconsistent + "named.k was planned and is absent"}},
		"element of a map added":                {func(_ int, _ attrs, resp *response) { resp.state["named"].(attrs)["z"] = attrs{} }, []string{inconsistent + "named.z was not planned and is there"}},
		"element of a list dropped":             {func(_ int, _ attrs, resp *response) { resp.state["listed"] = resp.state["listed"].([]any)[:1] }, []string{inconsistent + "listed.1 was planned and is absent"}},
		"unknown value":                         {set("", "id", protocol.Unknown), []string{state + "id is unknown"}},
		"unknown nested computed value":         {set("named.k", "etag", protocol.Unknown), []string{state + "named.k.etag is unknown"}},
		"unknown nested computed value, listed": {set("listed.0", "etag", protocol.Unknown), []string{state + "listed.0.etag is unknown"}},
		"write-only value":                      {set("", "secret_wo", "s"), []string{state + "secret_wo is write-only"}},
		"write-only value of an object":         {set("one", "token_wo", "t"), []string{state + "one.token_wo is write-only"}},
		"write-only value of a map's element":   {set("named.k", "token_wo", "t"), []string{state + "named.k.token_wo is write-only"}},
		"create without state": {
			func(_ int, _ attrs, resp *response) { resp.state, resp.identity = nil, nil }, []string{inconsistent + "the object was planned, and there is none"},
		},
		"no identity":      {func(_ int, _ attrs, resp *response) { resp.identity = nil }, []string{"no identity after apply"}},
		"unknown identity": {identity(protocol.Unknown), []string{"invalid identity after apply: id is unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := failures(t, &fake{apply: test.breaks}, func(_ *protocol.Server, r *protocol.Resource) {
				plan, _ := r.Plan(full())
				r.Apply(plan)
			})
			requireFailures(t, got, typeName)
			requireOneOf(t, got, test.want...)
		})
	}
}

// requireOneOf fails the test unless one failure has all these words.
func requireOneOf(t *testing.T, got []string, words ...string) {
	t.Helper()
	for _, failure := range got {
		if containsAll(failure, words) {
			return
		}
	}
	t.Errorf("no failure with %q in %q", words, got)
}

// TestBrokenAppliesOfChanges breaks the result of an update or a destroy.
func TestBrokenAppliesOfChanges(t *testing.T) {
	t.Parallel()
	second := func(breaks func(prior attrs, resp *response)) func(int, attrs, *response) {
		return func(call int, prior attrs, resp *response) {
			if call == 2 {
				breaks(prior, resp)
			}
		}
	}
	for name, test := range map[string]struct {
		breaks func(call int, prior attrs, resp *response)
		config attrs
		want   []string
	}{
		"update loses the object": {second(func(_ attrs, resp *response) { resp.state, resp.identity = nil, nil }), changed(), []string{
			"inconsistent result after apply: the object was planned, and there is none",
		}},
		"destroy leaves the object": {second(func(prior attrs, resp *response) { resp.state, resp.identity = prior, attrs{"id": "id-1"} }), nil, []string{
			"inconsistent result after apply: no object was planned, and there is one",
		}},
		"update changes the identity": {second(func(_ attrs, resp *response) { resp.identity = attrs{"id": "other"} }), changed(), []string{
			"the identity changed in apply: identity.id was planned as", `"id-1"`, `"other"`,
		}},
		"update loses the identity": {second(func(_ attrs, resp *response) { resp.identity = nil }), changed(), []string{"no identity after apply"}},
		"update loses a nested computed value": {second(func(_ attrs, resp *response) { resp.state["one"].(attrs)["etag"] = nil }), changed(), []string{
			"inconsistent result after apply: one.etag was planned as", `"etag"`, "null",
		}},
		"update loses a nested computed value of a map": {
			second(func(_ attrs, resp *response) { resp.state["named"].(attrs)["k"].(attrs)["etag"] = nil }), changed(), []string{
				"inconsistent result after apply: named.k.etag was planned as",
			},
		},
		"update loses a nested computed value of a list": {
			second(func(_ attrs, resp *response) { resp.state["listed"].([]any)[0].(attrs)["etag"] = nil }), changed(), []string{
				"inconsistent result after apply: listed.0.etag was planned as",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := failures(t, &fake{apply: test.breaks}, func(_ *protocol.Server, r *protocol.Resource) {
				r.MustApply(full())
				plan, _ := r.Plan(test.config)
				r.Apply(plan)
			})
			requireOneOf(t, got, append([]string{typeName}, test.want...)...)
		})
	}
	// A replacement is another object, with another identity.
	got := failures(t, &fake{}, func(_ *protocol.Server, r *protocol.Resource) {
		r.MustApply(full())
		r.MustApply(attrs{"kind": "b"})
	})
	if len(got) > 0 {
		t.Errorf("a replacement is refused: %q", got)
	}
}

// TestBrokenReads breaks refresh, import and move.
func TestBrokenReads(t *testing.T) {
	t.Parallel()
	refresh := func(_ *protocol.Server, r *protocol.Resource) {
		plan, _ := r.Plan(full())
		r.Apply(plan)
		r.Refresh()
	}
	for name, test := range map[string]struct {
		fake fake
		run  func(*protocol.Server, *protocol.Resource)
		want []string
	}{
		"refresh, unknown":    {fake{read: set("one", "etag", protocol.Unknown)}, refresh, []string{"invalid state after refresh: one.etag is unknown"}},
		"refresh, write-only": {fake{read: set("", "secret_wo", "s")}, refresh, []string{"invalid state after refresh: secret_wo is write-only"}},
		"refresh, identity changed": {
			fake{read: func(_ int, _ attrs, resp *response) { resp.identity = attrs{"id": "other"} }}, refresh,
			[]string{"the identity changed in refresh: identity.id", `"other"`},
		},
		"refresh, no identity": {fake{read: func(_ int, _ attrs, resp *response) { resp.identity = nil }}, refresh, []string{"no identity after refresh"}},
		"refresh, another value each time": {
			fake{read: func(call int, _ attrs, resp *response) { resp.state["note"] = string(rune('a' + call)) }},
			func(_ *protocol.Server, r *protocol.Resource) { r.MustApply(full()) },
			[]string{"the plan is not empty", "note"},
		},
		"import, two objects": {
			fake{take: func(resp *response) { resp.imports = 2 }},
			func(_ *protocol.Server, r *protocol.Resource) { r.Import("id-1") }, []string{"the import returned 2 resources"},
		},
		"import, no object": {
			fake{take: func(resp *response) { resp.state = nil }},
			func(_ *protocol.Server, r *protocol.Resource) { r.Import("id-1") }, []string{"the import returned no object"},
		},
		"import, write-only": {
			fake{take: func(resp *response) { resp.state["secret_wo"] = "s" }},
			func(_ *protocol.Server, r *protocol.Resource) { r.ImportIdentity(attrs{"id": "id-1"}) }, []string{"secret_wo is write-only"},
		},
		"move, unknown": {
			fake{take: func(resp *response) { resp.state["size"] = protocol.Unknown }},
			func(_ *protocol.Server, r *protocol.Resource) { r.Move(protocol.Source{State: attrs{}}) },
			[]string{"invalid state after a move: size is unknown"},
		},
		"move, write-only": {
			fake{take: func(resp *response) { resp.state["one"] = attrs{"token_wo": "t"} }},
			func(_ *protocol.Server, r *protocol.Resource) { r.Move(protocol.Source{State: attrs{}}) },
			[]string{"invalid state after a move: one.token_wo is write-only"},
		},
		"data source, unknown": {
			fake{}, func(s *protocol.Server, _ *protocol.Resource) { s.ReadDataSource(typeName, attrs{}) },
			[]string{"data source fake_object: invalid state: id is unknown"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireOneOf(t, failures(t, &test.fake, test.run), append([]string{typeName}, test.want...)...)
		})
	}
}
