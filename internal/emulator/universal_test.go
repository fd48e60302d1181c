package emulator_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// step returns a step of a universal request for compat, which needs no key.
func step(model string, config ...object) object {
	out := object{
		"provider": "compat", "endpoint": "chat/completions",
		"query": object{"model": model, "messages": []object{{"role": "user", "content": "hi"}}},
	}
	for _, c := range config {
		out["config"] = c
	}
	return out
}

func (h harness) universal(body any, headers ...string) reply {
	h.t.Helper()
	return h.send("POST", "/v1/"+accountID+"/gw", toJSON(h.t, body), headers...)
}

func TestUniversal(t *testing.T) {
	h := open(t)
	for _, tt := range []struct {
		name           string
		body           any
		step, provider string
	}{
		{"single", step("openai/m"), "0", "openai"},
		{"first", []object{step("openai/m"), step("anthropic/m")}, "0", "openai"},
		{"second", []object{step("emulator/status-500"), step("anthropic/m")}, "1", "anthropic"},
		{"any error", []object{step("emulator/status-400"), step("emulator/status-401"), step("grok/m")}, "2", "grok"},
		{"timeout", []object{step("emulator/slow", object{"requestTimeout": 5}), step("grok/m")}, "1", "grok"},
		{"no key", []object{
			{"provider": "openai", "endpoint": "chat/completions", "query": step("m")["query"]},
			{"provider": "openai", "endpoint": "/v1/chat/completions?x=y", "headers": object{"authorization": "Bearer sk"}, "query": step("m")["query"]},
		}, "1", "openai"},
		{"workers", []object{
			{"provider": "workers-ai", "endpoint": "@cf/meta/x", "query": object{"prompt": "x"}},
			{"provider": "workers-ai", "endpoint": "@cf/meta/x", "headers": object{"Authorization": "Bearer " + token}, "query": object{"prompt": "x"}},
		}, "1", "workers-ai"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := h.universal(tt.body, "Authorization", "Bearer not-for-steps")
			r.want(t, 200).wantHeaders(t, "cf-aig-step", tt.step, "cf-aig-provider", tt.provider)
			log := h.logs()[0]
			expect(t, log["id"] == r.header.Get("cf-aig-log-id") && toString(log["step"]) == tt.step, "log = %v", log)
			single := r.header.Get("cf-aig-log-id") == r.header.Get("cf-aig-request-id")
			if list, ok := tt.body.([]object); ok && single != (len(list) == 1) {
				t.Errorf("log id = request id is %v: %v", single, r.header)
			}
		})
	}
}

func TestUniversalFailures(t *testing.T) {
	h := open(t)
	h.universal([]object{step("emulator/status-500"), step("emulator/status-400")}).
		wantDataError(t, 400, 2005, "Failed to get response from provider")
	has(t, "every step has a log", h.logs(), "#", 2, "0.step", 1.0, "1.step", 0.0)
	h.universal(step("emulator/slow", object{"requestTimeout": 5})).wantDataError(t, 400, 2005, "Failed to get response from provider")
	h.universal([]object{{"provider": "acme", "endpoint": "x", "query": object{}}}).wantDataError(t, 400, 2008, "Invalid provider")
	for _, body := range []any{[]object{}, object{}, "x", 5, []any{"x"}, []object{{"endpoint": "x"}}} {
		h.universal(body).wantDataError(t, 400, 2019, "Universal request bad format")
	}
	h.send("GET", "/v1/"+accountID+"/gw", "").wantDataError(t, 400, 2019, "Universal request bad format")
}

func TestUniversalShareOfLimits(t *testing.T) {
	h := open(t, object{"rate_limiting_limit": 1, "rate_limiting_interval": 60})
	h.universal([]object{step("emulator/status-500"), step("openai/m")}).want(t, 200)
	h.universal([]object{step("openai/m"), step("openai/n")}).wantDataError(t, 429, 2003, "Rate limited")
}

