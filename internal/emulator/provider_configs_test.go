package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// configs lists the provider configs of gateway "gw".
func (h harness) configs(query string) []any {
	h.t.Helper()
	r := h.api("GET", "gateways/gw/provider_configs"+query, nil)
	items, ok := r.body["result"].([]any)
	if r.status != 200 || !ok {
		h.t.Fatalf("no list: %d %s", r.status, r.raw)
	}
	return items
}

func aliases(items []any) []string {
	out := []string{}
	for _, item := range items {
		out = append(out, at(item, "alias").(string))
	}
	return out
}

// TestProviderConfigLife: what a config shows, where its key goes, and what
// becomes of the key when it is rotated and deleted.
func TestProviderConfigLife(t *testing.T) {
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
	if diff := cmp.Diff(want, made); diff != "" || id == "" || secretID == "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	if value, _ := h.SecretValue(accountID, h.storeID(), "gw_openai_team"); value != "sk-first-1111" {
		t.Errorf("stored secret = %q", value)
	}
	secret := h.vault("GET", "stores/"+h.storeID()+"/secrets/"+secretID, nil)
	if at(secret.body, "result", "name") != "gw_openai_team" || at(secret.body, "result", "scopes", 0) != "ai_gateway" ||
		at(secret.body, "result", "status") != "pending" || strings.Contains(secret.raw, "sk-first") {
		t.Errorf("secret = %s", secret.raw)
	}

	clock.Advance(time.Minute)
	rotated := h.api("PUT", "gateways/gw/provider_configs/"+id, object{"secret": "sk-second-2222", "alias": "other"}).result(t)
	want["secret_preview"], want["modified_at"] = "****2222", "2026-11-01T12:01:30.123Z"
	if diff := cmp.Diff(want, rotated); diff != "" {
		t.Errorf("rotated (-want +got):\n%s", diff)
	}
	if value, _ := h.SecretValue(accountID, h.storeID(), "gw_openai_team"); value != "sk-second-2222" {
		t.Errorf("rotated secret = %q", value)
	}
	if diff := cmp.Diff(want, h.api("DELETE", "gateways/gw/provider_configs/"+id, nil).result(t)); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	if names := h.SecretNames(accountID, h.storeID()); len(names) != 0 || len(h.configs("")) != 0 {
		t.Errorf("left over: %v", names)
	}
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
	body := object{"provider_slug": "openai", "alias": "a", "default_config": true, "secret": "sk"}
	tests := map[string]struct {
		gateway string
		body    object
		status  int
		code    int
		errors  []string
	}{
		"nothing": {"gw", object{}, 400, 7001, []string{
			"body.provider_slug: Required", "body.alias: Required", "body.default_config: Required"}},
		"wrong types": {"gw", object{"provider_slug": 1, "alias": "", "default_config": 1, "rate_limit": "x", "secret": ""}, 400, 7001, []string{
			"body.provider_slug: Expected string, received number",
			"body.alias: String must contain at least 1 character(s)",
			"body.default_config: Expected boolean, received number",
			"body.rate_limit: Expected number, received string",
			"body.secret: String must contain at least 1 character(s)"}},
		"bad body before missing gateway": {"missing", object{"alias": "a", "default_config": true}, 400, 7001,
			[]string{"body.provider_slug: Required"}},
		"missing gateway": {"missing", body, 404, 7002, []string{"Not Found"}},
		"no store":        {"storeless", body, 400, 7001, []string{"The gateway has no Secrets Store: set store_id first"}},
		"lost store":      {"lost", body, 400, 7001, []string{"The Secrets Store 'gone' was not found"}},
		"taken": {"gw", object{"provider_slug": "openai", "alias": "taken", "default_config": true, "secret": "sk"}, 400, 7001,
			[]string{"A provider config for 'openai' with alias 'taken' already exists"}},
		"stray secret": {"gw", object{"provider_slug": "openai", "alias": "stray", "default_config": true, "secret": "sk"}, 400, 7001,
			[]string{"A secret named 'gw_openai_stray' already exists"}},
		"dot": {"gw", object{"provider_slug": "custom-a.b", "alias": "x", "default_config": true, "secret": "sk"}, 400, 7001,
			[]string{"The secret name 'gw_custom-a.b_x' is invalid: only letters, digits, underscores and hyphens are allowed"}},
		"no secret": {"gw", object{"provider_slug": "openai", "alias": "a", "default_config": true}, 400, 7001,
			[]string{"Exactly one of secret and secret_id is required"}},
		"both": {"gw", object{"provider_slug": "openai", "alias": "a", "default_config": true, "secret": "s", "secret_id": "i"}, 400, 7001,
			[]string{"Exactly one of secret and secret_id is required"}},
		"unknown secret": {"gw", object{"provider_slug": "openai", "alias": "a", "default_config": true, "secret_id": "i"}, 400, 7001,
			[]string{"The secret 'i' was not found"}},
		"secret of another scope": {"gw", object{"provider_slug": "openai", "alias": "a", "default_config": true, "secret_id": foreign}, 400, 7001,
			[]string{"The secret '" + foreign + "' was not found"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			h.api("POST", "gateways/"+tt.gateway+"/provider_configs", tt.body).wantErrors(t, tt.status, tt.code, tt.errors...)
			if got := aliases(h.configs("")); !slices.Equal(got, []string{"taken"}) {
				t.Errorf("configs = %v", got)
			}
			if got := h.SecretNames(accountID, h.storeID()); len(got) != 3 {
				t.Errorf("secrets = %v", got)
			}
		})
	}
	h.config("anthropic", "taken", "sk-44444444").result(t) // another provider
	id, _ := h.ProviderConfigs(accountID, "gw")[0]["id"].(string)
	h.api("PUT", "gateways/gw/provider_configs/"+id, object{}).wantErrors(t, 400, 7001, "body.secret: Required")
	h.DeleteSecret(accountID, h.storeID(), "gw_openai_taken")
	secretID, _ := h.ProviderConfigs(accountID, "gw")[0]["secret_id"].(string)
	h.api("PUT", "gateways/gw/provider_configs/"+id, object{"secret": "new"}).wantErrors(t, 400, 7001, "The secret '"+secretID+"' was not found")
}

