package customprovider_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// quirks are those that show in a custom provider and break nothing.
var quirks = []emulator.Quirk{emulator.CustomProviderUnixTimes, emulator.ExtraFields}

// A lifecycleCase has two values of an attribute and how they are sent.
type lifecycleCase struct {
	attribute     string
	first, second any
	// wire are the first value, the second and its removal in JSON; a removal
	// that is empty is not sent.
	wire [3]string
	// unset is what state has where it is not configured, from the creation on.
	unset any
	// required attributes cannot be removed: they return to that of [with].
	required bool
	// kept is whether state keeps the value when the attribute is removed.
	kept bool
}

var lifecycles = []lifecycleCase{
	{attribute: "name", first: "Ours <1>", second: "Theirs", wire: [3]string{`"Ours \u003c1\u003e"`, `"Theirs"`, `"Mine"`}, required: true},
	{attribute: "slug", first: "Ours-1", second: "theirs", wire: [3]string{`"Ours-1"`, `"theirs"`, `"mine"`}, required: true},
	{
		attribute: "base_url", first: "https://a.example", second: "https://b.example:8443/v1?x=y",
		wire: [3]string{`"https://a.example"`, `"https://b.example:8443/v1?x=y"`, `"https://llm.example.com/v1"`}, required: true,
	},
	{attribute: "description", first: "Ours.", second: "Theirs.", wire: [3]string{`"Ours."`, `"Theirs."`, `""`}},
	{attribute: "link", first: "https://a.example", second: "no URL", wire: [3]string{`"https://a.example"`, `"no URL"`, `""`}},
	{attribute: "curl_example", first: "curl\n-x", second: "wget", wire: [3]string{`"curl\n-x"`, `"wget"`, `""`}},
	{attribute: "js_example", first: "fetch()", second: "axios()", wire: [3]string{`"fetch()"`, `"axios()"`, `""`}},
	{attribute: "enable", first: true, second: false, wire: [3]string{"true", "false", ""}, unset: false},
	{attribute: "enable", first: false, second: true, wire: [3]string{"false", "true", "false"}, unset: false},
	{attribute: "beta", first: true, second: false, wire: [3]string{"true", "false", ""}, unset: false},
	{
		attribute: "headers", first: attrs{"X-Tenant": "blue", "A": "<&>"}, second: attrs{"X-Tenant": "red"},
		wire: [3]string{`"{\"A\":\"\u003c\u0026\u003e\",\"X-Tenant\":\"blue\"}"`, `"{\"X-Tenant\":\"red\"}"`, ""}, kept: true,
	},
	{
		attribute: "headers", first: attrs{"X-Tenant": "blue"}, second: attrs{},
		wire: [3]string{`"{\"X-Tenant\":\"blue\"}"`, `"{}"`, ""}, kept: true,
	},
	{attribute: "position", first: int64(0), second: int64(-7), wire: [3]string{"0", "-7", ""}, kept: true},
}

// TestLifecycle takes each attribute alone through its lifecycle: set at creation,
// changed, removed, set again, imported, destroyed. Requests are exact, the plan
// after each step is empty, and the id and the time of creation stay.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	for _, l := range lifecycles {
		t.Run(l.attribute, func(t *testing.T) {
			t.Parallel()
			for _, set := range acctest.Combinations(quirks...) {
				t.Run(acctest.QuirkName(set), func(t *testing.T) {
					service, server := emulate(t, set...)
					l.run(t, service, server)
				})
			}
		})
	}
}