func TestUniversalPrecedence(t *testing.T) {
	// The model needs three attempts. The config has precedence over the header, and the
	// header over the setting.
	for _, tt := range []struct {
		setting any
		header  string
		config  object
		ok      bool
	}{
		{nil, "", nil, false},
		{3, "", nil, true},
		{2, "", nil, false},
		{3, "1", nil, false},
		{1, "3", nil, true},
		{1, "1", object{"maxAttempts": 3}, true},
		{3, "3", object{"maxAttempts": 1}, false},
		{3, "nonsense", nil, true},
		{1, "99", nil, true},
	} {
		h := open(t, object{"retry_max_attempts": tt.setting})
		r := h.universal(step("emulator/flaky-2", tt.config), "cf-aig-max-attempts", tt.header)
		equal(t, fmt.Sprintf("success of %+v", tt), tt.ok, r.status == 200)
	}
}

func TestRetries(t *testing.T) {
	h := open(t, object{"retry_max_attempts": 3})
	h.chat("gw", "emulator/flaky-2", "hi").text(t)
	has(t, "one log a request", h.logs(), "#", 1, "0.success", true)
	h.chat("gw", "emulator/flaky-2", "hi").text(t) // has stopped failing
	h.chat("gw", "emulator/flaky-4", "hi").want(t, 500)
	h.chat("gw", "emulator/flaky-4", "hi").text(t) // the fifth attempt
	h.create("other")
	h.chat("other", "emulator/flaky-2", "hi").want(t, 500)
	for _, model := range []string{"flaky-x", "flaky", "flaky--1"} {
		h.chat("gw", "emulator/"+model, "hi").want(t, 404)
	}
	h.chat("gw", "emulator/flaky-0", "hi").text(t)
}

func TestOnlySomeFailuresAreRetried(t *testing.T) {
	h := open(t)
	for status, attempts := range map[int]int{400: 1, 401: 1, 404: 1, 408: 2, 429: 2, 500: 2, 503: 2} {
		u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		h.PutCustomProvider(accountID, object{"name": "p", "slug": fmt.Sprint("p", status), "base_url": u.URL, "enable": true})
		h.chat("gw", fmt.Sprintf("custom-p%d/m", status), "hi", "cf-aig-max-attempts", "2").want(t, status)
		equal(t, fmt.Sprint("attempts after ", status), attempts, len(u.requests()))
	}
}

// TestRetryDelays checks that retries wait at least as long as the backoff says.
func TestRetryDelays(t *testing.T) {
	for backoff, want := range map[string]time.Duration{"": 20, "constant": 20, "linear": 10 + 20, "exponential": 10 + 20 + 40, "nonsense": 20} {
		attempts := "3"
		if backoff == "exponential" {
			attempts = "4"
		}
		h := open(t, object{"retry_delay": 10})
		before := time.Now()
		h.chat("gw", "emulator/status-500", "hi", "cf-aig-max-attempts", attempts, "cf-aig-backoff", backoff)
		took := time.Since(before)
		expect(t, took >= want*time.Millisecond, "%s: took %v, want at least %d ms", backoff, took, want)
	}
}

func TestRequestTimeout(t *testing.T) {
	h := open(t)
	ask := func(model string, headers ...string) reply { return h.chat("gw", "emulator/"+model, "hi", headers...) }
	r := ask("slow", "cf-aig-request-timeout", "5")
	r.wantDataError(t, 400, 2005, "timed out")
	has(t, "log", h.logs()[0], "success", false, "status_code", 400.0, "id", r.header.Get("cf-aig-log-id"))
	ask("slow-5ms", "cf-aig-request-timeout", "5000").text(t)
	// The last of several attempts waits for as long as it takes.
	ask("slow-30ms", "cf-aig-request-timeout", "5", "cf-aig-max-attempts", "2").text(t)
}

func TestUniversalWithAuthentication(t *testing.T) {
	h := open(t, object{"authentication": true})
	h.universal(step("openai/m")).wantDataError(t, 401, 2009, "Unauthorized")
	body := object{"provider": "openai", "endpoint": "chat/completions", "query": step("m")["query"]}
	h.universal(body, "cf-aig-authorization", "Bearer "+token).want(t, 200)
}
