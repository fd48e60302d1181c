package emulator_test

import (
	"encoding/json"
	"strings"
	"testing"
)

var guarded = object{
	"prompt":   object{"S1": "BLOCK", "S2": "FLAG", "P1": "BLOCK"},
	"response": object{"S10": "BLOCK", "S11": "FLAG"},
}

func TestGuardrails(t *testing.T) {
	tests := []struct {
		prompt string
		code   int // 0: passes
		found  string
	}{
		{"harmless", 0, "null"},
		{"[[guardrail:S1]]", 2016, `[{"action":"BLOCK","category":"S1","check":"REQUEST"}]`},
		{"x [[guardrail:P1]] y", 2016, `[{"action":"BLOCK","category":"P1","check":"REQUEST"}]`},
		{"[[guardrail:S2]]", 0, `[{"action":"FLAG","category":"S2","check":"REQUEST"}]`},
		{"[[guardrail:S3]]", 0, "null"},  // ignored
		{"[[guardrail:S10]]", 0, "null"}, // looked for in responses only
		{"[[guardrail-response:S1]]", 0, "null"},
		{"[[guardrail-response:S10]]", 2017, `[{"action":"BLOCK","category":"S10","check":"RESPONSE"}]`},
		{"[[guardrail-response:S11]]", 0, `[{"action":"FLAG","category":"S11","check":"RESPONSE"}]`},
		{"[[guardrail:S2]] [[guardrail-response:S10]]", 2017,
			`[{"action":"FLAG","category":"S2","check":"REQUEST"},{"action":"BLOCK","category":"S10","check":"RESPONSE"}]`},
	}
	for _, tt := range tests {
		t.Run(tt.prompt, func(t *testing.T) {
			h := open(t)
			h.put("gw", object{"guardrails": guarded, "cache_ttl": 60})
			for range 2 {
				r := h.chat("gw", "openai/m", tt.prompt)
				log := h.logs()[0]
				switch tt.code {
				case 0:
					r.text(t)
				case 2016:
					r.wantDataError(t, 424, 2016, "Prompt blocked due to security configurations")
				case 2017:
					r.wantDataError(t, 424, 2017, "Response blocked due to security configurations")
				}
				// What was blocked is not cached, what was flagged is; a hit is not scanned.
				if hit := r.header.Get("cf-aig-cache-status") == "HIT"; hit {
					if tt.code != 0 || log["guardrails"] != nil {
						t.Errorf("hit: %v", log)
					}
				} else if got := toString(log["guardrails"]); got != tt.found || log["success"] != (tt.code == 0) {
					t.Errorf("log = %v", log)
				}
				if log["id"] != r.header.Get("cf-aig-log-id") {
					t.Errorf("headers = %v", r.header)
				}
			}
		})
	}
}

func TestGuardrailsOfStreams(t *testing.T) {
	h := open(t)
	h.put("gw", object{"guardrails": guarded})
	body := func(prompt string) object {
		return object{"model": "openai/m", "stream": true, "messages": []object{{"role": "user", "content": prompt}}}
	}
	// A gateway endpoint holds the stream back and answers as a whole.
	h.chatBody("gw", body("hi")).text(t)
	h.chatBody("gw", body("[[guardrail-response:S10]]")).wantDataError(t, 424, 2017, "Response blocked")
	// The REST API streams whatever was found in the response, and logs it.
	path := "/client/v4/accounts/" + accountID + "/ai/v1/chat/completions"
	w := h.stream(path, toJSON(t, body("[[guardrail-response:S10]]")), "Authorization", "Bearer "+token, "cf-aig-gateway-id", "gw")
	if w.Code != 200 || !strings.HasSuffix(w.Body.String(), "data: [DONE]\n\n") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if log := h.logs()[0]; log["guardrails"] == nil || log["success"] != true {
		t.Errorf("log = %v", log)
	}
	w = h.stream(path, toJSON(t, body("[[guardrail:S1]]")), "Authorization", "Bearer "+token, "cf-aig-gateway-id", "gw")
	if w.Code != 424 {
		t.Errorf("prompts are enforced: %d %s", w.Code, w.Body)
	}
}

