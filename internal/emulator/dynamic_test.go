package emulator_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// node returns an element of a route. Outputs come in pairs of a name and an id.
func node(id, kind string, properties object, outputs ...string) object {
	to := object{}
	for i := 0; i < len(outputs); i += 2 {
		to[outputs[i]] = object{"elementId": outputs[i+1]}
	}
	out := object{"id": id, "type": kind, "outputs": to}
	if properties != nil {
		out["properties"] = properties
	}
	return out
}

// ask returns an element for provider/model, with a timeout that no model reaches and no
// retries, and changes.
func ask(id, model, success, fallback string, changes ...object) object {
	provider, name, _ := strings.Cut(model, "/")
	properties := object{"provider": provider, "model": name, "timeout": 60000, "retries": 0}
	for _, c := range changes {
		maps.Copy(properties, c)
	}
	return node(id, "model", properties, "success", success, "fallback", fallback)
}

// route creates the route "r" of the gateway "gw". It starts with the first element. The
// element "end" ends it.
func (h harness) route(elements ...object) (id string) {
	h.t.Helper()
	graph := []object{node("s", "start", nil, "next", elements[0]["id"].(string))}
	graph = append(graph, elements...)
	return h.PutRoute(accountID, "gw", "r", append(graph, node("end", "end", nil)))
}

// ask sends a request to the route "r".
func (h harness) ask(headers ...string) reply {
	h.t.Helper()
	return h.chat("gw", "dynamic/r", "hi", headers...)
}

// wantModel checks which model responded, and at which step.
func (r reply) wantModel(t testing.TB, model, step string) {
	t.Helper()
	provider, name, _ := strings.Cut(model, "/")
	r.text(t)
	r.want(t, 200, "model", name).wantHeaders(t, "cf-aig-provider", provider, "cf-aig-model", name, "cf-aig-step", step)
}

// wantNoModel checks that no model responded to a request to the route "r".
func (r reply) wantNoModel(t testing.TB) {
	t.Helper()
	r.wantDataError(t, 400, 2005, "Failed to get response from provider").wantHeaders(t, "cf-aig-provider", "unknown", "cf-aig-model", "dynamic/r")
}

func TestRouteAsksItsModel(t *testing.T) {
	h := open(t)
	for _, model := range []string{"openai/gpt-5.2", "workers-ai/@cf/meta/llama-3.3", "emulator/echo"} {
		h.route(ask("m", model, "end", "end"))
		r := h.ask()
		r.wantModel(t, model, "0")
		expect(t, strings.HasSuffix(r.text(t), "The prompt was: hi"), "text = %q", r.text(t))
	}
	// google is another name of a provider.
	h.route(ask("m", "google/gemini", "end", "end"))
	h.ask().wantModel(t, "google-ai-studio/gemini", "0")
}

func TestRouteFallsBack(t *testing.T) {
	for _, tt := range []struct {
		name, model string
		changes     object
	}{
		{"bad request", "emulator/status-400", nil},
		{"unauthorized", "emulator/status-401", nil},
		{"unknown model", "emulator/no-such", nil},
		{"too many", "emulator/status-429", nil},
		{"broken", "emulator/status-500", nil},
		{"broken elsewhere", "openai/emulator/status-503", nil},
		{"timeout", "emulator/slow-24h", object{"timeout": 10}},
		{"timeout of every attempt", "emulator/slow-24h", object{"timeout": 10, "retries": 2}},
		{"unknown provider", "foo/bar", nil},
		{"custom provider", "custom-foo/bar", nil},
		{"route in a route", "dynamic/r", nil},
		{"no provider", "openai/m", object{"provider": nil}},
		{"no model", "openai/m", object{"model": nil}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			h.route(ask("m", tt.model, "end", "second", tt.changes), ask("second", "anthropic/claude", "end", "end"))
			h.ask().wantModel(t, "anthropic/claude", "1")
			has(t, "logs", h.logs(), "#", 1, "0.provider", "anthropic", "0.step", 1.0, "0.success", true)
		})
	}
}

// TestRouteTakesAnyResponse shows that every response with status 200 is a success.
func TestRouteTakesAnyResponse(t *testing.T) {
	h := open(t)
	for _, model := range []string{"emulator/empty", "emulator/garbage"} {
		h.route(ask("m", model, "end", "second"), ask("second", "anthropic/claude", "end", "end"))
		h.ask().want(t, 200).wantHeaders(t, "cf-aig-provider", "emulator")
	}
}

