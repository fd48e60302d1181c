package dynamicroute_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestImport imports a route in each way, with exactly the requests that it needs.
// State is then as after a create.
func TestImport(t *testing.T) {
	t.Parallel()
	for _, set := range [][]emulator.Quirk{
		nil, {emulator.RouteElementsTop}, {emulator.ExtraFields, emulator.RouteElementsTop, emulator.RouteRepliesBare, emulator.RouteNameClash500},
	} {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			s := service(t, set...)
			server := s.Protocol(t, nil)
			original, id := exists(t, s, server, gated())
			s.Emulator.PutRoute(s.AccountID, gatewayID, "other", onWire("other"))
			one, account := "GET "+routes+"/"+id, s.AccountID+"/"
			requireSameState := func(t *testing.T, name string, got attrs) {
				t.Helper()
				requireSame(t, name, got, original.State())
			}
			subject.Imports(t, s, original, gated(), requireSameState, map[string]lifecycle.ImportCase{
				"by name":                         {ID: gatewayID + "/support", Requests: []string{listRoutes, one, one}},
				"by account and name":             {ID: account + gatewayID + "/support", Requests: []string{listRoutes, one, one}},
				"by id":                           {ID: gatewayID + "/id:" + id, Requests: []string{listRoutes, one}},
				"by account and id":               {ID: account + gatewayID + "/id:" + id, Requests: []string{listRoutes, one}},
				"by identity":                     {Identity: attrs{"account_id": s.AccountID, "gateway_id": gatewayID, "id": id}, Requests: []string{one}},
				"by identity without the account": {Identity: attrs{"gateway_id": gatewayID, "id": id}, Requests: []string{one}},
			})
			requireIdentity(t, s, original, id)
		})
	}
}

// TestImportThenChange: nothing is remembered of a route that was imported, so
// its first change makes a version, and the next failure leaves that to the
// next apply.
func TestImportThenChange(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, once)
	_, id := exists(t, s, server, gated())
	r := server.Resource(resourceType)
	requireNone(t, r.Import(gatewayID+"/support"))
	s.Emulator.Inject(missing(newDeployment))
	s.Emulator.ResetRequests()
	if diags := try(t, r, next()); !diags.HasError() || strings.Contains(diags.String(), "stays deployed") {
		t.Error(diags)
	}
	requireNone(t, try(t, r, next()))
	one := routes + "/" + id
	s.RequireRequests(t, "GET "+one, "POST "+one+versions, "POST "+one+deployments, "POST "+one+deployments)
	r.MustPlanEmpty(next())
	requireHistory(t, s, 2)
}

// TestImportNamedLikeAnID: a name wins over an id.
func TestImportNamedLikeAnID(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	_, id := exists(t, s, server, gated())
	confusing := "id:" + id
	other := s.Emulator.PutRoute(s.AccountID, gatewayID, confusing, onWire("other"))
	for _, importID := range []string{gatewayID + "/" + confusing, s.AccountID + "/" + gatewayID + "/" + confusing} {
		r := server.Resource(resourceType)
		requireNone(t, r.Import(importID))
		requireIdentity(t, s, r, other)
		if r.State()["name"] != confusing {
			t.Errorf("%s: state %v", importID, r.State())
		}
	}
}

// TestImportUnderLaggingLists: a new route is missing from the first list; by
// its id it is found all the same. A list that still has a former name or a
// route that is gone misleads nobody.
func TestImportUnderLaggingLists(t *testing.T) {
	t.Parallel()
	s := service(t, emulator.RouteListLags)
	server := s.Protocol(t, nil)
	_, id := exists(t, s, server, gated())
	take := func(name string) (*protocol.Resource, protocol.Diagnostics) {
		r := server.Resource(resourceType)
		return r, r.Import(gatewayID + "/" + name)
	}
	r, diags := take("id:" + id)
	requireNone(t, diags)
	requireIdentity(t, s, r, id)

	s.Emulator.DeleteRoute(s.AccountID, gatewayID, id)
	_, diags = take("support") // the list has it still
	requireSays(t, diags, "Dynamic route not found", "may be missing from the list for some seconds")

	_, id = exists(t, s, server, gated())
	_, diags = take("support")
	requireSays(t, diags, "Dynamic route not found")
	r, diags = take("support")
	requireNone(t, diags)
	requireIdentity(t, s, r, id)

	s.Emulator.RenameRoute(s.AccountID, gatewayID, id, "help")
	_, diags = take("support") // the list has the former name
	requireSays(t, diags, "Dynamic route not found", `has no dynamic route named "support"`)
	r, diags = take("help")
	requireNone(t, diags)
	requireIdentity(t, s, r, id)
}