func (l lifecycleCase) run(t *testing.T, service *acctest.Service, server *protocol.Server) {
	t.Helper()
	provider := server.Resource(resourceType)
	var kept attrs // what never changes
	step := func(name string, config attrs, wire string) {
		t.Helper()
		action := provider.MustApply(config)
		if kept == nil {
			kept = attrs{"id": provider.State()["id"], "created_at": provider.State()["created_at"]}
		}
		one := collection + "/" + kept["id"].(string)
		switch {
		case name == "create":
			requireBody(t, service, "POST", l.created(wire))
			service.RequireRequests(t, "POST "+collection, "GET "+one)
		case wire == "":
			service.RequireRequests(t, "GET "+one, "GET "+one)
			if action != protocol.NoOp {
				t.Errorf("%s: %s, want nothing to do", name, action)
			}
		default:
			requireBody(t, service, "PATCH", `{"`+l.attribute+`":`+wire+`}`)
			service.RequireRequests(t, "GET "+one, "PATCH "+one, "GET "+one)
		}
		requireState(t, provider, kept, config, attrs{"request_slug": "custom-" + provider.State()["slug"].(string)})
	}
	step("create", with(attrs{l.attribute: l.first}), l.wire[0])
	step("change", with(attrs{l.attribute: l.second}), l.wire[1])
	step("remove", with(), l.wire[2])
	switch {
	case l.kept:
		requireState(t, provider, attrs{l.attribute: l.second})
	case !l.required:
		requireState(t, provider, attrs{l.attribute: l.unset})
	}
	again := l.wire[0]
	if l.first == l.unset {
		again = ""
	}
	step("set again", with(attrs{l.attribute: l.first}), again)
	requireImported(t, service, server, provider)
	provider.MustApply(nil)
	one := collection + "/" + kept["id"].(string)
	service.RequireRequests(t, "GET "+one, "DELETE "+one)
	if all := service.Emulator.CustomProviders(service.AccountID); len(all) != 0 {
		t.Errorf("left after destroy: %v", all)
	}
}

// created returns the body of a create with the attribute in it.
func (l lifecycleCase) created(wire string) string {
	fields := map[string]json.RawMessage{
		"name": []byte(`"Mine"`), "slug": []byte(`"mine"`), "base_url": []byte(`"https://llm.example.com/v1"`),
		"enable": []byte("false"), "beta": []byte("false"),
	}
	fields[l.attribute] = []byte(wire)
	body, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return string(body)
}

// requireImported imports the custom provider by its slug, and fails the test
// unless that brings the same state.
func requireImported(t *testing.T, service *acctest.Service, server *protocol.Server, original *protocol.Resource) {
	t.Helper()
	state := original.State()
	slug := state["slug"].(string)
	imported := server.Resource(resourceType)
	if diags := imported.Import(slug); len(diags) != 0 {
		t.Fatalf("import: %s", diags)
	}
	service.RequireRequests(t,
		"GET "+collection+"?page=1&per_page=100&search="+slug, "GET "+collection+"/"+state["id"].(string))
	requireState(t, imported, state)
	config := attrs{}
	for _, name := range settable {
		config[name] = state[name]
	}
	imported.MustPlanEmpty(config)
	service.Emulator.ResetRequests()
}

// settable are the attributes that can be configured.
var settable = []string{
	"account_id", "name", "slug", "base_url", "description", "link", "enable", "beta", "curl_example", "js_example", "headers", "position",
}

// TestLifecycleOfAll does the same with all attributes at once: one request each way.
func TestLifecycleOfAll(t *testing.T) {
	t.Parallel()
	for _, set := range acctest.Combinations(quirks...) {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t, set...)
			provider, one := existing(t, service, server, everything())
			requireState(t, provider, with(everything()))
			provider.MustApply(with(attrs{"headers": attrs{}}))
			requireBody(t, service, "PATCH",
				`{"beta":false,"curl_example":"","description":"","enable":false,"headers":"{}","js_example":"","link":""}`)
			service.RequireRequests(t, "GET "+one, "PATCH "+one, "GET "+one)
			provider.MustApply(with(everything(), attrs{"slug": "other", "base_url": "https://b.example", "name": "Other"}))
			requireBody(t, service, "PATCH", `{"base_url":"https://b.example","beta":true,"curl_example":"curl \u003cx\u003e","description":"Ours.",`+
				`"enable":true,"headers":"{\"X-Tenant\":\"blue\"}","js_example":"fetch()","link":"https://docs.example.com","name":"Other","slug":"other"}`)
			service.Emulator.ResetRequests()
			requireImported(t, service, server, provider)
		})
	}
}