func TestGuardrailsOfOtherPaths(t *testing.T) {
	h := open(t)
	h.put("gw", object{"guardrails": guarded})
	gateway := []string{"cf-aig-gateway-id", "gw"}
	h.rest("v1/responses", `{"model":"openai/m","input":"[[guardrail:S1]]"}`, gateway...).
		wantErrors(t, 424, 2016, "Prompt blocked due to security configurations")
	h.rest("run", `{"model":"openai/m","input":{"prompt":"[[guardrail-response:S10]]"}}`, gateway...).
		wantErrors(t, 422, 2017, "Response blocked due to security configurations")
	h.native("POST", "anthropic/v1/messages", `{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"[[guardrail:S1]]"}]}`,
		"x-api-key", "k").wantDataError(t, 424, 2016, "Prompt blocked")
	h.universal([]object{step("[[guardrail:S1]]/x"), step("openai/m")}).wantDataError(t, 400, 2008, "Invalid provider")
	bad := step("openai/m")
	bad["query"].(object)["user"] = "[[guardrail:S1]]"
	h.universal([]object{bad, step("openai/n")}).wantDataError(t, 424, 2016, "Prompt blocked")
	// Embeddings have no response to look at.
	if r := h.native("POST", "openai/embeddings", `{"model":"e","input":"[[guardrail-response:S10]]"}`, "Authorization", "Bearer k"); r.status != 200 {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

func TestDLP(t *testing.T) {
	policy := func(id, action string, check, profiles []string, enabled bool) object {
		return object{"id": id, "action": action, "check": check, "profiles": profiles, "enabled": enabled}
	}
	both, request, response := []string{"REQUEST", "RESPONSE"}, []string{"REQUEST"}, []string{"RESPONSE"}
	policies := object{"enabled": true, "policies": []object{
		policy("blocks", "BLOCK", request, []string{"card"}, true),
		policy("flags", "FLAG", both, []string{"card", "name"}, true),
		policy("answers", "BLOCK", response, []string{"ssn"}, true),
		policy("sleeps", "BLOCK", both, []string{"name"}, false),
	}}
	simple := func(action string, enabled bool) object {
		return object{"enabled": enabled, "action": action, "profiles": []string{"card"}}
	}
	finding := func(profile, check, ids string) string {
		return `{"profile":{"context":{},"entry_ids":[],"profile_id":"` + profile + `"},"policy_ids":[` + ids + `],"check":"` + check + `"}`
	}
	tests := []struct {
		name   string
		dlp    object
		prompt string
		code   int
		header string
	}{
		{"nothing found", policies, "x", 0, ""},
		{"unknown profile", policies, "[[dlp:other]]", 0, ""},
		{"blocked", policies, "[[dlp:card]]", 2029, `{"findings":[` + finding("card", "REQUEST", `"blocks","flags"`) + `],"action":"BLOCK"}`},
		{"flagged", policies, "[[dlp:name]]", 0, `{"findings":[` + finding("name", "REQUEST", `"flags"`) + `],"action":"FLAG"}`},
		{"other side", policies, "[[dlp:ssn]]", 0, ""},
		{"response blocked", policies, "[[dlp-response:ssn]]", 2030, `{"findings":[` + finding("ssn", "RESPONSE", `"answers"`) + `],"action":"BLOCK"}`},
		{"response flagged", policies, "[[dlp-response:card]]", 0, `{"findings":[` + finding("card", "RESPONSE", `"flags"`) + `],"action":"FLAG"}`},
		{"both sides", policies, "[[dlp:name]] [[dlp-response:ssn]]", 2030,
			`{"findings":[` + finding("name", "REQUEST", `"flags"`) + "," + finding("ssn", "RESPONSE", `"answers"`) + `],"action":"BLOCK"}`},
		{"simple, blocked", simple("BLOCK", true), "[[dlp:card]]", 2029, `{"findings":[` + finding("card", "REQUEST", "") + `],"action":"BLOCK"}`},
		{"simple, response", simple("BLOCK", true), "[[dlp-response:card]]", 2030, `{"findings":[` + finding("card", "RESPONSE", "") + `],"action":"BLOCK"}`},
		{"simple, flagged", simple("FLAG", true), "[[dlp:card]]", 0, `{"findings":[` + finding("card", "REQUEST", "") + `],"action":"FLAG"}`},
		{"simple, off", simple("BLOCK", false), "[[dlp:card]]", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			h.put("gw", object{"dlp": tt.dlp})
			r := h.chat("gw", "openai/m", tt.prompt)
			switch tt.code {
			case 0:
				r.text(t)
			case 2029:
				r.wantDataError(t, 400, 2029, "Request content blocked due to DLP policy violations")
			case 2030:
				r.wantDataError(t, 400, 2030, "Response content blocked due to DLP policy violations")
			}
			if got := r.header.Get("cf-aig-dlp"); got != tt.header {
				t.Errorf("cf-aig-dlp = %s\nwant %s", got, tt.header)
			}
			log := h.logs()[0]
			var want struct{ Action any }
			if tt.header != "" {
				if err := json.Unmarshal([]byte(tt.header), &want); err != nil {
					t.Fatal(err)
				}
			}
			if log["dlp_action"] != want.Action || log["success"] != (tt.code == 0) {
				t.Errorf("log = %v", log)
			}
		})
	}
}

// TestGuardrailsBeforeDLP: only the first scanner that blocks is heard.
func TestGuardrailsBeforeDLP(t *testing.T) {
	h := open(t)
	h.put("gw", object{"guardrails": guarded, "dlp": object{"enabled": true, "action": "BLOCK", "profiles": []string{"card"}}})
	r := h.chat("gw", "openai/m", "[[dlp:card]] [[guardrail:S1]]")
	r.wantDataError(t, 424, 2016, "Prompt blocked")
	if r.header.Get("cf-aig-dlp") != "" {
		t.Error("DLP was asked too")
	}
}
