package providerconfig_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestGatewayWithoutStore: nothing is sent that the service would refuse, and
// with a store the same configuration works.
func TestGatewayWithoutStore(t *testing.T) {
	t.Parallel()
	for _, store := range []any{nil, ""} {
		s := service(t)
		s.Emulator.EditGateway(s.AccountID, gatewayID, func(values map[string]any) { values["store_id"] = store })
		r := s.Protocol(t, nil).Resource(resourceType)
		diags := try(t, r, byKey())
		requireSays(t, diags.At("gateway_id"), "ERROR", "Gateway without a Secrets Store", `Nothing was created, because the gateway "main" has no store_id`,
			"a Secrets Store of account "+s.AccountID+", which the data source aigateway_secrets_stores lists")
		if len(diags) != 1 || r.Exists() {
			t.Errorf("state %v, %s", r.State(), diags)
		}
		s.RequireRequests(t, getGateway)
		id := storeID(s)
		s.Emulator.EditGateway(s.AccountID, gatewayID, func(values map[string]any) { values["store_id"] = id })
		r.MustApply(byKey())
	}
}

// TestGatewayWithoutAuthentication is a warning: the service takes the key.
func TestGatewayWithoutAuthentication(t *testing.T) {
	t.Parallel()
	s := service(t)
	s.Emulator.EditGateway(s.AccountID, gatewayID, func(values map[string]any) { values["authentication"] = false })
	r := s.Protocol(t, nil).Resource(resourceType)
	diags := try(t, r, byKey())
	requireSays(t, diags.At("gateway_id"), "WARNING", "Gateway without authentication", `The gateway "main" has authentication = false`)
	if len(diags) != 1 {
		t.Error(diags)
	}
	s.RequireRequests(t, getGateway, post, getSecret(s, r))
	requireKey(t, s, theKey)
	// A rotation does not look at the gateway.
	requireNone(t, try(t, r, rotated()))
}

// TestGatewayMissing: the mistake is gateway_id's, whether the gateway is missing
// from the start or goes while the provider config is created.
func TestGatewayMissing(t *testing.T) {
	t.Parallel()
	s := service(t)
	for gateway, requests := range map[string][]string{
		"nowhere": {"GET " + gateways + "nowhere"},
		gatewayID: {getGateway, post},
	} {
		s.Emulator.ResetRequests()
		s.Emulator.Inject(emulator.Fault{
			Method: http.MethodPost, Path: allConfigs, Status: http.StatusNotFound, Body: `{"success":false,"errors":[{"code":7002,"message":"Not Found"}]}`,
		})
		r := s.Protocol(t, nil).Resource(resourceType)
		diags := try(t, r, byKey(attrs{"gateway_id": gateway}))
		requireSays(t, diags.At("gateway_id"), "ERROR", "Gateway not found", "Account "+s.AccountID+` has no gateway "`+gateway+`"`, "refer to the id attribute of the resource")
		if len(diags) != 1 || r.Exists() {
			t.Errorf("state %v, %s", r.State(), diags)
		}
		s.RequireRequests(t, requests...)
	}
}

// TestDuplicate: there is one for each provider and alias, which the message
// offers to import, by an id that works.
func TestDuplicate(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	_, id := exists(t, s, server, byKey(attrs{"alias": "evals"}))
	other := s.Emulator.PutSecret(s.AccountID, storeID(s), "another", newKey)
	s.Emulator.Clock().Advance(time.Hour) // or this run may have created it
	for _, config := range []attrs{byKey(attrs{"alias": "evals"}), byID(other, attrs{"alias": "evals"})} {
		r := server.Resource(resourceType)
		diags := try(t, r, config)
		importID := s.AccountID + "/main/openai/evals"
		requireSays(t, diags, "Unable to create provider config", "already exists (code 7001)", "A provider config of this name already exists", "Nothing was changed.",
			"import {\n  to = aigateway_provider_config.example\n  id = \""+importID+"\"\n}")
		if strings.Contains(diags.String(), "left over") || r.Exists() {
			t.Errorf("state %v, %s", r.State(), diags)
		}
		requireNone(t, r.Import(importID))
		if r.State()["id"] != id {
			t.Errorf("imported %v, want %s", r.State(), id)
		}
	}
}