func TestRouteRetries(t *testing.T) {
	for _, tt := range []struct {
		name, model string
		retries     any
		want        []string // for one request after the other
	}{
		{"none", "emulator/flaky-1", 0, []string{"grok/b", "emulator/flaky-1"}},
		{"enough", "emulator/flaky-2", 2, []string{"emulator/flaky-2"}},
		{"too few", "emulator/flaky-3", 1, []string{"grok/b", "emulator/flaky-3"}},
		{"at most five attempts", "emulator/flaky-6", 9, []string{"grok/b", "emulator/flaky-6"}},
		{"below none", "emulator/flaky-1", -3, []string{"grok/b", "emulator/flaky-1"}},
		// The gateway's settings apply to what the element omits.
		{"omitted", "emulator/flaky-1", nil, []string{"emulator/flaky-1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t, object{"retry_max_attempts": 2})
			h.route(ask("a", tt.model, "end", "b", object{"retries": tt.retries}), ask("b", "grok/b", "end", "end"))
			for _, want := range tt.want {
				step := "0"
				if want == "grok/b" {
					step = "1"
				}
				h.ask().wantModel(t, want, step)
			}
		})
	}
}

func TestRouteContinuesAfterAResponse(t *testing.T) {
	h := open(t)
	h.route(ask("a", "openai/a", "b", "end"), ask("b", "grok/b", "end", "end"), ask("c", "openai/c", "end", "end"))
	h.ask().wantModel(t, "grok/b", "1")
	// The last success is the response.
	h.route(ask("a", "openai/a", "b", "end"), ask("b", "emulator/status-500", "end", "end"))
	h.ask().wantModel(t, "openai/a", "0")
	has(t, "log", h.logs()[0], "provider", "openai", "status_code", 200.0, "step", 0.0, "cost", 0.000106)
	// After a success the fallback is not called.
	h.route(ask("a", "openai/a", "end", "b"), ask("b", "emulator/flaky-1", "end", "end"))
	h.ask().wantModel(t, "openai/a", "0")
	h.chat("gw", "emulator/flaky-1", "hi").want(t, 500)
}

func TestRouteWithoutAResponse(t *testing.T) {
	bad := ask("m", "emulator/status-500", "end", "end")
	for _, tt := range []struct {
		name  string
		graph []object
	}{
		{"every model failed", []object{node("s", "start", nil, "next", "m"), bad, node("end", "end", nil)}},
		{"two failed", []object{node("s", "start", nil, "next", "f"), ask("f", "foo/x", "end", "m"), bad}},
		{"nothing", nil},
		{"no start", []object{bad, node("end", "end", nil)}},
		{"start leads nowhere", []object{node("s", "start", nil)}},
		{"start leads to what does not exist", []object{node("s", "start", nil, "next", "x")}},
		{"straight to the end", []object{node("s", "start", nil, "next", "end"), node("end", "end", nil)}},
		{"unknown type", []object{node("s", "start", nil, "next", "x"),
			node("x", "new", nil, "success", "m", "next", "m"), ask("m", "openai/m", "end", "end")}},
		{"no fallback", []object{node("s", "start", nil, "next", "f"),
			node("f", "model", object{"provider": "foo", "model": "x"}, "success", "m"), ask("m", "openai/m", "end", "end")}},
		{"cycle", []object{node("s", "start", nil, "next", "c"), node("c", "conditional", nil, "true", "c", "false", "c")}},
		{"cycle with responses", []object{node("s", "start", nil, "next", "a"), ask("a", "openai/a", "a", "end")}},
		{"beyond a limit", []object{node("s", "start", nil, "next", "l"),
			node("l", "rate", object{"limitType": "count", "key": "metadata.u", "limit": 0, "window": 60}, "success", "m", "fallback", "end"),
			ask("m", "openai/m", "end", "end"), node("end", "end", nil)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			h.PutRoute(accountID, "gw", "r", tt.graph)
			r := h.ask("cf-aig-metadata", `{"u":"x"}`)
			r.wantNoModel(t)
			equal(t, "logs", 1, len(h.logs()))
			has(t, "log", h.logs()[0], "provider", "unknown", "model", "dynamic/r", "success", false, "status_code", 400.0, "step", 0.0,
				"tokens_in", 0.0, "tokens_out", 0.0, "cost", 0.0, "cached", false, "metadata", object{"u": "x"},
				"id", r.header.Get("cf-aig-log-id"), "path", "compat/chat/completions")
		})
	}
}

