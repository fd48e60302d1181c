package providerconfig_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestImport imports a provider config in each way, with exactly the requests that
// it needs. State is then as after a create, except for the version of the key,
// which the service does not know.
func TestImport(t *testing.T) {
	t.Parallel()
	for _, set := range acctest.Combinations(emulator.ProviderConfigBool, emulator.ExtraFields) {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			s := service(t, set...)
			server := s.Protocol(t, nil)
			original, id := exists(t, s, server, byKey(attrs{"default_config": true, "rate_limit": int64(5)}))
			config := byID(original.State()["secret_id"].(string), attrs{"default_config": true, "rate_limit": int64(5)})
			want := original.State()
			want["secret_wo_version"] = nil
			requireNone(t, try(t, server.Resource(resourceType), byKey(attrs{"alias": "b"})))
			account := s.AccountID + "/"
			found := []string{list, getGateway, getSecret(s, original)} // the gateway says which store
			requireSame := func(t *testing.T, name string, got attrs) {
				t.Helper()
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: state\n  %v\nwant\n  %v", name, got, want)
				}
			}
			subject.Imports(t, s, original, config, requireSame, map[string]lifecycle.ImportCase{
				"by id":                           {ID: gatewayID + "/" + id, Requests: found},
				"by account and id":               {ID: account + gatewayID + "/" + id, Requests: found},
				"by alias":                        {ID: gatewayID + "/openai/default", Requests: append([]string{list}, found...)},
				"by account and alias":            {ID: account + gatewayID + "/openai/default", Requests: append([]string{list}, found...)},
				"by identity":                     {Identity: attrs{"account_id": s.AccountID, "gateway_id": gatewayID, "id": id}, Requests: found},
				"by identity without the account": {Identity: attrs{"gateway_id": gatewayID, "id": id}, Requests: found},
			})
		})
	}
}

// TestImportOfOneOfMany: the list is looked through page by page.
func TestImportOfOneOfMany(t *testing.T) {
	t.Parallel()
	s := service(t)
	many(t, s, 150)
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, r.Import(gatewayID+"/openai/alias-149"))
	page := strings.Replace(list, "page=1", "page=2", 1)
	s.RequireRequests(t, list, page, list, page, getGateway, getSecret(s, r))
	if r.State()["alias"] != "alias-149" {
		t.Errorf("state %v", r.State())
	}
}

// many stores so many keys for one provider, with the aliases alias-000 and on.
func many(t *testing.T, s *acctest.Service, n int) {
	t.Helper()
	api, err := s.Client()
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if _, err := keys.Create(t.Context(), api, s.AccountID, gatewayID, numbered(i)); err != nil {
			t.Fatal(err)
		}
	}
	s.Emulator.ResetRequests()
}

func TestImportRefused(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	const invalid = `does not identify a provider config. Use its gateway, provider and alias, such as "my-gateway/openai/default", or its gateway and ID`
	other := strings.Repeat("f", 32)
	for id, test := range map[string]struct {
		says     string
		requests int
	}{
		"":                                   {invalid, 0},
		"openai":                             {invalid, 0},
		"main/openai":                        {`For the provider "openai" and the alias "default", that is "main/openai/default".`, 2},
		"main/":                              {invalid, 0},
		"/54442216":                          {invalid, 0},
		"main//default":                      {invalid, 0},
		"main/openai/":                       {invalid, 0},
		"x/main/openai/default":              {invalid, 0},
		s.AccountID + "/main/openai/d/e":     {invalid, 0},
		"main/..":                            {invalid, 0},
		"main/../default":                    {invalid, 0},
		"main/open ai/default":               {invalid, 0},
		"https://example.com/main":           {invalid, 0},
		s.AccountID + "/main":                {" does not exist, so there is nothing to import", 2}, // a gateway of that name
		"main/54442216":                      {" does not exist, so there is nothing to import", 2},
		other + "/main/54442216":             {" does not exist, so there is nothing to import", 2},
		"nowhere/54442216":                   {" does not exist, so there is nothing to import", 2},
		"main/openai/evals":                  {`Gateway "main" in account ` + s.AccountID + ` has no key for the provider "openai" with the alias "evals"`, 2},
		"main/anthropic/default":             {`has no key for the provider "anthropic" with the alias "default"`, 2},
		"nowhere/openai/default":             {`Gateway "nowhere" in account ` + s.AccountID, 2},
		other + "/main/openai/default":       {`Gateway "main" in account ` + other, 2},
		"main/OpenAI/default":                {"Provider config not found", 2},
		s.AccountID + "/main/openai/Default": {"aigateway_provider_configs lists the provider configs of a gateway. A new one may be missing from the list for some seconds", 2},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			server := s.Protocol(t, nil)
			exists(t, s, server, byKey())
			r := server.Resource(resourceType)
			diags := r.Import(id)
			if !strings.Contains(diags.String(), test.says) || r.Exists() {
				t.Error(diags)
			}
			if n := len(s.Requests()); n != test.requests {
				t.Errorf("requests %v, want %d", s.Requests(), test.requests)
			}
		})
	}
	for name, identity := range map[string]attrs{
		"an id":      {"gateway_id": gatewayID, "id": "../x"},
		"a gateway":  {"gateway_id": "", "id": "54442216"},
		"an account": {"account_id": "x", "gateway_id": gatewayID, "id": "54442216"},
	} {
		requireSays(t, server.Resource(resourceType).ImportIdentity(identity), "Invalid import")
		if t.Failed() {
			t.Log(name)
		}
	}
}