// TestProviderConfigOfSecret: a config may refer to a secret, once that is
// active, and leaves it alone when it goes.
func TestProviderConfigOfSecret(t *testing.T) {
	h := start(t, emulator.Options{})
	h.keyedGateway("gw")
	made := h.vault("POST", "stores/"+h.storeID()+"/secrets", []object{
		{"name": "gw_openai_default", "value": "sk-12345678", "scopes": []string{"ai_gateway"}},
	})
	secretID, _ := at(made.body, "result", 0, "id").(string)
	post := func() reply { return h.config("openai", "default", "", object{"secret": nil, "secret_id": secretID}) }
	post().wantErrors(t, 400, 7001, "The secret '"+secretID+"' was not found")
	config := post().result(t) // asked for twice
	if config["secret_id"] != secretID || config["secret_preview"] != "****5678" {
		t.Errorf("config = %v", config)
	}
	h.api("DELETE", "gateways/gw/provider_configs/"+config["id"].(string), nil).result(t)
	if names := h.SecretNames(accountID, h.storeID()); !slices.Equal(names, []string{"gw_openai_default"}) {
		t.Errorf("secrets = %v", names)
	}
}

func TestProviderConfigList(t *testing.T) {
	h := keyed(t)
	if r := h.api("GET", "gateways/missing/provider_configs", nil); r.status != 200 || len(at(r.body, "result").([]any)) != 0 {
		t.Errorf("a missing gateway: %d %s", r.status, r.raw)
	}
	for _, alias := range []string{"c", "a", "b"} {
		h.config("openai", alias, "sk").result(t)
	}
	for query, want := range map[string][]string{
		"": {"c", "a", "b"}, "?per_page=2": {"c", "a"}, "?per_page=2&page=2": {"b"}, "?page=2": {},
	} {
		if got := aliases(h.configs(query)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	h.api("GET", "gateways/gw/provider_configs?per_page=101", nil).wantErrors(t, 400, 7001,
		"query.per_page: Number must be less than or equal to 100")
	h.api("DELETE", "gateways/gw", nil).result(t)
	if names := h.SecretNames(accountID, h.storeID()); len(names) != 0 {
		t.Errorf("secrets outlive the gateway: %v", names)
	}
}

func TestProviderConfigQuirks(t *testing.T) {
	h := withQuirks(t, emulator.ProviderConfigBool, emulator.ProviderConfigListLags)
	h.keyedGateway("gw")
	if got := h.config("openai", "a", "sk").result(t)["default_config"]; got != false {
		t.Errorf("default_config = %v", got)
	}
	if got := h.config("openai", "b", "sk", object{"default_config": true}).result(t)["default_config"]; got != true {
		t.Errorf("default_config = %v", got)
	}
	for i, want := range [][]string{{}, {"a", "b"}, {"a", "b"}} {
		if got := aliases(h.configs("")); !slices.Equal(got, want) {
			t.Errorf("list %d = %v, want %v", i, got, want)
		}
		if i == 1 {
			id, _ := h.ProviderConfigs(accountID, "gw")[0]["id"].(string)
			h.DeleteProviderConfig(accountID, "gw", id)
		}
	}
	if got := aliases(h.configs("")); !slices.Equal(got, []string{"b"}) {
		t.Errorf("list at last = %v", got)
	}
}

// TestProviderConfigForbidden: a token without Secrets Store Write is played by
// a fault.
func TestProviderConfigForbidden(t *testing.T) {
	h := keyed(t)
	for _, method := range []string{"POST", "PUT"} {
		h.Inject(emulator.Fault{Method: method, Path: "/provider_configs", Times: -1, Status: http.StatusForbidden,
			Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}`})
	}
	h.config("openai", "a", "sk").wantErrors(t, 403, 10000, "Authentication error")
	h.api("PUT", "gateways/gw/provider_configs/x", object{"secret": "s"}).wantErrors(t, 403, 10000, "Authentication error")
	if got := h.configs(""); len(got) != 0 {
		t.Errorf("configs = %v", got)
	}
}

func TestProviderConfigBackstage(t *testing.T) {
	h := keyed(t)
	id, _ := h.config("openai", "a", "sk-11111111").result(t)["id"].(string)
	edited := h.EditProviderConfig(accountID, "gw", id, func(v map[string]any) {
		v["alias"], v["default_config"], v["rate_limit"], v["id"] = "b", true, 7, "ignored"
	})
	got := h.ProviderConfigs(accountID, "gw")
	if !edited || len(got) != 1 || got[0]["id"] != id || got[0]["alias"] != "b" || got[0]["default_config"] != true || got[0]["rate_limit"] != 7.0 {
		t.Errorf("edited = %v, %v", edited, got)
	}
	never := func(map[string]any) { t.Error("edit was called") }
	if h.EditProviderConfig(accountID, "gw", "x", never) || h.EditProviderConfig(accountID, "x", id, never) ||
		h.DeleteProviderConfig(accountID, "gw", "x") || h.DeleteProviderConfig(accountID, "x", id) || h.ProviderConfigs(accountID, "x") != nil {
		t.Error("what is not there was found")
	}
	if !h.DeleteProviderConfig(accountID, "gw", id) || len(h.SecretNames(accountID, h.storeID())) != 0 {
		t.Error("the config or its secret is still there")
	}
}