// TestEmptyIsUnset: to the service, an empty string is the same as none. A change
// from one to the other sends nothing.
func TestEmptyIsUnset(t *testing.T) {
	t.Parallel()
	empty := attrs{"description": "", "link": "", "curl_example": "", "js_example": ""}
	unset := attrs{"description": nil, "link": nil, "curl_example": nil, "js_example": nil}
	for name, states := range map[string][2]attrs{"from empty": {empty, unset}, "from unset": {unset, empty}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			provider := server.Resource(resourceType)
			provider.MustApply(with(states[0]))
			requireBody(t, service, "POST", lifecycleCase{attribute: "enable"}.created("false"))
			service.Emulator.ResetRequests()
			requireState(t, provider, states[0])
			before := provider.State()
			one := "GET " + collection + "/" + before["id"].(string)
			plan, diags := provider.Plan(with(states[1]))
			if diags.HasError() || plan.Action != protocol.Update {
				t.Fatalf("%v %s", plan, diags)
			}
			if planned := protocol.Object(t, plan.Planned); planned["modified_at"] != before["modified_at"] || planned["logo"] != before["logo"] {
				t.Errorf("nothing is to be sent, and the plan has %v", planned)
			}
			if diags := provider.Apply(plan); len(diags) != 0 {
				t.Fatal(diags)
			}
			service.RequireRequests(t)
			provider.MustPlanEmpty(with(states[1]))
			service.RequireRequests(t, one)
			maps.Copy(before, states[1])
			requireState(t, provider, before)
		})
	}
}

// TestPatchIgnores: the service drops a change of headers and position, as the
// documentation's list of what can be changed would have it. That is an error
// that says what to do, state has what is stored, and a replacement works.
func TestPatchIgnores(t *testing.T) {
	t.Parallel()
	for _, more := range acctest.Combinations(quirks...) {
		t.Run(acctest.QuirkName(more), func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t, append(slices.Clone(more), emulator.CustomProviderPatchIgnores)...)
			first := attrs{"headers": attrs{"X-Key": "header-hush-1"}, "position": int64(1)}
			provider, one := existing(t, service, server, first)
			for name, test := range map[string]struct {
				config attrs
				at     string
				says   []string
			}{
				"headers": {attrs{"headers": attrs{"X-Key": "header-hush-2"}, "position": int64(1)}, "", []string{
					"The service stored other headers", "or none", "terraform apply -replace=…",
				}},
				"no headers": {attrs{"headers": attrs{}, "position": int64(1)}, "", []string{"The service stored other headers"}},
				"position": {attrs{"headers": first["headers"], "position": int64(2)}, "position", []string{
					"position = 2 and succeeded, but the custom provider now has 1", "terraform apply -replace=…",
				}},
			} {
				config := with(test.config, attrs{"description": name})
				plan, diags := provider.Plan(config)
				if diags.HasError() || plan.Action != protocol.Update {
					t.Fatalf("%v %s", plan, diags)
				}
				diags = provider.Apply(plan)
				requireSaid(t, diags, test.at, test.says...)
				requireSecret(t, diags.String())
				if len(diags) != 1 || len(diags.At("headers")) != 0 {
					t.Errorf("%d diagnostics, want 1, and none at headers: %s", len(diags), diags)
				}
				requireState(t, provider, first, attrs{"description": name})
				if provider.Tainted() {
					t.Error("an update tainted it")
				}
				service.RequireRequests(t, "PATCH "+one)
				if plan, _ := provider.Plan(config); plan.Action != protocol.Update {
					t.Errorf("the next plan: %s, want the change again", plan.Action)
				}
			}
			provider.MustApply(nil) // what -replace does first
			provider.MustApply(with(attrs{"headers": attrs{"X-Key": "header-hush-2"}, "position": int64(2)}))
		})
	}
}