// TestImportFails: the service says why.
func TestImportFails(t *testing.T) {
	t.Parallel()
	s := service(t)
	for _, id := range []string{gatewayID + "/openai/default", gatewayID + "/54442216"} {
		s.Emulator.Inject(emulator.Fault{
			Status: http.StatusForbidden, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`,
		})
		_, name, _ := strings.Cut(id, "/")
		requireSays(t, s.Protocol(t, once).Resource(resourceType).Import(id),
			"Unable to read provider config", `Provider config "`+name+`" of gateway "main"`, "the permission AI Gateway Read on account")
	}
}

// TestImportUnderLaggingLists: what a list has not yet is found a moment later,
// and what it has still misleads nobody.
func TestImportUnderLaggingLists(t *testing.T) {
	t.Parallel()
	s := service(t, emulator.ProviderConfigListLags)
	server := s.Protocol(t, nil)
	_, id := exists(t, s, server, byKey())
	r := server.Resource(resourceType)
	requireNone(t, r.Import(gatewayID+"/openai/default"))
	if r.State()["id"] != id {
		t.Errorf("imported %v, want %s", r.State(), id)
	}
	s.Emulator.DeleteProviderConfig(s.AccountID, gatewayID, id)
	requireSays(t, server.Resource(resourceType).Import(gatewayID+"/openai/default"), "Provider config not found")
}

// TestIdentityIsSetEverywhere: in create, read and rotation, also where state
// comes from before there was one, and where nothing is sent or sending fails.
func TestIdentityIsSetEverywhere(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, _ := exists(t, s, s.Protocol(t, once), byKey())
	want := r.Identity()
	require := func() {
		t.Helper()
		if got := r.Identity(); !reflect.DeepEqual(got, want) || len(got) != 3 {
			t.Errorf("identity %v, want %v", got, want)
		}
		r.ForgetIdentity()
	}
	require()
	requireNone(t, r.Refresh())
	require()
	requireNone(t, try(t, r, rotated()))
	require()
	requireNone(t, try(t, r, byID(r.State()["secret_id"].(string))))
	require()
	s.Emulator.Inject(emulator.Fault{Method: http.MethodPut, Status: http.StatusForbidden})
	if diags := try(t, r, rotated()); !diags.HasError() {
		t.Error("no error")
	}
	require()
}

// TestImportedSecret: who made the secret of an imported provider config is not
// known, so the plan warns of what overwrites it, and of what may delete it.
func TestImportedSecret(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	created, id := exists(t, s, server, byKey())
	secretID, _ := created.State()["secret_id"].(string)
	r := server.Resource(resourceType)
	requireNone(t, r.Import(gatewayID+"/"+id))

	plan, diags := r.Plan(byKey())
	requireSays(t, diags.At("secret_wo_version"), "WARNING", "The key replaces an unknown key", secretID)
	if len(diags) != 1 || plan.Action != protocol.Update {
		t.Errorf("%v: %s", plan.Action, diags)
	}
	plan, diags = r.Plan(byID(secretID))
	if len(diags) != 0 || plan.Action != protocol.NoOp {
		t.Errorf("%v: %s", plan.Action, diags)
	}
	plan, diags = r.Plan(byID(secretID, attrs{"rate_limit": int64(5)}))
	requireSays(t, diags.At("secret_id"), "WARNING", "The secret may be deleted with the provider config", secretID)
	if len(diags) != 1 || plan.Action != protocol.Replace {
		t.Errorf("%v: %s", plan.Action, diags)
	}
}