func TestRouteConditional(t *testing.T) {
	h := open(t)
	for _, name := range []string{"conditions", "condition"} {
		h.route(node("c", "conditional", object{name: object{"metadata.plan": object{"$eq": "free"}}}, "true", "small", "false", "big"),
			ask("small", "openai/mini", "end", "end"), ask("big", "openai/large", "end", "end"))
		h.ask("cf-aig-metadata", `{"plan":"free"}`).wantModel(t, "openai/mini", "0")
		h.ask("cf-aig-metadata", `{"plan":"paid"}`).wantModel(t, "openai/large", "0")
		h.ask().wantModel(t, "openai/large", "0")
	}
}

// Conditions compare values of one type only, so that the same word or digits as a string
// take the other branch.
func TestRouteConditionalByType(t *testing.T) {
	h := open(t)
	for _, test := range []struct {
		condition       object
		metadata, model string
	}{
		{object{"metadata.beta": object{"$eq": true}}, `{"beta":true}`, "openai/yes"},
		{object{"metadata.beta": object{"$eq": true}}, `{"beta":"true"}`, "openai/no"},
		{object{"metadata.beta": object{"$ne": true}}, `{"beta":"true"}`, "openai/yes"},
		{object{"metadata.level": object{"$gt": 3}}, `{"level":5}`, "openai/yes"},
		{object{"metadata.level": object{"$gt": 3}}, `{"level":"5"}`, "openai/no"},
		{object{"metadata.level": object{"$in": []any{5}}}, `{"level":5.0}`, "openai/yes"},
		{object{"metadata.level": object{"$in": []any{5}}}, `{"level":"5"}`, "openai/no"},
	} {
		h.route(node("c", "conditional", object{"conditions": test.condition}, "true", "yes", "false", "no"),
			ask("yes", "openai/yes", "end", "end"), ask("no", "openai/no", "end", "end"))
		h.ask("cf-aig-metadata", test.metadata).wantModel(t, test.model, "0")
	}
}

func TestUnknownRoute(t *testing.T) {
	h := open(t)
	h.create("other")
	id := h.route(ask("m", "openai/m", "end", "end"))
	missing := func(gateway, name string) {
		t.Helper()
		r := h.chat(gateway, "dynamic/"+name, "hi").wantHeaders(t, "cf-aig-log-id", "")
		r.wantDataError(t, 400, 2005, "Failed to get response from provider: the gateway '"+gateway+"' has no dynamic route '"+name+"'")
		expect(t, !strings.Contains(r.raw, "provider dynamic"), "the response names a provider: %s", r.raw)
	}
	missing("other", "r")
	missing("gw", "R")
	missing("gw", "r/x")
	h.ask().wantModel(t, "openai/m", "0")
	expect(t, h.RenameRoute(accountID, "gw", id, "r/x"), "the route was not renamed")
	missing("gw", "r")
	h.chat("gw", "dynamic/r/x", "hi").wantModel(t, "openai/m", "0")
	h.DeleteRoute(accountID, "gw", id)
	missing("gw", "r/x")
	equal(t, "logs of requests for existing routes", 2, len(h.logs()))
}

func TestRouteUsesTheDeployedVersion(t *testing.T) {
	h := open(t)
	id := h.route(ask("m", "openai/one", "end", "end"))
	h.ask().wantModel(t, "openai/one", "0")
	graph := []object{node("s", "start", nil, "next", "m"), ask("m", "openai/two", "end", "end")}
	version := h.api("POST", "gateways/gw/routes/"+id+"/versions", object{"elements": append(graph, node("end", "end", nil))}).result(t)
	h.ask().wantModel(t, "openai/one", "0")
	h.api("POST", "gateways/gw/routes/"+id+"/deployments", object{"version_id": version["version_id"]}).result(t)
	h.ask().wantModel(t, "openai/two", "0")
}

