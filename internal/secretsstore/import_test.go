package secretsstore_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
)

func TestImport(t *testing.T) {
	t.Parallel()
	service, server := start(t)
	original := subject.Create(t, service, server, named)
	id, get := original.State()["id"].(string), "GET "+one(original)
	requireSame := func(t *testing.T, name string, got attrs) {
		t.Helper()
		if want := original.State(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: state\n  %v\nwant\n  %v", name, got, want)
		}
	}
	subject.Imports(t, service, original, named, requireSame, map[string]lifecycle.ImportCase{
		"id":                           {ID: id, Requests: []string{get}},
		"account and id":               {ID: service.AccountID + "/" + id, Requests: []string{get}},
		"name":                         {ID: "mine", Requests: []string{listed, get}},
		"account and name":             {ID: service.AccountID + "/mine", Requests: []string{listed, get}},
		"identity":                     {Identity: attrs{"account_id": service.AccountID, "id": id}, Requests: []string{get}},
		"identity without the account": {Identity: attrs{"id": id}, Requests: []string{get}},
	})
	for name, refresh := range map[string]func(){"read": func() { original.Refresh() }, "apply": func() { original.MustApply(named) }} {
		original.ForgetIdentity()
		refresh()
		if got := original.Identity(); got["account_id"] != service.AccountID || got["id"] != id {
			t.Errorf("%s: identity %v", name, got)
		}
	}
}

func TestImportOfNothing(t *testing.T) {
	t.Parallel()
	service, server := start(t)
	id := strings.Repeat("0", 32)
	lifecycle.RequireText(t, server.Resource(resourceType).Import(id), "so there is nothing to import")
	service.RequireRequests(t, "GET "+collection+"/"+id)
	requireSaid(t, server.Resource(resourceType).Import(""), "Invalid import ID")
	requireSaid(t, server.Resource(resourceType).Import("mine"), "Secrets Store not found",
		"Account "+service.AccountID+` has no Secrets Store with the name "mine"`, "aigateway_secrets_stores lists the stores of an account")
	service.RequireRequests(t, listed)
	for _, bad := range []string{"/", "mine/", "/mine", "a/b/c", service.AccountID + "/", "0123/mine", service.AccountID + "/mine/"} {
		requireSaid(t, server.Resource(resourceType).Import(bad), "Invalid import ID", "does not identify a Secrets Store. Use its ID, 32 hexadecimal digits, or its name")
	}
	for _, identity := range []attrs{{"id": ".."}, {"id": "mine", "account_id": "0123"}} {
		requireSaid(t, server.Resource(resourceType).ImportIdentity(identity), "Invalid import identity")
	}
	service.RequireRequests(t)
}
