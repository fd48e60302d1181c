package emulator_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// saw checks the key that the model received. An empty string means none.
func (r reply) saw(t testing.TB, key string) {
	t.Helper()
	text := r.text(t)
	if key == "" {
		expect(t, !strings.Contains(text, "sha256:"), "a key was sent: %s", text)
	} else {
		inOrder(t, text, " with key "+emulator.KeyFingerprint(key)+". ")
	}
}

func TestKeyFingerprint(t *testing.T) {
	// echo -n abc | sha256sum
	equal(t, "fingerprint", "sha256:ba7816bf8f01cfea", emulator.KeyFingerprint("abc"))
	equal(t, "text", `The emulator answers for provider "openai" and model "x" with key sha256:ba7816bf8f01cfea. The prompt was: hi`,
		open(t).chat("gw", "openai/x", "hi", "Authorization", "Bearer abc").text(t))
}

// TestStoredKeys shows which key is sent with which request, and who pays for requests
// without one.
func TestStoredKeys(t *testing.T) {
	h := keyed(t)
	h.config("openai", "default", "sk-default").result(t)
	h.config("openai", "team", "sk-team").result(t)
	h.PutSecret(accountID, h.storeID(), "gw_anthropic_default", "sk-bare")

	h.chat("gw", "openai/x", "hi").saw(t, "sk-default")
	h.chat("gw", "openai/x", "hi", "cf-aig-byok-alias", "team").saw(t, "sk-team")
	h.chat("gw", "openai/x", "hi", "Authorization", "Bearer sk-own", "cf-aig-byok-alias", "team").saw(t, "sk-own")
	h.native("POST", "openai/chat/completions", chatBody, "cf-aig-authorization", "Bearer "+token).saw(t, "sk-default")
	h.native("POST", "openai/chat/completions", chatBody, "Authorization", "Bearer "+token).saw(t, "sk-default")
	h.chat("gw", "anthropic/x", "hi").saw(t, "sk-bare") // a secret is enough
	h.chat("gw", "grok/x", "hi").saw(t, "")
	h.chat("gw", "grok/x", "hi", "cf-aig-byok-alias", "team").saw(t, "") // no keys at all: the header is ignored
	sameList(t, "Unified Billing paid for", []any{"grok", "grok"}, h.wholesale(t))
	h.chat("gw", "openai/x", "hi", "cf-aig-byok-alias", "none").wantDataError(t, 400, 2040,
		"Provider 'openai' has no BYOK credential named 'none'. Configured aliases: 'default', 'team'")

	// A rotated key is used at once.
	id, _ := h.ProviderConfigs(accountID, "gw")[0]["id"].(string)
	h.api("PUT", "gateways/gw/provider_configs/"+id, object{"secret": "sk-rotated"}).result(t)
	h.chat("gw", "openai/x", "hi").saw(t, "sk-rotated")

	// The REST API looks for the default alias only.
	body := hi("openai/x")
	h.rest("v1/chat/completions", body, "cf-aig-gateway-id", "gw", "cf-aig-byok-alias", "team").saw(t, "sk-rotated")
	h.api("DELETE", "gateways/gw/provider_configs/"+id, nil).result(t)
	h.rest("v1/chat/completions", body, "cf-aig-gateway-id", "gw").saw(t, "")
	h.chat("gw", "openai/x", "hi").wantDataError(t, 400, 2040,
		"Provider 'openai' has no BYOK credential named 'default'. Configured aliases: 'team'")
}

// wholesale returns the providers of the requests that Unified Billing paid for.
func (h harness) wholesale(t testing.TB) []any {
	t.Helper()
	filter := url.QueryEscape(`[{"key":"wholesale","operator":"eq","value":[true]}]`)
	out := []any{}
	for _, item := range h.api("GET", "gateways/gw/logs?filters="+filter, nil).items(t) {
		out = append(out, at(item, "provider"))
	}
	return out
}

// logDetail returns the i-th log as GET shows it, the newest first.
func (h harness) logDetail(t testing.TB, i int) object {
	t.Helper()
	id, _ := h.logs()[i]["id"].(string)
	return h.api("GET", "gateways/gw/logs/"+id, nil).result(t)
}

