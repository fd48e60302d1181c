package protocol_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

func containsAll(text string, words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}

func start(t *testing.T, f *fake) *protocol.Resource {
	t.Helper()
	f.tb = t
	return protocol.NewServer(t, f, attrs{}).Resource(typeName)
}

// TestRequests holds the requests to those of core, with the private state and
// the identity that they carry.
func TestRequests(t *testing.T) {
	t.Parallel()
	f := &fake{}
	r := start(t, f)
	require := func(step string, want ...string) {
		t.Helper()
		if !slices.Equal(f.requests, want) {
			t.Errorf("%s:\n  %s\nwant:\n  %s", step, strings.Join(f.requests, "\n  "), strings.Join(want, "\n  "))
		}
		f.requests = nil
	}
	if action := r.MustApply(full()); action != protocol.Create {
		t.Error(action)
	}
	require("create",
		`plan nothing, private "", identity <nil>`, `plan nothing, private "", identity <nil>`,
		`apply nothing, private "p", identity <nil>`, `read id-1, private "pa", identity id-1`, `plan id-1, private "pa", identity id-1`)
	if action := r.MustApply(changed()); action != protocol.Update {
		t.Error(action)
	}
	require("update", `read id-1, private "pa", identity id-1`,
		`plan id-1, private "pa", identity id-1`, `plan id-1, private "pa", identity id-1`,
		`apply id-1, private "pap", identity id-1`, `read id-1, private "papa", identity id-1`, `plan id-1, private "papa", identity id-1`)
	if action := r.MustApply(changed()); action != protocol.NoOp {
		t.Error(action)
	}
	require("nothing", `read id-1, private "papa", identity id-1`, `plan id-1, private "papa", identity id-1`,
		`read id-1, private "papa", identity id-1`, `plan id-1, private "papa", identity id-1`)
	if action := r.MustApply(attrs{"kind": "b"}); action != protocol.Replace {
		t.Error(action)
	}
	// The plan from no object gets the private state of the first one, and the
	// former object is destroyed without a plan of its own.
	require("replace", `read id-1, private "papa", identity id-1`,
		`plan id-1, private "papa", identity id-1`, `plan nothing, private "papap", identity <nil>`,
		`apply id-1, private "papapp", identity id-1`, `apply nothing, private "papapp", identity <nil>`,
		`read id-2, private "papappa", identity id-2`, `plan id-2, private "papappa", identity id-2`)
	r.ForgetIdentity()
	if action := r.MustApply(nil); action != protocol.Delete {
		t.Error(action)
	}
	require("destroy", `read id-2, private "papappa", identity <nil>`,
		`plan id-2, private "papappa", identity id-2`, `apply id-2, private "papappap", identity id-2`)
	if r.Exists() || r.State() != nil || r.Identity() != nil {
		t.Errorf("state %v, identity %v", r.State(), r.Identity())
	}
}

// TestWarningsOfAReplacement: core shows those of the first plan alone.
func TestWarningsOfAReplacement(t *testing.T) {
	t.Parallel()
	warn := func(_ int, prior attrs, resp *response) {
		summary := "from nothing"
		if prior != nil {
			summary = "from something"
		}
		resp.diags = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: summary}}
	}
	r := start(t, &fake{plan: warn})
	r.MustApply(small())
	_, diags := r.Plan(attrs{"kind": "b"})
	if len(diags) != 1 || diags[0].Summary != "from something" {
		t.Error(diags)
	}
}

// TestFailedApply keeps the state that core would keep.
func TestFailedApply(t *testing.T) {
	t.Parallel()
	refused := []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Unable to do it"}}
	for name, test := range map[string]struct {
		exists  bool
		config  attrs
		state   func(prior attrs, resp *response)
		want    any // the note in state
		tainted bool
	}{
		"create with state":    {false, full(), func(attrs, *response) {}, "n", true},
		"create without state": {false, full(), func(_ attrs, resp *response) { resp.state = nil }, nil, false},
		"update with state":    {true, changed(), func(attrs, *response) {}, "o", false},
		"update, prior state":  {true, changed(), func(prior attrs, resp *response) { resp.state = prior }, "n", false},
		"update without state": {true, changed(), func(_ attrs, resp *response) { resp.state, resp.identity = nil, nil }, "n", false},
		"destroy":              {true, nil, func(prior attrs, resp *response) { resp.state, resp.identity = prior, attrs{"id": "id-1"} }, "n", false},
		"destroy without":      {true, nil, func(attrs, *response) {}, "n", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{}
			r := start(t, f)
			if test.exists {
				r.MustApply(full())
			}
			f.apply = func(_ int, prior attrs, resp *response) {
				resp.diags = refused
				test.state(prior, resp)
			}
			plan, diags := r.Plan(test.config)
			diags = append(diags, r.Apply(plan)...)
			if !diags.HasError() || r.State()["note"] != test.want || r.Tainted() != test.tainted {
				t.Errorf("state %v, tainted %v: %s", r.State(), r.Tainted(), diags)
			}
			if exists := test.want != nil; r.Exists() != exists || (r.Identity() != nil) != exists {
				t.Errorf("state %v, identity %v", r.State(), r.Identity())
			}
			f.apply = nil
			action := r.MustApply(full())
			if (action == protocol.Replace) != test.tainted || r.Tainted() {
				t.Errorf("the next apply: %s, tainted %v", action, r.Tainted())
			}
		})
	}
}

