package customprovider_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
)

func TestImport(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	service.Emulator.PutCustomProvider(service.AccountID, attrs{"name": "mine", "slug": "mine-2", "base_url": "https://a.example"})
	original, one := existing(t, service, server, everything())
	id := original.State()["id"].(string)
	get := "GET " + one
	requireSame := func(t *testing.T, name string, got attrs) {
		t.Helper()
		if want := original.State(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: state\n  %v\nwant\n  %v", name, got, want)
		}
	}
	subject.Imports(t, service, original, with(everything()), requireSame, map[string]lifecycle.ImportCase{
		"slug":                         {ID: "mine", Requests: []string{searched, get}},
		"account and slug":             {ID: service.AccountID + "/mine", Requests: []string{searched, get}},
		"id":                           {ID: id, Requests: []string{get}},
		"account and id":               {ID: service.AccountID + "/" + id, Requests: []string{get}},
		"identity":                     {Identity: attrs{"account_id": service.AccountID, "id": id}, Requests: []string{get}},
		"identity without the account": {Identity: attrs{"id": id}, Requests: []string{get}},
	})
	lifecycle.RequireIdentity(t, original, attrs{"account_id": service.AccountID, "id": id})
}

// TestIdentityIsSetEverywhere: in create, read and update, also where state
// comes from before there was one.
func TestIdentityIsSetEverywhere(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	provider, _ := existing(t, service, server)
	for name, config := range map[string]attrs{
		"read": with(), "update": with(attrs{"description": "x"}), "update that sends nothing": with(attrs{"link": ""}),
	} {
		provider.ForgetIdentity()
		if name == "read" {
			provider.Refresh()
		} else {
			plan, _ := provider.Plan(config)
			provider.Apply(plan)
		}
		if got := provider.Identity(); got["account_id"] != service.AccountID || got["id"] != provider.State()["id"] {
			t.Errorf("%s: identity %v", name, got)
		}
	}
}

func TestImportOfNothing(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	const id = "0e5c1f0a-3b7e-4b57-9d0c-6f0d9e4ad4a1"
	requireSaid(t, server.Resource(resourceType).Import(id), "",
		"Custom provider not found", `Custom provider "`+id+`" in account `+service.AccountID+" does not exist, so there is nothing to import",
		"aigateway_custom_providers lists the custom providers of an account")
	service.RequireRequests(t, "GET "+collection+"/"+id)
	requireSaid(t, server.Resource(resourceType).ImportIdentity(attrs{"id": "mine"}), "", `Custom provider "mine"`, "nothing to import")
	service.RequireRequests(t, "GET "+collection+"/mine")
	requireSaid(t, server.Resource(resourceType).Import(""), "", "Invalid import ID", `"" does not identify a custom provider. Use its slug`)
	service.RequireRequests(t)
	requireSaid(t, server.Resource(resourceType).Import("mine"), "",
		"Custom provider not found", fmt.Sprintf(`Account %s has no custom provider with the slug "mine"`, service.AccountID),
		"aigateway_custom_providers lists the custom providers of an account")
	service.RequireRequests(t, searched)
}

func TestBadImportIDs(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	for _, id := range []string{
		"/", "mine/", "/mine", "a/b/c", "..", service.AccountID + "/..", service.AccountID + "/", "0123/mine",
		service.AccountID + "/mine/", strings.ToUpper(service.AccountID) + "/mine", "a b", "a%2fb", "custom:mine",
	} {
		requireSaid(t, server.Resource(resourceType).Import(id), "", "Invalid import ID",
			"does not identify a custom provider. Use its slug, such as \"my-llm\", or its ID, a UUID",
			`such as "0123456789abcdef0123456789abcdef/my-llm"`)
	}
	for _, identity := range []attrs{{"id": ".."}, {"id": "mine", "account_id": "0123"}} {
		requireSaid(t, server.Resource(resourceType).ImportIdentity(identity), "", "Invalid import identity")
	}
	service.RequireRequests(t)
}