func TestStoredKeysNeedAuthenticationAndStore(t *testing.T) {
	h := keyed(t)
	h.config("openai", "default", "sk-default").result(t)
	h.chat("gw", "openai/x", "hi").saw(t, "sk-default")
	h.put("gw", object{"authentication": false, "store_id": h.storeID()})
	h.chat("gw", "openai/x", "hi").saw(t, "")
	h.put("gw", object{"authentication": true, "store_id": ""})
	h.chat("gw", "openai/x", "hi").saw(t, "")
	h.put("gw", object{"authentication": true, "store_id": "", "byok_only": true})
	h.chat("gw", "openai/x", "hi").wantDataErrorText(t, 400, "No provider credentials")
	h.put("gw", object{"authentication": true, "byok_only": true, "store_id": h.storeID()})
	h.chat("gw", "openai/x", "hi").saw(t, "sk-default")
}

// wantDataErrorText is wantDataError for errors without a code.
func (r reply) wantDataErrorText(t testing.TB, status int, message string) {
	t.Helper()
	r.want(t, status).wantText(t, "error.0.message", message)
}

func TestDefaultConfig(t *testing.T) {
	h := keyed(t)
	h.config("openai", "a", "sk-a").result(t)
	h.config("openai", "b", "sk-b", object{"default_config": true}).result(t)
	h.chat("gw", "openai/x", "hi").saw(t, "sk-b")
	h.chat("gw", "openai/x", "hi", "cf-aig-byok-alias", "default").wantDataError(t, 400, 2040, "named 'default'. Configured aliases: 'a', 'b'")
	h.config("openai", "default", "sk-default").result(t)
	h.chat("gw", "openai/x", "hi").saw(t, "sk-default")
}

// TestSecretsOfGateways shows that a config whose secret the gateway may not use does not
// lead to Unified Billing.
func TestSecretsOfGateways(t *testing.T) {
	h := start(t, emulator.Options{})
	h.keyedGateway("gw")
	h.config("openai", "default", "sk-default").result(t)
	unavailable := func() {
		t.Helper()
		h.chat("gw", "openai/x", "hi").wantDataError(t, 400, 2040, "Configured BYOK credentials are unavailable")
	}
	unavailable() // still pending
	h.Clock().Advance(emulator.DefaultSecretDelay)
	h.chat("gw", "openai/x", "hi").saw(t, "sk-default")
	h.PutSecret(accountID, h.storeID(), "gw_openai_default", "sk-default", "workers")
	unavailable()
	h.PutSecret(accountID, h.storeID(), "gw_openai_default", "sk-other")
	h.chat("gw", "openai/x", "hi").saw(t, "sk-other")
	h.DeleteSecret(accountID, h.storeID(), "gw_openai_default")
	unavailable()
}

func TestRejectedKeys(t *testing.T) {
	bad := emulator.RejectedKey + "key"
	h := keyed(t)
	h.config("openai", "default", bad).result(t)
	h.config("workers-ai", "default", "no-token").result(t)
	h.chat("gw", "openai/x", "hi").want(t, 401, "error.message", "Incorrect API key provided.")
	h.chat("gw", "anthropic/x", "hi", "Authorization", "Bearer "+bad).want(t, 401)
	body := hi("openai/x")
	h.rest("v1/chat/completions", body, "cf-aig-gateway-id", "gw").wantErrors(t, 401, 2009, "Unauthorized")
	has(t, "log", h.logDetail(t, 0), "success", false, "status_code", 401.0)
	for _, path := range []string{"compat/chat/completions", "workers-ai/v1/chat/completions", "workers-ai/@cf/m"} {
		h.native("POST", path, withModel(chatBody, "workers-ai/@cf/m"), "cf-aig-authorization", "Bearer "+token).wantErrors(t, 401, 10000, "Authentication error")
	}
	h.PutSecret(accountID, h.storeID(), "gw_workers-ai_default", token)
	h.chat("gw", "workers-ai/@cf/m", "hi").text(t)
	body = strings.Replace(body, "openai/x", "@cf/m/n", 1)
	h.rest("v1/chat/completions", body, "cf-aig-gateway-id", "gw").saw(t, "") // the client's token
}

