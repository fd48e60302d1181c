package emulator_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// configs lists the provider configs of gateway "gw".
func (h harness) configs(query string) []any {
	h.t.Helper()
	return h.api("GET", "gateways/gw/provider_configs"+query, nil).items(h.t)
}

func aliases(items []any) []string {
	out := []string{}
	for _, item := range items {
		out = append(out, at(item, "alias").(string))
	}
	return out
}

// TestProviderConfigLifecycle creates, rotates and deletes a config, and looks at its key.
func TestProviderConfigLifecycle(t *testing.T) {
	clock := emulator.NewClock(epoch)
	h := start(t, emulator.Options{Clock: clock})
	h.keyedGateway("gw")
	made := h.config("openai", "team", "sk-first-1111", object{"default_config": true, "rate_limit": 5}).result(t)
	id, _ := made["id"].(string)
	secretID, _ := made["secret_id"].(string)
	want := object{
		"id": id, "gateway_id": "gw", "provider_slug": "openai", "alias": "team", "default_config": 1.0,
		"secret_id": secretID, "secret_preview": "****1111", "rate_limit": 5.0, "rate_limit_period": 60.0,
		"modified_at": "2026-11-01T12:00:30.123Z",
	}
	equal(t, "created", want, made)
	expect(t, id != "" && secretID != "", "created = %v, want ids", made)
	h.wantSecret(t, "gw_openai_team", "sk-first-1111")
	secret := h.vault("GET", "stores/"+h.storeID()+"/secrets/"+secretID, nil)
	if at(secret.body, "result.name") != "gw_openai_team" || at(secret.body, "result.scopes.0") != "ai_gateway" ||
		at(secret.body, "result.status") != "pending" || strings.Contains(secret.raw, "sk-first") {
		t.Errorf("secret = %s", secret.raw)
	}

	clock.Advance(time.Minute)
	rotated := h.api("PUT", "gateways/gw/provider_configs/"+id, object{"secret": "sk-second-2222", "alias": "other"}).result(t)
	want["secret_preview"], want["modified_at"] = "****2222", "2026-11-01T12:01:30.123Z"
	equal(t, "rotated", want, rotated)
	h.wantSecret(t, "gw_openai_team", "sk-second-2222")
	equal(t, "deleted", want, h.api("DELETE", "gateways/gw/provider_configs/"+id, nil).result(t))
	equal(t, "secrets and configs", 0, len(h.SecretNames(accountID, h.storeID()))+len(h.configs("")))
	for _, method := range []string{"PUT", "DELETE"} {
		h.api(method, "gateways/gw/provider_configs/"+id, object{"secret": "x"}).wantErrors(t, 404, 7002, "Not Found")
	}
}

func TestProviderConfigRefusals(t *testing.T) {
	h := keyed(t)
	h.create("storeless")
	h.PutGateway(accountID, object{"id": "lost", "store_id": "gone"})
	h.config("openai", "taken", "sk-11111111").result(t)
	h.PutSecret(accountID, h.storeID(), "gw_openai_stray", "sk-22222222")
	foreign := h.PutSecret(accountID, h.storeID(), "foreign", "sk-33333333", "workers")
	body := func(alias string, secret object) object {
		out := object{"provider_slug": "openai", "alias": alias, "default_config": true}
		maps.Copy(out, secret)
		return out
	}
	secret := object{"secret": "sk"}
	for name, tt := range map[string]struct {
		gateway string
		body    object
		errors  []string
	}{
		"nothing": {"gw", object{}, []string{"body.provider_slug: Required", "body.alias: Required", "body.default_config: Required"}},
		"wrong types": {"gw", object{"provider_slug": 1, "alias": "", "default_config": 1, "rate_limit": "x", "secret": ""}, []string{
			"body.provider_slug: Expected string, received number",
			"body.alias: String must contain at least 1 character(s)",
			"body.default_config: Expected boolean, received number",
			"body.rate_limit: Expected number, received string",
			"body.secret: String must contain at least 1 character(s)"}},
		"bad body before missing gateway": {"missing", object{"alias": "a", "default_config": true}, []string{"body.provider_slug: Required"}},
		"no store":                        {"storeless", body("a", secret), []string{"The gateway has no Secrets Store: set store_id first"}},
		"lost store":                      {"lost", body("a", secret), []string{"The Secrets Store 'gone' was not found"}},
		"taken":                           {"gw", body("taken", secret), []string{"A provider config for 'openai' with alias 'taken' already exists"}},
		"stray secret":                    {"gw", body("stray", secret), []string{"A secret named 'gw_openai_stray' already exists"}},
		"no secret":                       {"gw", body("a", nil), []string{"Exactly one of secret and secret_id is required"}},
		"both":                            {"gw", body("a", object{"secret": "s", "secret_id": "i"}), []string{"Exactly one of secret and secret_id is required"}},
		"unknown secret":                  {"gw", body("a", object{"secret_id": "i"}), []string{"The secret 'i' was not found"}},
		"secret of another scope":         {"gw", body("a", object{"secret_id": foreign}), []string{"The secret '" + foreign + "' was not found"}},
		"dot": {"gw", body("x", object{"provider_slug": "custom-a.b", "secret": "sk"}),
			[]string{"The secret name 'gw_custom-a.b_x' is invalid: only letters, digits, underscores and hyphens are allowed"}},
	} {
		t.Run(name, func(t *testing.T) {
			h.api("POST", "gateways/"+tt.gateway+"/provider_configs", tt.body).wantErrors(t, 400, 7001, tt.errors...)
			sameList(t, "configs", []string{"taken"}, aliases(h.configs("")))
			equal(t, "secrets", 3, len(h.SecretNames(accountID, h.storeID())))
		})
	}
	h.api("POST", "gateways/missing/provider_configs", body("a", secret)).wantErrors(t, 404, 7002, "Not Found")
	sameList(t, "configs", []string{"taken"}, aliases(h.configs("")))
	equal(t, "secrets", 3, len(h.SecretNames(accountID, h.storeID())))
	h.config("anthropic", "taken", "sk-44444444").result(t) // another provider
	id, _ := h.ProviderConfigs(accountID, "gw")[0]["id"].(string)
	h.api("PUT", "gateways/gw/provider_configs/"+id, object{}).wantErrors(t, 400, 7001, "body.secret: Required")
	h.DeleteSecret(accountID, h.storeID(), "gw_openai_taken")
	secretID, _ := h.ProviderConfigs(accountID, "gw")[0]["secret_id"].(string)
	h.api("PUT", "gateways/gw/provider_configs/"+id, object{"secret": "new"}).wantErrors(t, 400, 7001, "The secret '"+secretID+"' was not found")
}