// TestCreateBeforeDestroy cannot work, which the documentation says, and does no
// harm.
func TestCreateBeforeDestroy(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	r, _ := exists(t, s, server, byKey())
	successor := server.Resource(resourceType)
	requireSays(t, try(t, successor, byKey(attrs{"rate_limit": int64(5)})), "already exists")
	r.MustPlanEmpty(byKey())
	requireKey(t, s, theKey)
	description := server.Schema().ResourceSchemas[resourceType].Block.Description
	if !strings.Contains(description, "do not use `create_before_destroy`") {
		t.Errorf("the description does not warn: %s", description)
	}
	// With another alias it can, since the names differ.
	requireNone(t, try(t, successor, byKey(attrs{"alias": "b"})))
}

// TestRefused: the service does not allow it, and what the token lacks is said.
func TestRefused(t *testing.T) {
	t.Parallel()
	both := "AI Gateway Edit and Secrets Store Edit on account " + acctest.AccountID
	for name, test := range map[string]struct {
		method  string
		to      attrs
		summary string
		needs   string
	}{
		"create": {http.MethodPost, byKey(attrs{"alias": "b"}), "Unable to create provider config", both},
		"rotate": {http.MethodPut, rotated(), "Unable to rotate the key of provider config", both},
		"delete": {http.MethodDelete, nil, "Unable to delete provider config", both},
		"read":   {http.MethodGet, byKey(), "Unable to read provider config", "AI Gateway Read on account " + acctest.AccountID},
	} {
		for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
			t.Run(name+"/"+http.StatusText(status), func(t *testing.T) {
				t.Parallel()
				s := service(t)
				r, _ := exists(t, s, s.Protocol(t, nil), byKey())
				s.Emulator.Inject(emulator.Fault{
					Method: test.method, Path: "/provider_configs", Status: status, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`,
				})
				var diags protocol.Diagnostics
				if test.method == http.MethodGet {
					diags = r.Refresh()
				} else {
					plan, planned := r.Plan(test.to)
					requireNone(t, planned)
					diags = r.Apply(plan)
				}
				requireSays(t, diags, test.summary, `of gateway "main" in account `+s.AccountID, "Authentication error (code 10000)", test.needs, "CLOUDFLARE_API_TOKEN")
			})
		}
	}
}

// TestRefusedFields: what the service says of a field stands at its attribute,
// but what it says of the key at none.
func TestRefusedFields(t *testing.T) {
	t.Parallel()
	for field, at := range map[string]string{
		"provider_slug": "provider_slug", "alias": "alias", "default_config": "default_config", "rate_limit": "rate_limit",
		"rate_limit_period": "rate_limit_period", "secret_id": "secret_id", "secret": "", "else": "",
	} {
		s := service(t)
		s.Emulator.Inject(emulator.Fault{
			Method: http.MethodPost, Status: http.StatusBadRequest,
			Body: `{"success":false,"errors":[{"code":7001,"message":"Wrong","path":["body","` + field + `"]}]}`,
		})
		diags := try(t, s.Protocol(t, nil).Resource(resourceType), byKey())
		requireSays(t, diags, "Wrong (code 7001, at "+field+")", "Correct the values that it names and apply again. Nothing was changed.")
		if at == "" && diags[0].Attribute != nil || at != "" && !diags.At(at).HasError() || len(diags) != 1 {
			t.Errorf("%s: %s", field, diags)
		}
	}
}

// TestInvalid: what cannot be right is refused in the plan, at its attribute, and
// nothing is sent.
func TestInvalid(t *testing.T) {
	t.Parallel()
	const names = "must consist of letters, digits, hyphens and underscores: it becomes part of the name of the secret in the Secrets Store, " +
		"{gateway}_{provider}_{alias}"
	s := service(t)
	server := s.Protocol(t, nil)
	there, _ := exists(t, s, server, byKey())
	for name, test := range map[string]struct {
		change   attrs
		at, says string
	}{
		"slug with a dot":       {attrs{"provider_slug": "api.example"}, "provider_slug", names},
		"slug with a slash":     {attrs{"provider_slug": "a/b"}, "provider_slug", names},
		"slug with a space":     {attrs{"provider_slug": "a b"}, "provider_slug", names},
		"empty slug":            {attrs{"provider_slug": ""}, "provider_slug", names},
		"alias with a dot":      {attrs{"alias": "v1.0"}, "alias", names},
		"alias with an accent":  {attrs{"alias": "é"}, "alias", names},
		"empty alias":           {attrs{"alias": ""}, "alias", names},
		"limit of none":         {attrs{"rate_limit": int64(0)}, "rate_limit", "between 1 and 9007199254740991"},
		"period of none":        {attrs{"rate_limit": int64(1), "rate_limit_period": int64(0)}, "rate_limit_period", "between 1 and"},
		"period without limit":  {attrs{"rate_limit_period": int64(60)}, "rate_limit_period", "rate_limit"},
		"gateway in upper case": {attrs{"gateway_id": "Main"}, "gateway_id", "lower-case letters"},
		"account":               {attrs{"account_id": "mine"}, "account_id", "32 hexadecimal digits in lower case"},
		"id of a secret":        {attrs{"secret_wo": nil, "secret_wo_version": nil, "secret_id": "a/b"}, "secret_id", "must be the ID of a secret"},
	} {
		for _, r := range []*protocol.Resource{server.Resource(resourceType), there} {
			_, diags := r.Plan(byKey(test.change))
			requireDiscreet(t, diags)
			// The CLI breaks no lines here, the validators do.
			if text := strings.Join(strings.Fields(diags.At(test.at).String()), " "); !strings.Contains(text, test.says) {
				t.Errorf("%s: %s", name, diags)
			}
		}
	}
	s.RequireRequests(t)
}

// TestWireFormat: servers that know gateways alone are sent nothing.
func TestWireFormat(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, attrs{"wire_format": "gateway_input"})
	_, diags := server.Resource(resourceType).Plan(byKey())
	requireSays(t, diags, "Provider configs are not in the wire format", `wire_format is "gateway_input", which has gateways only`)
	_, diags = server.ReadDataSource("aigateway_provider_configs", attrs{"gateway_id": gatewayID})
	requireSays(t, diags, "Provider configs are not in the wire format", `Use the format "cloudflare"`)
	s.RequireRequests(t)
}

func TestUnknownProviderConfiguration(t *testing.T) {
	t.Parallel()
	subject.UnknownProvider(t, byKey(), gatewayID+"/openai/default", map[string]attrs{"aigateway_provider_configs": {"gateway_id": gatewayID}})
}

// TestNotConfigured: without a token or an account, the plan says so.
func TestNotConfigured(t *testing.T) {
	t.Parallel()
	s := service(t)
	bare := *s
	bare.Token, bare.AccountID = "", ""
	_, diags := bare.Protocol(t, attrs{"gateway_token": "for-requests-only"}).Resource(resourceType).Plan(byKey())
	requireSays(t, diags, "CLOUDFLARE_API_TOKEN")
	bare.Token = s.Token
	_, diags = bare.Protocol(t, nil).Resource(resourceType).Plan(byKey())
	requireSays(t, diags, "Missing account ID", "CLOUDFLARE_ACCOUNT_ID")
	s.RequireRequests(t)
}

// TestAnotherAccount: the provider config stays where it is when the provider's
// account changes, and the plan says so.
func TestAnotherAccount(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, _ := exists(t, s, s.Protocol(t, nil), byKey())
	elsewhere := r.With(s.Protocol(t, attrs{"account_id": strings.Repeat("e", 32)}))
	plan, diags := elsewhere.Plan(byKey())
	if plan.Action != protocol.NoOp {
		t.Errorf("%s, want nothing", plan.Action)
	}
	requireSays(t, diags.At("account_id"), "WARNING", "Provider config in another account", `"openai/default" is in account `+s.AccountID)
	if plan := planOf(t, elsewhere, byKey(attrs{"account_id": strings.Repeat("e", 32)})); plan.Action != protocol.Replace {
		t.Errorf("%s, want a replacement", plan.Action)
	}
}
