package customprovider_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestLostCreate: the request arrived, and its response did not. The provider
// finds the custom provider and creates no second one.
func TestLostCreate(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"cut":         {Drop: emulator.DropAfter},
		"bad gateway": {Status: http.StatusBadGateway, AnswerAfter: true},
		"timeout":     {Status: http.StatusGatewayTimeout, AnswerAfter: true},
		"garbage":     {Status: http.StatusOK, Body: "<html>", AnswerAfter: true},
		"no result":   {Status: http.StatusOK, Body: `{"success":true}`, AnswerAfter: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, set := range acctest.Combinations(quirks...) {
				service, server := emulate(t, set...)
				fault.Method = http.MethodPost
				service.Emulator.Inject(fault)
				provider := server.Resource(resourceType)
				provider.MustApply(with(everything()))
				one := collection + "/" + stored(t, service)["id"].(string)
				service.RequireRequests(t, "POST "+collection, searched, "GET "+one)
			}
		})
	}
}

// TestFailedCreate: the request did not arrive. Nothing is in state, and the
// next apply works.
func TestFailedCreate(t *testing.T) {
	t.Parallel()
	service, server := impatient(t)
	service.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Drop: emulator.DropBefore})
	provider := server.Resource(resourceType)
	plan, _ := provider.Plan(with())
	diags := provider.Apply(plan)
	requireSaid(t, diags, "", "Unable to create custom provider", "looked for afterwards and is not there, though it may appear yet",
		"The request may or may not have been applied", importBlock(service))
	if provider.Exists() {
		t.Errorf("state %v", provider.State())
	}
	service.RequireRequests(t, "POST "+collection, searched, searched, searched, searched, searched)
	if action := provider.MustApply(with()); action != protocol.Create {
		t.Errorf("%s, want a create", action)
	}
	stored(t, service)
}

// TestCreateIsSentAgain: a request that left no custom provider behind is repeated.
func TestCreateIsSentAgain(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	service.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Drop: emulator.DropBefore})
	server.Resource(resourceType).MustApply(with())
	made := collection + "/" + stored(t, service)["id"].(string)
	service.RequireRequests(t, "POST "+collection, searched, "POST "+collection, "GET "+made) // the last for the next plan
}

// TestAnotherObject: a response counts only for the custom provider that it
// describes.
func TestAnotherObject(t *testing.T) {
	t.Parallel()
	subject.AnotherObject(t, lifecycle.Others{
		Mine: with(), Other: with(attrs{"slug": "other"}), New: with(attrs{"slug": "new"}),
		Changed: with(attrs{"link": "x"}), Method: http.MethodPatch, Posts: "/custom-providers$",
		Path: func(state attrs) string { return "/ai-gateway/custom-providers/" + state["id"].(string) },
	})
	subject.DeletesNothing(t, with())
}

// importBlock returns the advice to import, on one line.
func importBlock(service *acctest.Service) string {
	return fmt.Sprintf(`import { to = aigateway_custom_provider.example id = "%s/mine" }`, service.AccountID)
}

// TestTakenSlug: a custom provider that was there before is not touched and not
// put into state, also when it looks just like the one that was asked for; the
// import that the error proposes works.
func TestTakenSlug(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]*emulator.Fault{
		"refused":         nil,
		"gateway timeout": {Method: http.MethodPost, Status: http.StatusGatewayTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			first, _ := existing(t, service, server)
			service.Emulator.Clock().Advance(time.Hour)
			at := "slug"
			if fault != nil {
				service.Emulator.Inject(*fault)
				at = ""
			}
			second := server.Resource(resourceType)
			plan, _ := second.Plan(with())
			diags := second.Apply(plan)
			requireSaid(t, diags, at, "Unable to create custom provider", importBlock(service))
			if fault == nil {
				requireSaid(t, diags, at, "A custom provider with this slug already exists (code 1003, at slug)")
			}
			if second.Exists() {
				t.Errorf("state %v", second.State())
			}
			first.MustPlanEmpty(with())
			if diags := second.Import(service.AccountID + "/mine"); len(diags) != 0 {
				t.Fatal(diags)
			}
			second.MustPlanEmpty(with())
			stored(t, service)
		})
	}
}

// TestTakenSlugOnUpdate: the slug is another's. Nothing changes.
func TestTakenSlugOnUpdate(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	provider, one := existing(t, service, server)
	service.Emulator.PutCustomProvider(service.AccountID, attrs{"name": "Other", "slug": "taken", "base_url": "https://a.example"})
	plan, _ := provider.Plan(with(attrs{"slug": "taken", "description": "x"}))
	diags := provider.Apply(plan)
	requireSaid(t, diags, "slug", "Slug of another custom provider", `another custom provider with the slug "taken"`, "Choose another slug")
	if len(diags) != 1 {
		t.Errorf("%s", diags)
	}
	service.RequireRequests(t, "PATCH "+one)
	requireState(t, provider, with(attrs{"description": nil}))
	provider.MustPlanEmpty(with())
}