func TestStoredKeysAndTheCache(t *testing.T) {
	h := keyed(t, object{"cache_ttl": 600})
	h.config("openai", "default", "sk-1").result(t)
	for _, want := range []string{"MISS", "HIT"} {
		h.chat("gw", "openai/x", "hi").wantHeaders(t, "cf-aig-cache-status", want)
	}
	h.PutSecret(accountID, h.storeID(), "gw_openai_default", "sk-2")
	h.chat("gw", "openai/x", "hi").saw(t, "sk-2")
}

func TestProviderConfigRateLimit(t *testing.T) {
	clock := emulator.NewClock(epoch)
	h := start(t, emulator.Options{Clock: clock, SecretDelay: -1})
	h.keyedGateway("gw")
	h.config("openai", "default", "sk-1", object{"rate_limit": 2, "rate_limit_period": 10}).result(t)
	h.config("openai", "free", "sk-2").result(t)
	h.chat("gw", "openai/x", "hi").saw(t, "sk-1")
	h.chat("gw", "openai/x", "hi").saw(t, "sk-1")
	h.chat("gw", "openai/x", "hi").wantDataError(t, 429, 2003, "Rate limited")
	h.chat("gw", "openai/x", "hi", "cf-aig-byok-alias", "free").saw(t, "sk-2")
	h.chat("gw", "openai/x", "hi", "Authorization", "Bearer own").saw(t, "own")
	clock.Advance(10 * time.Second)
	h.chat("gw", "openai/x", "hi").saw(t, "sk-1")
}

// TestStoredKeysInSteps shows that each step of a universal request has its own key.
func TestStoredKeysInSteps(t *testing.T) {
	h := keyed(t)
	h.config("openai", "other", "sk-1").result(t)
	h.config("groq", "default", "sk-2").result(t)
	steps := []object{}
	for _, provider := range []string{"openai", "groq"} {
		steps = append(steps, object{"provider": provider, "endpoint": "chat/completions",
			"query": object{"model": "m", "messages": []object{{"role": "user", "content": "hi"}}}})
	}
	send := func() reply { return h.universal(steps, "cf-aig-authorization", "Bearer "+token) }
	send().wantHeaders(t, "cf-aig-step", "1").saw(t, "sk-2")

	// A key whose limit is reached leads to the next step.
	h.config("openai", "default", "sk-3", object{"rate_limit": 1}).result(t)
	for _, key := range []string{"sk-3", "sk-2"} {
		send().saw(t, key)
	}
}

func TestCredit(t *testing.T) {
	h := keyed(t, object{"cache_ttl": 600})
	h.config("anthropic", "default", "sk-1").result(t)
	h.chat("gw", "openai/cached", "hi").text(t)
	check := func() {
		t.Helper()
		h.chat("gw", "openai/x", "hi").wantDataError(t, 402, 2021, "Insufficient wholesale credits")
		h.rest("v1/chat/completions", hi("openai/x"), "cf-aig-gateway-id", "gw").wantErrors(t, 402, 2021, "Insufficient wholesale credits: the account's credit balance is used up")
		h.chat("gw", "openai/cached", "hi").text(t) // costs nothing
		h.chat("gw", "openai/x", "hi", "Authorization", "Bearer own").text(t)
		h.chat("gw", "anthropic/x", "hi").saw(t, "sk-1")
		h.chat("gw", "workers-ai/@cf/x", "hi").text(t)
		h.native("POST", "mistral/v1/chat/completions", chatBody, "cf-aig-authorization", "Bearer "+token).want(t, 401)
	}
	h.SetCreditBalance(accountID, 0)
	balance := func() reply { return h.api("GET", "billing/credit-balance", nil) }
	balance().want(t, 200, "result.balance", 0.0)
	check()
	h.SetCreditBalance(accountID, 12.5)
	h.chat("gw", "openai/x", "hi again").text(t)
	balance().want(t, 200, "result.balance", 12.5)
	h.SetToppedUp(accountID, false)
	balance().wantErrors(t, 400, 1000, "NO_MANUAL_TOPUP")
	check()
	h.SetToppedUp(accountID, true)
	balance().want(t, 200, "result.balance", 12.5)
	h.apiOf(otherID, "GET", "billing/credit-balance", nil).want(t, 200, "result.balance", 25.0)
}
