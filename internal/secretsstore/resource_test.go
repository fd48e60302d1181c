package secretsstore_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestLifecycle creates a store where there is none, renames it, and destroys it, with
// exactly these requests.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	service, server := start(t)
	store := server.Resource(resourceType)
	store.MustApply(named)
	subject.RequireStored(t, service, store, named)
	first := one(store)
	service.RequireRequests(t, listed, "POST "+collection, "GET "+first) // the last for the next plan
	state := store.State()
	lifecycle.RequireIdentity(t, store, attrs{"account_id": service.AccountID, "id": state["id"]})
	for _, attribute := range []string{"created_at", "modified_at"} {
		if text, _ := state[attribute].(string); !strings.HasSuffix(text, "Z") {
			t.Errorf("%s = %v, want a time in UTC", attribute, state[attribute])
		}
	}
	store.MustPlanEmpty(attrs{"name": "mine", "account_id": service.AccountID})
	service.Emulator.ResetRequests()

	plan, diags := store.Plan(renamed)
	if plan.Action != protocol.Replace || len(diags.At("name")) != 1 || diags.HasError() {
		t.Fatalf("%s, %s, want a replacement and a warning", plan.Action, diags)
	}
	lifecycle.RequireText(t, diags, "A Secrets Store with secrets cannot be replaced", `To keep the store, configure name = "mine"`)
	lifecycle.RequireNone(t, store.Apply(plan))
	service.RequireRequests(t, "DELETE "+first, listed, "POST "+collection)
	subject.RequireStored(t, service, store, renamed)
	second := one(store)
	store.MustApply(nil)
	service.RequireRequests(t, "GET "+second, "DELETE "+second)
	subject.RequireEmpty(t, service)
}

// TestExistingStore: the account has a store. The provider sees that before it sends
// anything; the service says it of a store that the list did not have. Either way the
// error has the block that imports the store, which works.
func TestExistingStore(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		faults []emulator.Fault
		posts  bool
	}{
		"listed":           {},
		"not listed":       {faults: []emulator.Fault{page(0, 0, 0)}, posts: true},
		"refused with 409": {faults: []emulator.Fault{page(0, 0, 0), {Method: http.MethodPost, Status: 409, Body: `{"success":false,"errors":[{"code":1003,"message":"taken"}]}`}}, posts: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t, test.faults...)
			id := service.Emulator.StoreIDs(service.AccountID)[0]
			store := server.Resource(resourceType)
			diags := lifecycle.Apply(t, store, named)
			requireSaid(t, diags, "The account already has a Secrets Store", "Account "+service.AccountID, `"default_secrets_store"`,
				`import { to = aigateway_secrets_store.example id = "`+service.AccountID+"/"+id+`" }`, "Nothing was changed")
			if test.posts {
				service.RequireRequests(t, listed, "POST "+collection, listed, listed)
			} else {
				service.RequireRequests(t, listed)
			}
			if store.Exists() {
				t.Errorf("state %v", store.State())
			}
			lifecycle.RequireNone(t, store.Import(service.AccountID+"/"+id))
			store.MustPlanEmpty(attrs{"name": "default_secrets_store"})
		})
	}
}

// TestStoreWithSecrets: the service refuses to delete it. The request does not ask to
// delete the secrets, the store stays in state, and goes once the secrets are gone.
func TestStoreWithSecrets(t *testing.T) {
	t.Parallel()
	service, server := start(t)
	store := server.Resource(resourceType)
	store.MustApply(named)
	id := store.State()["id"].(string)
	service.Emulator.PutSecret(service.AccountID, id, "gw_openai_default", "sk")
	service.Emulator.ResetRequests()
	for _, to := range []attrs{nil, renamed} {
		requireSaid(t, lifecycle.Apply(t, store, to), "Secrets Store with secrets", `"mine" (`+id+") of account "+service.AccountID,
			"store_not_empty", "no secret was deleted", "aigateway_provider_config", "in the dashboard", "destroy = false")
		service.RequireRequests(t, "DELETE "+collection+"/"+id)
		if store.State()["id"] != id || store.Tainted() {
			t.Errorf("state %v", store.State())
		}
	}
	if names := service.Emulator.SecretNames(service.AccountID, id); len(names) != 1 {
		t.Errorf("secrets %v", names)
	}
	service.Emulator.DeleteSecret(service.AccountID, id, "gw_openai_default")
	store.MustApply(nil)
	subject.RequireEmpty(t, service)
}