// TestRefusedByTheService: what only the service can tell stands at its
// attribute, on creation as on change; headers have no place.
func TestRefusedByTheService(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config attrs
		body   string // of an injected answer; "" is the emulator's own
		at     string
		says   []string
	}{
		"1002": {attrs{"base_url": "https://[::1"}, "", "base_url", []string{
			"base_url must be a valid HTTPS URL starting with https:// (code 1002, at base_url)", "Correct the values that it names and apply again",
		}},
		"7001 at link": {attrs{"link": "x"}, failed(7001, "Invalid url", "body", "link"), "link", []string{"Invalid url (code 7001, at link)"}},
		"7001 at name": {attrs{"name": "x"}, failed(7001, "Too odd", "body", "name"), "name", []string{"Too odd (code 7001, at name)"}},
		"7001 at enable": {attrs{"enable": true}, failed(7001, "Not yet", "body", "enable"), "enable", []string{
			"Not yet (code 7001, at enable)",
		}},
		"7001 at position": {attrs{"position": int64(5)}, failed(7001, "Too far", "body", "position"), "position", []string{
			"Too far (code 7001, at position)",
		}},
		"7001 at headers": {attrs{"headers": attrs{"X-Key": strings.Repeat("header-hush-", 700)}}, "", "", []string{
			"String must contain at most 8192 character(s) (code 7001, at headers)",
		}},
		"7001 without a field": {attrs{"link": "x"}, failed(7001, "Something"), "", []string{"Something (code 7001)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := impatient(t)
			there, _ := existing(t, service, server)
			for verb, provider := range map[string]*protocol.Resource{"create": server.Resource(resourceType), "update": there} {
				if test.body != "" {
					service.Emulator.Inject(emulator.Fault{Method: method(verb), Status: http.StatusBadRequest, Body: test.body})
				}
				config := with(attrs{"slug": verb}, test.config)
				plan, diags := provider.Plan(config)
				if diags.HasError() {
					t.Fatal(diags)
				}
				diags = provider.Apply(plan)
				requireSaid(t, diags, test.at, append(test.says, "Unable to "+verb+" custom provider")...)
				if len(diags) != 1 || len(diags.At("headers")) != 0 {
					t.Errorf("%s: %s", verb, diags)
				}
				requireSecret(t, diags.String())
			}
			requireState(t, there, with(), attrs{"link": nil, "position": nil, "headers": nil})
			stored(t, service)
		})
	}
}

// method is that of the request which does this.
func method(verb string) string {
	return map[string]string{
		"create": http.MethodPost, "read": http.MethodGet, "list": http.MethodGet, "update": http.MethodPatch, "delete": http.MethodDelete,
	}[verb]
}

// operations returns all that send a request, by the verb of their errors.
func operations(there *protocol.Resource, server *protocol.Server) map[string]func() protocol.Diagnostics {
	apply := func(r *protocol.Resource, config attrs) func() protocol.Diagnostics {
		return func() protocol.Diagnostics {
			plan, diags := r.Plan(config)
			if diags.HasError() {
				return diags
			}
			return r.Apply(plan)
		}
	}
	read := func(typeName string, config attrs) func() protocol.Diagnostics {
		return func() protocol.Diagnostics {
			_, diags := server.ReadDataSource(typeName, config)
			return diags
		}
	}
	return map[string]func() protocol.Diagnostics{
		"create":                    apply(server.Resource(resourceType), with(attrs{"slug": "another"})),
		"update":                    apply(there, with(attrs{"description": "changed"})),
		"delete":                    apply(there, nil),
		"read":                      there.Refresh,
		"read: import":              func() protocol.Diagnostics { return server.Resource(resourceType).Import("mine") },
		"read: data source":         read("aigateway_custom_provider", attrs{"id": there.State()["id"]}),
		"read: data source by slug": read("aigateway_custom_provider", attrs{"slug": "mine"}),
		"list":                      read("aigateway_custom_providers", attrs{}),
	}
}

// TestRequestsFail: every request, with every failure, gives one error that says
// what to do, and state stays as it was.
func TestRequestsFail(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault emulator.Fault
		says  []string
	}{
		"403": {emulator.Fault{Status: 403, Body: failed(10000, "Authentication error")}, []string{
			"Authentication error (code 10000)", "The API token is not allowed to do this", "on account " + acctest.AccountID,
		}},
		"401": {emulator.Fault{Status: 401, Body: failed(10000, "Authentication error")}, []string{"unknown to Cloudflare or expired, or it lacks"}},
		"404 of the API": {emulator.Fault{Status: 404, Body: failed(7003, "Could not route")}, []string{
			"Cloudflare's API does not have this path", "Check account_id (or CLOUDFLARE_ACCOUNT_ID)",
		}},
		"404 of a page": {emulator.Fault{Status: 404, Body: "<html>"}, []string{"is the base URL right?", "any proxy in between"}},
		"429":           {emulator.Fault{Status: 429, Body: failed(971, "Please wait")}, []string{"1,200 requests per user in five minutes"}},
		"a login page":  {emulator.Fault{Status: 302, Header: http.Header{"Location": {"/login"}}}, []string{"the server redirects"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := impatient(t)
			there, _ := existing(t, service, server)
			before := there.State()
			for what, do := range operations(there, server) {
				verb, _, _ := strings.Cut(what, ":")
				fault := test.fault
				fault.Method, fault.Path = method(verb), "custom-providers"
				service.Emulator.Inject(fault)
				diags := do()
				requireSaid(t, diags, "", append(test.says, "Unable to "+verb+" custom provider")...)
				if len(diags) != 1 {
					t.Errorf("%s: %s", what, diags)
				}
				permission := "AI Gateway Edit"
				if method(verb) == http.MethodGet {
					permission = "AI Gateway Read"
				}
				if name == "403" {
					requireSaid(t, diags, "", "a token with the permission "+permission)
				}
			}
			requireState(t, there, before)
			there.MustPlanEmpty(with())
		})
	}
}

