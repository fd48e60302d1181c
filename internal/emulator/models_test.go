package emulator_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func (h harness) models(gateway string, headers ...string) reply {
	h.t.Helper()
	return h.send("GET", "/v1/"+accountID+"/"+gateway+"/compat/models", "", headers...)
}

func (r reply) modelIDs(t testing.TB) []string {
	t.Helper()
	r.want(t, 200, "object", "list")
	data, _ := r.body["data"].([]any)
	var ids []string
	for _, item := range data {
		model, _ := item.(object)
		id, _ := model["id"].(string)
		provider, _, _ := strings.Cut(id, "/")
		has(t, "model", model, "object", "model", "owned_by", provider)
		equal(t, "members", 4, len(model))
		ids = append(ids, id)
	}
	return ids
}

func TestListOfModels(t *testing.T) {
	h := start(t, emulator.Options{WorkersModels: []string{"@cf/acme/mine", "@cf/meta/llama-3.1-8b-instruct"}})
	h.create("gw", object{"rate_limiting_limit": 1, "rate_limiting_interval": 60})
	ids := h.models("gw").modelIDs(t)
	for _, id := range []string{"openai/gpt-5.2", "anthropic/claude-sonnet-4-5", "workers-ai/@cf/acme/mine", "workers-ai/@cf/meta/llama-3.1-8b-instruct"} {
		equal(t, id, 1, len(slices.DeleteFunc(slices.Clone(ids), func(other string) bool { return other != id })))
	}
	expect(t, !slices.Contains(ids, "mistral/mistral-large-latest"), "a provider without a key is listed: %v", ids)
	expect(t, slices.IsSortedFunc(ids, func(a, b string) int {
		x, _, _ := strings.Cut(a, "/")
		y, _, _ := strings.Cut(b, "/")
		return strings.Compare(x, y)
	}), "the list is not in order of providers: %v", ids)

	// It leaves no log, and does not count.
	equal(t, "logs", 0, len(h.logs()))
	h.chat("gw", "openai/m", "hi").text(t)

	// Without Unified Billing, a gateway reaches no more than it has keys for.
	h.create("byok", object{"byok_only": true})
	for _, id := range h.models("byok").modelIDs(t) {
		expect(t, strings.HasPrefix(id, "workers-ai/"), "%s is listed", id)
	}
}

func TestListOfModelsIsForClients(t *testing.T) {
	h := open(t, object{"authentication": true})
	h.models("gw").wantDataError(t, 401, 2009, "Unauthorized")
	h.models("gw", "cf-aig-authorization", "Bearer "+token).want(t, 200)
	h.models("gw", "Authorization", "Bearer "+token).want(t, 200)
	h.models("missing").wantDataError(t, 400, 2001, "Please configure AI Gateway")
}

func TestCompatEmbeddings(t *testing.T) {
	h := open(t)
	embed := func(body string, headers ...string) reply {
		return h.send("POST", "/v1/"+accountID+"/gw/compat/embeddings", body, headers...)
	}
	r := embed(`{"model":"openai/text-embedding-3-small","input":["one","two"]}`)
	r.want(t, 200, "object", "list", "data.#", 2, "data.0.object", "embedding", "model", "text-embedding-3-small", "usage.prompt_tokens", 2.0).
		wantHeaders(t, "cf-aig-provider", "openai", "cf-aig-model", "text-embedding-3-small")
	has(t, "log", h.logs()[0], "path", "compat/embeddings", "model", "text-embedding-3-small", "provider", "openai", "success", true)
	embed(`{"model":"workers-ai/@cf/baai/bge-m3","input":"x"}`).want(t, 200).wantHeaders(t, "cf-aig-provider", "workers-ai")
	for _, body := range []string{"x", `{"model":"openai/e"}`, `{"model":"e","input":"x"}`, `{"input":"x"}`} {
		embed(body).wantDataError(t, 400, 2019, "Chat completion bad format")
	}
	embed(`{"model":"acme/e","input":"x"}`).wantDataError(t, 400, 2008, "Invalid provider")
}