// TestStoreOfAGateway: store, gateway and key depend on each other, and go in reverse.
func TestStoreOfAGateway(t *testing.T) {
	t.Parallel()
	service, server := start(t)
	store, gateway, key := server.Resource(resourceType), server.Resource("aigateway_gateway"), server.Resource("aigateway_provider_config")
	store.MustApply(named)
	id := store.State()["id"]
	gateway.MustApply(attrs{"name": "gw", "authentication": true, "store_id": id})
	key.MustApply(attrs{"gateway_id": "gw", "provider_slug": "openai", "secret_wo": "sk-only-for-this-test", "secret_wo_version": int64(1)})
	if names := service.Emulator.SecretNames(service.AccountID, id.(string)); len(names) != 1 {
		t.Errorf("secrets %v", names)
	}
	for _, r := range []*protocol.Resource{key, gateway, store} {
		r.MustApply(nil)
	}
	subject.RequireEmpty(t, service)
}

func TestDeletedElsewhere(t *testing.T) {
	t.Parallel()
	subject.Deletions(t, named, map[string]lifecycle.DeletionCase{"the store": {
		Delete:          func(s *acctest.Service, id string) { s.Emulator.DeleteStore(s.AccountID, id) },
		RefreshRequests: func(id string) []string { return []string{"GET " + collection + "/" + id} },
		DestroyRequests: func(id string) []string { return []string{"DELETE " + collection + "/" + id} },
	}})
}

// TestFaults lets each request go wrong in each way.
func TestFaults(t *testing.T) {
	t.Parallel()
	kept := func(t *testing.T, r *protocol.Resource, before attrs) {
		t.Helper()
		if r.Exists() != (before["id"] != nil) || r.Exists() && r.State()["id"] != before["id"] {
			t.Errorf("state %v, was %v", r.State(), before)
		}
	}
	subject.Faults(t, acctest.Faults(`{"success":true,"result":{"name":"mine"}}`), map[string]lifecycle.FaultCase{
		"create": {Method: http.MethodPost, To: named, Succeeds: lifecycle.Recovered, RequireKept: kept},
		"list":   {Method: http.MethodGet, To: named, Succeeds: lifecycle.Never, RequireKept: kept},
		"delete": {Method: http.MethodDelete, From: named, Succeeds: lifecycle.Confirmed, RequireKept: kept},
	})
}

func TestReadFails(t *testing.T) {
	t.Parallel()
	subject.ReadFails(t, named, map[string]emulator.Fault{
		"without an id": {Status: 200, Body: `{"success":true,"result":{"name":"mine"}}`},
		"another":       {Status: 200, Body: `{"success":true,"result":{"id":"x","name":"mine"}}`},
	}, "Unable to read Secrets Store")
}

// TestForbidden: each error names the permission.
func TestForbidden(t *testing.T) {
	t.Parallel()
	service, server := start(t)
	there, other := server.Resource(resourceType), server.Resource(resourceType)
	there.MustApply(named)
	for name, test := range map[string]struct {
		method, permission string
		do                 func() protocol.Diagnostics
	}{
		"Unable to read Secrets Store":   {"GET", "Secrets Store Read", there.Refresh},
		"Unable to delete Secrets Store": {"DELETE", "Secrets Store Edit", func() protocol.Diagnostics { return lifecycle.Apply(t, there, nil) }},
		"Unable to create Secrets Store": {"GET", "Secrets Store Edit", func() protocol.Diagnostics { return lifecycle.Apply(t, other, renamed) }},
	} {
		service.Emulator.Inject(emulator.Fault{Method: test.method, Status: 403, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`})
		requireSaid(t, test.do(), name, "Authentication error (code 10000)", "the permission "+test.permission+" on account "+service.AccountID)
	}
	there.MustPlanEmpty(named)
}

func TestValidation(t *testing.T) {
	t.Parallel()
	service, server := start(t)
	if diags := server.Resource(resourceType).Validate(attrs{"name": ""}); !diags.At("name").HasError() {
		t.Errorf("%s", diags)
	}
	if _, diags := service.Protocol(t, attrs{"wire_format": "gateway_input"}).Resource(resourceType).Plan(named); !strings.Contains(diags.String(), "Secrets Stores are not in the wire format") {
		t.Errorf("%s", diags)
	}
	service.RequireRequests(t)
}