// TestServiceUnavailable is the same for what is repeated, or looked for, where
// the provider may.
func TestServiceUnavailable(t *testing.T) {
	t.Parallel()
	service, server := impatient(t)
	there, _ := existing(t, service, server)
	all := operations(there, server)
	delete(all, "create") // see TestFailedCreate
	for what, do := range all {
		service.Emulator.Inject(emulator.Fault{Path: "custom-providers", Status: http.StatusServiceUnavailable})
		requireSaid(t, do(), "", "503", "The service failed; the configuration is not the cause", "max_retries")
		if what == "delete" && !there.Exists() {
			t.Error("a deletion that failed removed it from state")
		}
	}
	there.MustPlanEmpty(with())
}

// TestRepeated: requests that are safe to repeat are repeated.
func TestRepeated(t *testing.T) {
	t.Parallel()
	cases := map[string]lifecycle.RepeatCase{}
	for name, fault := range map[string]emulator.Fault{
		"503": {Status: http.StatusServiceUnavailable}, "cut before": {Drop: emulator.DropBefore}, "cut after": {Drop: emulator.DropAfter},
		"502 after": {Status: http.StatusBadGateway, AnswerAfter: true},
	} {
		for verb, config := range map[string]attrs{
			"read": with(attrs{"slug": "other"}), "update": with(attrs{"slug": "other", "description": "x"}), "delete": nil,
		} {
			fault.Method = method(verb)
			cases[verb+"/"+name] = lifecycle.RepeatCase{Fault: fault, To: config}
		}
	}
	subject.Repeats(t, with(), cases)
}

// TestUpdateWithoutResponse: state keeps what it was, and the next apply converges.
func TestUpdateWithoutResponse(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"never arrives":   {Drop: emulator.DropBefore},
		"never answered":  {Drop: emulator.DropAfter},
		"answers garbage": {Status: http.StatusOK, Body: "<html>", AnswerAfter: true},
		"says no":         {Status: http.StatusOK, Body: `{"success":false,"errors":[]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := impatient(t)
			provider, _ := existing(t, service, server)
			fault.Method = http.MethodPatch
			service.Emulator.Inject(fault)
			config := with(attrs{"slug": "other", "headers": attrs{"A": "b"}})
			plan, _ := provider.Plan(config)
			requireSaid(t, provider.Apply(plan), "", "Unable to update custom provider")
			requireState(t, provider, with(attrs{"headers": nil}))
			if provider.Tainted() {
				t.Error("an update that failed tainted it")
			}
			provider.MustApply(config)
			if held := stored(t, service); held["slug"] != "other" || held["headers"] != `{"A":"b"}` {
				t.Errorf("%v", held)
			}
		})
	}
}

// TestInterrupted interrupts an apply, which ends at once and loses nothing.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	provider := server.Resource(resourceType)
	plan, _ := provider.Plan(with())
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	if diags := provider.ApplyContext(ctx, plan); !strings.Contains(diags.String(), "interrupted") || provider.Exists() {
		t.Errorf("interrupted before the request: state %v, %s", provider.State(), diags)
	}
	service.RequireRequests(t)

	provider, _ = existing(t, service, server)
	for verb, config := range map[string]attrs{"update": with(attrs{"description": "x"}), "delete": nil} {
		diags := lifecycle.ApplyHeldUp(t, service, provider, lifecycle.Plan(t, provider, config), emulator.Fault{Method: method(verb)})
		requireSaid(t, diags, "", "Unable to "+verb+" custom provider", "interrupted")
		requireState(t, provider, with(attrs{"description": nil}))
	}
	provider.MustPlanEmpty(with())
}

// TestReadFails: a response that is not the API's never removes a custom provider
// from state.
func TestReadFails(t *testing.T) {
	t.Parallel()
	subject.ReadFails(t, with(), map[string]emulator.Fault{
		"without an id": {Status: 200, Body: `{"success":true,"result":{"slug":"mine"}}`},
	}, "Unable to read custom provider")
}
