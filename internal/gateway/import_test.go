package gateway_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestImport(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	original := server.Resource(resourceType)
	original.MustApply(with(everything.first))
	for name, take := range map[string]func() (attrs, attrs, string){
		"by name": func() (attrs, attrs, string) {
			r := server.Resource(resourceType)
			diags := r.Import("demo")
			return r.State(), r.Identity(), diags.String()
		},
		"by account and name": func() (attrs, attrs, string) {
			r := server.Resource(resourceType)
			diags := r.Import(service.AccountID + "/demo")
			return r.State(), r.Identity(), diags.String()
		},
		"by identity": func() (attrs, attrs, string) {
			r := server.Resource(resourceType)
			diags := r.ImportIdentity(attrs{"account_id": service.AccountID, "id": "demo"})
			return r.State(), r.Identity(), diags.String()
		},
		"by identity without the account": func() (attrs, attrs, string) {
			r := server.Resource(resourceType)
			diags := r.ImportIdentity(attrs{"id": "demo"})
			return r.State(), r.Identity(), diags.String()
		},
	} {
		service.Emulator.ResetRequests()
		state, identity, said := take()
		// The gateway has features with secrets, which an import does not bring.
		if strings.Contains(said, "ERROR") || !strings.Contains(said, "has stripe, whose secrets were not imported") ||
			!strings.Contains(said, "has otel, whose secrets (headers, authorization) were not imported") {
			t.Errorf("%s: %s", name, said)
		}
		service.RequireRequests(t, "GET "+one)
		want := original.State()
		want["stripe"].(attrs)["authorization"] = nil
		want["otel"].([]any)[0].(attrs)["headers"], want["otel"].([]any)[0].(attrs)["authorization"] = nil, nil
		if difference := missing(want, state, name); difference != "" {
			t.Error(difference)
		}
		if identity["account_id"] != service.AccountID || identity["id"] != "demo" {
			t.Errorf("%s: identity %v", name, identity)
		}
	}
}

// TestIdentityIsSetEverywhere: in create, read and update, also where state
// comes from before there was one.
func TestIdentityIsSetEverywhere(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	check := func(when string) {
		t.Helper()
		if got := gateway.Identity(); got["account_id"] != service.AccountID || got["id"] != "demo" {
			t.Errorf("%s: identity %v", when, got)
		}
	}
	apply := func(config attrs) {
		t.Helper()
		plan, diags := gateway.Plan(config)
		if diags.HasError() {
			t.Fatal(diags)
		}
		if diags := gateway.Apply(plan); diags.HasError() {
			t.Fatal(diags)
		}
	}
	apply(with())
	check("create")
	gateway.ForgetIdentity()
	if diags := gateway.Refresh(); diags.HasError() {
		t.Fatal(diags)
	}
	check("read")
	gateway.ForgetIdentity()
	apply(with(attrs{"cache_ttl": int64(60)}))
	check("update")
	gateway.ForgetIdentity()
	apply(with(attrs{"cache_enabled": false, "cache_ttl": int64(60)}))
	gateway.ForgetIdentity()
	apply(with(attrs{"cache_enabled": false, "cache_ttl": int64(90)}))
	check("update that sends nothing")
}

func TestImportOfNothing(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	if diags := server.Resource(resourceType).Import("demo"); !strings.Contains(diags.String(), "Gateway \"demo\" in account "+service.AccountID+" does not exist, so there is nothing to import.") ||
		!strings.Contains(diags.String(), "aigateway_gateways lists the gateways of an account") {
		t.Error(diags)
	}
	service.RequireRequests(t, "GET /accounts/…/ai-gateway/gateways/demo")
	// An empty ID is not an identity.
	diags := server.Resource(resourceType).Import("")
	if len(diags) != 1 || !strings.Contains(diags.String(), `"" does not identify a gateway. Use its name`) {
		t.Error(diags)
	}
	service.RequireRequests(t)
}

func TestImportWithoutAnAccount(t *testing.T) {
	t.Parallel()
	service := acctest.Emulate(t, emulator.Options{})
	service.AccountID = ""
	server := service.Protocol(t, nil)
	diags := server.Resource(resourceType).Import("demo")
	for _, want := range []string{"account_id of the provider", "CLOUDFLARE_ACCOUNT_ID"} {
		if !strings.Contains(diags.String(), want) {
			t.Errorf("the error does not say %q: %s", want, diags)
		}
	}
	_, diags = server.Resource(resourceType).Plan(with())
	if !strings.Contains(diags.String(), "CLOUDFLARE_ACCOUNT_ID") {
		t.Errorf("a plan without an account: %s", diags)
	}
}
