package emulator_test

import (
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// step is one of a universal request's, for compat, which needs no key.
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
	tests := []struct {
		name     string
		body     any
		step     string
		provider string
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
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := h.universal(tt.body, "Authorization", "Bearer not-for-steps")
			if r.status != 200 || r.header.Get("cf-aig-step") != tt.step || r.header.Get("cf-aig-provider") != tt.provider {
				t.Fatalf("%d %v %s", r.status, r.header, r.raw)
			}
			log := h.logs()[0]
			if log["id"] != r.header.Get("cf-aig-log-id") || toString(log["step"]) != tt.step {
				t.Errorf("log = %v", log)
			}
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
	if logs := h.logs(); len(logs) != 2 || logs[0]["step"] != 1.0 || logs[1]["step"] != 0.0 {
		t.Errorf("every step has a log: %v", logs)
	}
	h.universal(step("emulator/slow", object{"requestTimeout": 5})).
		wantDataError(t, 400, 2005, "Failed to get response from provider")
	h.universal([]object{{"provider": "acme", "endpoint": "x", "query": object{}}}).wantDataError(t, 400, 2008, "Invalid provider")
	for _, body := range []any{[]object{}, object{}, "x", 5, []any{"x"}, []object{{"endpoint": "x"}}} {
		h.universal(body).wantDataError(t, 400, 2019, "Universal request bad format")
	}
	h.send("GET", "/v1/"+accountID+"/gw", "").wantDataError(t, 400, 2019, "Universal request bad format")
}

func TestUniversalShareOfLimits(t *testing.T) {
	h := open(t, object{"rate_limiting_limit": 1, "rate_limiting_interval": 60})
	if r := h.universal([]object{step("emulator/status-500"), step("openai/m")}); r.status != 200 {
		t.Errorf("steps of one request count once: %s", r.raw)
	}
	h.universal([]object{step("openai/m"), step("openai/n")}).wantDataError(t, 429, 2003, "Rate limited")
}

func TestUniversalPrecedence(t *testing.T) {
	// flaky-2 needs three attempts: config before header before setting.
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
		if ok := r.status == 200; ok != tt.ok {
			t.Errorf("setting %v, header %q, config %v: %d", tt.setting, tt.header, tt.config, r.status)
		}
	}
}

func TestRetries(t *testing.T) {
	h := open(t, object{"retry_max_attempts": 3})
	r := h.chat("gw", "emulator/flaky-2", "hi")
	r.text(t)
	if logs := h.logs(); len(logs) != 1 || logs[0]["success"] != true {
		t.Errorf("one log a request: %v", logs)
	}
	h.chat("gw", "emulator/flaky-2", "hi").text(t) // it stays well
	if r := h.chat("gw", "emulator/flaky-4", "hi"); r.status != 500 {
		t.Errorf("flaky-4 after 3 attempts: %d", r.status)
	}
	h.chat("gw", "emulator/flaky-4", "hi").text(t) // the fifth attempt
	h.create("other")
	if r := h.chat("other", "emulator/flaky-2", "hi"); r.status != 500 {
		t.Error("another gateway has the same count")
	}
	for _, model := range []string{"flaky-x", "flaky", "flaky--1"} {
		if r := h.chat("gw", "emulator/"+model, "hi"); r.status != 404 {
			t.Errorf("%s: %d", model, r.status)
		}
	}
	h.chat("gw", "emulator/flaky-0", "hi").text(t)
}

func TestOnlySomeFailuresAreRetried(t *testing.T) {
	for status, retried := range map[string]bool{"400": false, "401": false, "408": true, "429": true, "500": true, "503": true} {
		h := open(t)
		before := time.Now()
		h.chat("gw", "emulator/status-"+status, "hi", "cf-aig-max-attempts", "2", "cf-aig-retry-delay", "100")
		if got := time.Since(before) >= 100*time.Millisecond; got != retried {
			t.Errorf("%s: retried = %v", status, got)
		}
	}
}

func TestRetryDelays(t *testing.T) {
	for backoff, want := range map[string]time.Duration{"": 20, "constant": 20, "linear": 10 + 20, "exponential": 10 + 20, "nonsense": 20} {
		attempts, unit := "3", time.Millisecond
		if backoff == "exponential" {
			attempts, want = "4", 10+20+40
		}
		h := open(t, object{"retry_delay": 10})
		before := time.Now()
		h.chat("gw", "emulator/status-500", "hi", "cf-aig-max-attempts", attempts, "cf-aig-backoff", backoff)
		if took := time.Since(before); took < want*unit || took > (want+5000)*unit {
			t.Errorf("%s: took %v, want %v", backoff, took, want*unit)
		}
	}
}

func TestRequestTimeout(t *testing.T) {
	h := open(t)
	ask := func(model string, headers ...string) reply { return h.chat("gw", "emulator/"+model, "hi", headers...) }
	r := ask("slow", "cf-aig-request-timeout", "5")
	r.wantDataError(t, 400, 2005, "timed out")
	if log := h.logs()[0]; log["success"] != false || log["status_code"] != 400.0 || log["id"] != r.header.Get("cf-aig-log-id") {
		t.Errorf("log = %v", log)
	}
	ask("slow-5ms", "cf-aig-request-timeout", "5000").text(t)
	// The last of several attempts waits for as long as it takes.
	ask("slow-30ms", "cf-aig-request-timeout", "5", "cf-aig-max-attempts", "2").text(t)
}

func TestUniversalWithAuthentication(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw", object{"authentication": true})
	h.universal(step("openai/m")).wantDataError(t, 401, 2009, "Unauthorized")
	body := object{"provider": "openai", "endpoint": "chat/completions", "query": step("m")["query"]}
	if r := h.universal(body, "cf-aig-authorization", "Bearer "+token); r.status != 200 {
		t.Errorf("Unified Billing does not pay for steps: %s", r.raw)
	}
}