// TestTaintStays until the object is destroyed.
func TestTaintStays(t *testing.T) {
	t.Parallel()
	f := &fake{apply: func(_ int, prior attrs, resp *response) {
		resp.diags = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Unable to do it"}}
		if prior != nil {
			resp.state, resp.identity = prior, attrs{"id": "id-1"}
		}
	}}
	r := start(t, f)
	for range 2 { // the second time, the destroy fails
		plan, _ := r.Plan(small())
		r.Apply(plan)
		if !r.Tainted() {
			t.Error("not tainted")
		}
	}
	if f.created != 1 {
		t.Errorf("%d objects created", f.created)
	}
}

// TestProposedState: what is computed and not configured stays, at all depths.
func TestProposedState(t *testing.T) {
	t.Parallel()
	f := &fake{}
	r := start(t, f)
	r.MustApply(full())
	f.plans = nil
	config := changed()
	delete(config, "size")
	delete(config, "note")
	if _, diags := r.Plan(config); diags.HasError() {
		t.Fatal(diags)
	}
	element := func(limit int64, etag any) attrs { return attrs{"limit": limit, "etag": etag, "token_wo": "u"} }
	want := attrs{
		"id": "id-1", "kind": "a", "note": nil, "size": int64(3), "tags": []any{"y"}, "secret_wo": "t", "one": element(11, "etag"),
		"named": attrs{"k": element(12, "etag"), "m": element(13, nil)}, "listed": []any{element(14, "etag")}, "group": []any{attrs{"limit": int64(16)}},
	}
	if got := f.plans[0]; !reflect.DeepEqual(got, want) {
		t.Errorf("proposed\n  %v\nwant\n  %v", got, want)
	}
}

// TestMissingObject: what is gone disappears from state in a refresh and cannot
// be imported.
func TestMissingObject(t *testing.T) {
	t.Parallel()
	gone := func(_ int, _ attrs, resp *response) { resp.state, resp.identity = nil, nil }
	f := &fake{}
	r := start(t, f)
	r.MustApply(small())
	f.read = gone
	if diags := r.Refresh(); len(diags) > 0 || r.Exists() || r.Identity() != nil {
		t.Errorf("state %v, %s", r.State(), diags)
	}
	if diags := r.Import("id-1"); !strings.Contains(diags.String(), "Cannot import non-existent remote object") {
		t.Error(diags)
	}
}

// TestDiagnostics finds diagnostics by the attribute that they point to.
func TestDiagnostics(t *testing.T) {
	t.Parallel()
	diags := protocol.Diagnostics{
		{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "First", Detail: "One."},
		{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Second", Attribute: tftypes.NewAttributePath().WithAttributeName("named").WithElementKeyString("k")},
	}
	if diags.HasError() || len(diags.At("named")) != 1 || diags.At("named")[0].Summary != "Second" || len(diags.At("k")) != 0 {
		t.Errorf("%s", diags)
	}
	diags = append(diags, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Third"})
	if text := diags.String(); !diags.HasError() || !containsAll(text, []string{"WARNING: First\nOne.\n", `named`, "ERROR: Third"}) {
		t.Error(text)
	}
}

// TestValue converts in both directions, and refuses what does not fit.
func TestValue(t *testing.T) {
	t.Parallel()
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"string": tftypes.String, "number": tftypes.Number, "bool": tftypes.Bool, "list": tftypes.List{ElementType: tftypes.Number},
		"map": tftypes.Map{ElementType: tftypes.String}, "set": tftypes.Set{ElementType: tftypes.String},
	}}
	full := attrs{
		"string": "s", "number": 0.5, "bool": true, "list": []any{int64(1), protocol.Unknown}, "map": attrs{"k": nil}, "set": []any{"x"},
	}
	if got := protocol.Go(t, protocol.Value(t, typ, full)); !reflect.DeepEqual(got, full) {
		t.Errorf("%v, want %v", got, full)
	}
	if got := protocol.Object(t, protocol.Value(t, typ, attrs{})); len(got) != 6 || got["string"] != nil {
		t.Errorf("%v", got)
	}
	for name, wrong := range map[string]any{
		"no object": "s", "no such attribute": attrs{"other": 1}, "string": attrs{"string": 1}, "list": attrs{"list": "s"}, "map": attrs{"map": []any{}},
		"element": attrs{"list": []any{"s"}}, "element of a map": attrs{"map": attrs{"k": 1}},
	} {
		got := protocol.Record(t, func(tb testing.TB) {
			tb.Helper()
			protocol.Value(tb, typ, wrong)
		})
		if len(got) != 1 {
			t.Errorf("%s: %q", name, got)
		}
	}
}