func TestRouteOverREST(t *testing.T) {
	h := open(t)
	h.route(ask("a", "emulator/status-500", "end", "b"), ask("b", "anthropic/claude", "end", "end"))
	body := hi("dynamic/r")
	h.rest("v1/chat/completions", body, "cf-aig-gateway-id", "gw").wantModel(t, "anthropic/claude", "1")
	has(t, "log", h.logs()[0], "provider", "anthropic", "path", "ai/v1/chat/completions")
	// Without the header the default gateway is used, which has no such route.
	h.rest("v1/chat/completions", body).wantErrors(t, 400, 2005,
		"Failed to get response from provider: the gateway 'default' has no dynamic route 'r'")
	h.PutRoute(accountID, "default", "r", []object{node("s", "start", nil, "next", "m"), ask("m", "grok/m", "end", "end")})
	h.rest("v1/chat/completions", body).wantModel(t, "grok/m", "0")
	h.route(ask("a", "emulator/status-500", "end", "end"))
	h.rest("v1/chat/completions", body, "cf-aig-gateway-id", "gw").wantErrors(t, 400, 2005, "Failed to get response from provider")
	// Other APIs have no routes.
	for _, path := range []string{"v1/responses", "v1/messages", "run"} {
		h.rest(path, `{"model":"dynamic/r","input":"hi","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}`,
			"cf-aig-gateway-id", "gw").wantErrors(t, 404, 7003, "Model not found: dynamic/r")
	}
}

func TestRouteInUniversalRequests(t *testing.T) {
	h := open(t)
	h.route(ask("a", "emulator/status-500", "end", "b"), ask("b", "grok/m", "end", "end"))
	// The step is that of the universal request, also if the route has tried a model.
	h.universal(step("dynamic/r")).wantModel(t, "grok/m", "0")
	has(t, "log", h.logs()[0], "provider", "grok", "model", "m", "step", 0.0, "path", "compat/chat/completions")
	h.universal([]object{step("emulator/status-500"), step("dynamic/r"), step("openai/m")}).wantModel(t, "grok/m", "1")
	h.universal([]object{step("dynamic/missing"), step("dynamic/r")}).wantModel(t, "grok/m", "1")
	h.universal([]object{step("openai/m"), step("dynamic/missing")}).wantModel(t, "openai/m", "0")
	h.universal(step("dynamic/missing")).wantDataError(t, 400, 2005, "the gateway 'gw' has no dynamic route 'missing'")

	// A route without a response is a step that failed.
	h.route(ask("a", "emulator/status-500", "end", "end"))
	h.universal([]object{step("dynamic/r"), step("openai/m")}).wantModel(t, "openai/m", "1")
	h.universal([]object{step("openai/m"), step("dynamic/r")}).wantModel(t, "openai/m", "0")
	h.universal([]object{step("emulator/status-500"), step("dynamic/r")}).wantDataError(t, 400, 2005, "Failed to get response from provider")
}

func TestNoRoutesElsewhere(t *testing.T) {
	h := open(t)
	h.route(ask("m", "grok/m", "end", "end"))
	h.native("POST", "openai/chat/completions", withModel(chatBody, "dynamic/r"), "Authorization", "Bearer sk").want(t, 200, "model", "dynamic/r").wantHeaders(t, "cf-aig-provider", "openai")
}

func TestRouteStreams(t *testing.T) {
	h := open(t)
	h.route(ask("a", "emulator/status-500", "end", "b"), ask("b", "grok/m", "end", "end"))
	body := object{"model": "dynamic/r", "stream": true, "messages": []object{{"role": "user", "content": "hello you"}}}
	r := h.chatBody("gw", body)
	r.want(t, 200).wantHeaders(t, "Content-Type", "text/event-stream", "cf-aig-provider", "grok")
	inOrder(t, r.raw, `"model":"m"`)
	expect(t, !strings.Contains(r.raw, "dynamic") && strings.HasSuffix(r.raw, "data: [DONE]\n\n"), "stream = %s", r.raw)
	h.route(ask("a", "emulator/status-500", "end", "end"))
	h.chatBody("gw", body).wantNoModel(t)
}

// TestRouteEndsWithItsClient shows that a client that leaves ends the walk.
func TestRouteEndsWithItsClient(t *testing.T) {
	running := listen(t, emulator.Options{})
	running.Server.PutGateway(accountID, object{"id": "gw"})
	h := harness{t, running.Server}
	h.route(ask("a", "emulator/slow", "end", "b"), ask("b", "emulator/flaky-1", "end", "end"))
	url := running.DataPlaneURL() + "/" + accountID + "/gw/compat/chat/completions"
	leave(t, running, url, withModel(chatBody, "dynamic/r"))
	if err := running.Close(); err != nil { // waits for the handler
		t.Fatal(err)
	}
	h.chat("gw", "emulator/flaky-1", "hi").want(t, 500)
}