func TestImportRefused(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	const invalid = "does not identify a dynamic route. Use its gateway and name"
	for id, test := range map[string]struct {
		says     string
		requests int
	}{
		"":                                      {invalid, 0},
		"support":                               {invalid, 0},
		"main/":                                 {invalid, 0},
		"/support":                              {invalid, 0},
		"main/id:":                              {invalid, 0},
		"Main Gateway/support":                  {invalid, 0},
		"main/support/":                         {invalid, 0},
		"x/main/support":                        {invalid, 0},
		"https://example.com/main/x":            {invalid, 0},
		s.AccountID + "/main":                   {"Gateway not found", 1},
		s.AccountID + "/main/support/x":         {invalid, 0},
		"main/id:../x":                          {invalid, 0},
		"main/id:a b":                           {invalid, 1},
		"main/support":                          {`Gateway "main" in account ` + s.AccountID + ` has no dynamic route named "support"`, 1},
		"main/id:01a1fdbe":                      {`Dynamic route "01a1fdbe" of gateway "main" in account ` + s.AccountID + " does not exist, so there is nothing to import", 2},
		"nowhere/support":                       {"Account " + s.AccountID + ` has no gateway "nowhere"`, 1},
		"nowhere/id:01a1fdbe":                   {"Account " + s.AccountID + ` has no gateway "nowhere"`, 1},
		strings.Repeat("f", 32) + "/main/sup":   {"Account " + strings.Repeat("f", 32) + ` has no gateway "main"`, 1},
		strings.Repeat("f", 32) + "/main/id:ab": {"Account " + strings.Repeat("f", 32) + ` has no gateway "main"`, 1},
	} {
		s.Emulator.ResetRequests()
		r := server.Resource(resourceType)
		diags := r.Import(id)
		// There is no attribute at fault, and no configuration to advise on.
		if strings.Contains(diags.String(), "same configuration") || len(diags) != 1 || diags[0].Attribute != nil {
			t.Errorf("%s: %s", id, diags)
		}
		if !strings.Contains(diags.String(), test.says) || r.Exists() {
			t.Errorf("%s: %s", id, diags)
		}
		if n := len(s.Requests()); n != test.requests {
			t.Errorf("%s: requests %v, want %d", id, s.Requests(), test.requests)
		}
	}
}

// TestImportIdentityRefused: what is wrong with an identity is said of it.
func TestImportIdentityRefused(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	for says, identity := range map[string]attrs{
		`id is "../x", which cannot be the ID of an object.`:                 {"gateway_id": gatewayID, "id": "../x"},
		`gateway_id is "", which cannot be the ID of an object.`:             {"gateway_id": "", "id": "01a1fdbe"},
		`account_id is "x". It must be 32 hexadecimal digits in lower case.`: {"account_id": "x", "gateway_id": gatewayID, "id": "01a1fdbe"},
	} {
		r := server.Resource(resourceType)
		diags := r.ImportIdentity(identity)
		if len(diags) != 1 || diags[0].Summary != "Invalid import identity" || diags[0].Detail != says || r.Exists() {
			t.Errorf("want %s, got %s", says, diags)
		}
	}
	s.RequireRequests(t)
}

// TestImportFails: the service says why.
func TestImportFails(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, once).Resource(resourceType)
	s.Emulator.Inject(emulator.Fault{Status: http.StatusForbidden, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`})
	requireSays(t, r.Import(gatewayID+"/support"), "Unable to read dynamic route", `Dynamic route "support" of gateway "main"`, "AI Gateway Read")
}

// TestIdentityIsSetEverywhere: in create, read and update, also where state
// comes from before there was one, and where nothing is sent or sending fails.
func TestIdentityIsSetEverywhere(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, once)
	r, id := exists(t, s, server, gated())
	requireIdentity(t, s, r, id)
	r.ForgetIdentity()
	requireNone(t, r.Refresh())
	requireIdentity(t, s, r, id)
	for _, config := range []attrs{with(gated(), "name", "help"), with(next(), "name", "help"), gated()} {
		r.ForgetIdentity()
		requireNone(t, try(t, r, config))
		requireIdentity(t, s, r, id)
	}
	s.Emulator.Inject(emulator.Fault{Method: http.MethodPatch, Status: http.StatusForbidden})
	r.ForgetIdentity()
	if diags := try(t, r, with(gated(), "name", "help")); !diags.HasError() {
		t.Error("no error")
	}
	requireIdentity(t, s, r, id)
}
