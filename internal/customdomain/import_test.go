package customdomain_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestImport imports a custom domain in each way. State is then as after a create, except
// for what the service does not return.
func TestImport(t *testing.T) {
	t.Parallel()
	for _, set := range acctest.Combinations(emulator.ExtraFields) {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			s := service(t, set...)
			original := exists(t, s, attrs{"min_tls": "1.2"})
			want := original.State()
			if len(set) == 0 {
				want["zone_id"], want["min_tls"] = nil, nil
			}
			requireSame := func(t *testing.T, name string, got attrs) {
				t.Helper()
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: state\n  %v\nwant\n  %v", name, got, want)
				}
			}
			config := with(attrs{"zone_id": nil}) // as a generated configuration has it
			subject.Imports(t, s, original, config, requireSame, map[string]lifecycle.ImportCase{
				"by hostname":             {ID: gatewayID + "/" + hostname, Requests: []string{get}},
				"by account and hostname": {ID: s.AccountID + "/" + gatewayID + "/" + hostname, Requests: []string{get}},
				"by identity": {
					Identity: attrs{"account_id": s.AccountID, "gateway_id": gatewayID, "hostname": hostname}, Requests: []string{get},
				},
				"by identity without the account": {Identity: attrs{"gateway_id": gatewayID, "hostname": hostname}, Requests: []string{get}},
			})
		})
	}
}

// TestImportTakesOver: what the service does not return is recorded in place, without a
// request. From then on, another value replaces the domain.
func TestImportTakesOver(t *testing.T) {
	t.Parallel()
	s := service(t)
	before := exists(t, s, attrs{"min_tls": "1.2"}).State()
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, r.Import(gatewayID+"/"+hostname))
	s.Emulator.ResetRequests()

	config := with(attrs{"min_tls": "1.2"})
	taking := plan(t, r, config)
	if taking.Action != protocol.Update {
		t.Fatalf("%s, want an update in place", taking.Action)
	}
	requireNone(t, r.Apply(taking))
	s.RequireRequests(t)
	if !reflect.DeepEqual(r.State(), before) {
		t.Errorf("state\n  %v\nwant\n  %v", r.State(), before)
	}
	subject.RequireStored(t, s, r, config)
	r.MustPlanEmpty(config)
	s.RequireRequests(t, get)
	for _, change := range []attrs{{"zone_id": otherZone}, {"min_tls": "1.3"}} {
		if changed := plan(t, r, with(attrs{"min_tls": "1.2"}, change)); changed.Action != protocol.Replace {
			t.Errorf("%v: %s, want a replacement", change, changed.Action)
		}
	}
}

// TestImportReplaces: what the service does return replaces the domain at once.
func TestImportReplaces(t *testing.T) {
	t.Parallel()
	s := service(t)
	exists(t, s)
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, r.Import(gatewayID+"/"+hostname))
	for _, change := range []attrs{{"hostname": "b.example.com"}, {"gateway_id": otherID}} {
		if changed := plan(t, r, with(change)); changed.Action != protocol.Replace {
			t.Errorf("%v: %s, want a replacement", change, changed.Action)
		}
	}
}

func TestImportRefused(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	const invalid = `does not identify a custom domain. Use its gateway and hostname, such as "my-gateway/ai.example.com"`
	other := strings.Repeat("f", 32)
	elsewhere := func(request string) string { return strings.Replace(request, "…", other, 1) }
	for id, test := range map[string]struct {
		says     string
		requests []string
	}{
		hostname:                                 {invalid, nil},
		"main/":                                  {invalid, nil},
		"/" + hostname:                           {invalid, nil},
		"main/localhost":                         {invalid, nil},
		"x/main/" + hostname:                     {invalid, nil},
		"/main/" + hostname:                      {invalid, nil},
		s.AccountID + "/main/" + hostname + "/x": {invalid, nil},
		"main/..":                                {invalid, nil},
		"https://" + hostname:                    {invalid, nil},
		"main/" + hostname: {
			`Custom domain "ai.example.com" of gateway "main" in account ` + s.AccountID +
				": not found, so there is nothing to import. The data source aigateway_custom_domains lists", []string{get, list},
		},
		"nowhere/" + hostname: {`Custom domain "ai.example.com" of gateway "nowhere" in account ` + s.AccountID + ": gateway not found", []string{
			strings.Replace(get, "main", "nowhere", 1), strings.Replace(list, "main", "nowhere", 1), strings.Replace(theGateway, "main", "nowhere", 1),
		}},
		other + "/main/" + hostname: {"in account " + other + ": gateway not found", []string{
			elsewhere(get), elsewhere(list), elsewhere(theGateway),
		}},
	} {
		s.Emulator.ResetRequests()
		r := server.Resource(resourceType)
		diags := r.Import(id)
		requireSays(t, diags, test.says)
		if !diags.HasError() {
			t.Errorf("%q: %s", id, diags)
		}
		s.RequireRequests(t, test.requests...)
	}
	s.Emulator.ResetRequests()
	for _, identity := range []attrs{
		{"gateway_id": "..", "hostname": hostname}, {"gateway_id": gatewayID, "hostname": "a/b"}, {"account_id": "x", "gateway_id": gatewayID, "hostname": hostname},
	} {
		requireSays(t, server.Resource(resourceType).ImportIdentity(identity), "Invalid import identity")
	}
	s.RequireRequests(t)
}