// TestProviderConfigOfSecret shows that a config may refer to a secret that is active, and
// that the secret stays when the config is deleted.
func TestProviderConfigOfSecret(t *testing.T) {
	h := start(t, emulator.Options{})
	h.keyedGateway("gw")
	made := h.vault("POST", "stores/"+h.storeID()+"/secrets", []object{
		{"name": "gw_openai_default", "value": "sk-12345678", "scopes": []string{"ai_gateway"}},
	})
	secretID, _ := at(made.body, "result.0.id").(string)
	post := func() reply { return h.config("openai", "default", "", object{"secret": nil, "secret_id": secretID}) }
	post().wantErrors(t, 400, 7001, "The secret '"+secretID+"' was not found")
	config := post().result(t) // read twice
	has(t, "config", config, "secret_id", secretID, "secret_preview", "****5678")
	h.api("DELETE", "gateways/gw/provider_configs/"+config["id"].(string), nil).result(t)
	sameList(t, "secrets", []string{"gw_openai_default"}, h.SecretNames(accountID, h.storeID()))
}

func TestProviderConfigList(t *testing.T) {
	h := keyed(t)
	h.api("GET", "gateways/missing/provider_configs", nil).want(t, 200, "result.#", 0)
	for _, alias := range []string{"c", "a", "b"} {
		h.config("openai", alias, "sk").result(t)
	}
	for query, want := range map[string][]string{
		"": {"c", "a", "b"}, "?per_page=2": {"c", "a"}, "?per_page=2&page=2": {"b"}, "?page=2": {},
	} {
		sameList(t, query, want, aliases(h.configs(query)))
	}
	h.api("GET", "gateways/gw/provider_configs?per_page=101", nil).wantErrors(t, 400, 7001,
		"query.per_page: Number must be less than or equal to 100")
	h.api("DELETE", "gateways/gw", nil).result(t)
	equal(t, "secrets outlive the gateway", 0, len(h.SecretNames(accountID, h.storeID())))
}

func TestProviderConfigQuirks(t *testing.T) {
	h := withQuirks(t, emulator.ProviderConfigBool, emulator.ProviderConfigListLags)
	h.keyedGateway("gw")
	equal(t, "default_config", false, h.config("openai", "a", "sk").result(t)["default_config"])
	equal(t, "default_config", true, h.config("openai", "b", "sk", object{"default_config": true}).result(t)["default_config"])
	for i, want := range [][]string{{}, {"a", "b"}, {"a", "b"}} {
		sameList(t, fmt.Sprintf("list %v", i), want, aliases(h.configs("")))
		if i == 1 {
			id, _ := h.ProviderConfigs(accountID, "gw")[0]["id"].(string)
			h.DeleteProviderConfig(accountID, "gw", id)
		}
	}
	sameList(t, "list at last", []string{"b"}, aliases(h.configs("")))
}

// TestProviderConfigForbidden plays a token without Secrets Store Write as a fault.
func TestProviderConfigForbidden(t *testing.T) {
	h := keyed(t)
	for _, method := range []string{"POST", "PUT"} {
		h.Inject(emulator.Fault{Method: method, Path: "/provider_configs", Times: -1, Status: http.StatusForbidden,
			Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}`})
	}
	h.config("openai", "a", "sk").wantErrors(t, 403, 10000, "Authentication error")
	h.api("PUT", "gateways/gw/provider_configs/x", object{"secret": "s"}).wantErrors(t, 403, 10000, "Authentication error")
	equal(t, "configs", 0, len(h.configs("")))
}

func TestDirectProviderConfigs(t *testing.T) {
	h := keyed(t)
	id, _ := h.config("openai", "a", "sk-11111111").result(t)["id"].(string)
	edited := h.EditProviderConfig(accountID, "gw", id, func(v map[string]any) {
		v["alias"], v["default_config"], v["rate_limit"], v["id"] = "b", true, 7, "ignored"
	})
	expect(t, edited, "the config was not edited")
	has(t, "edited", h.ProviderConfigs(accountID, "gw"), "#", 1, "0.id", id, "0.alias", "b", "0.default_config", true, "0.rate_limit", 7.0)
	never := func(map[string]any) { t.Error("edit was called") }
	for _, missing := range [][2]string{{"gw", "x"}, {"x", id}} {
		expect(t, !h.EditProviderConfig(accountID, missing[0], missing[1], never), "edited %v, which does not exist", missing)
		expect(t, !h.DeleteProviderConfig(accountID, missing[0], missing[1]), "deleted %v, which does not exist", missing)
	}
	expect(t, h.ProviderConfigs(accountID, "x") == nil, "a missing gateway has configs")
	expect(t, h.DeleteProviderConfig(accountID, "gw", id) && len(h.SecretNames(accountID, h.storeID())) == 0, "the config or its secret still exists")
}
