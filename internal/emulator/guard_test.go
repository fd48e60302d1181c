package emulator_test

import (
	"fmt"
	"strings"
	"testing"
)

var guarded = object{
	"prompt":   object{"S1": "BLOCK", "S2": "FLAG", "P1": "BLOCK"},
	"response": object{"S10": "BLOCK", "S11": "FLAG"},
}

func TestGuardrails(t *testing.T) {
	const blocksPrompt, blocksResponse = 2016, 2017
	for _, tt := range []struct {
		prompt string
		code   int // 0: passes
		found  string
	}{
		{"harmless", 0, "null"},
		{"[[guardrail:S1]]", blocksPrompt, `[{"action":"BLOCK","category":"S1","check":"REQUEST"}]`},
		{"x [[guardrail:P1]] y", blocksPrompt, `[{"action":"BLOCK","category":"P1","check":"REQUEST"}]`},
		{"[[guardrail:S2]]", 0, `[{"action":"FLAG","category":"S2","check":"REQUEST"}]`},
		{"[[guardrail:S3]]", 0, "null"},  // ignored
		{"[[guardrail:S10]]", 0, "null"}, // looked for in responses only
		{"[[guardrail-response:S1]]", 0, "null"},
		{"[[guardrail-response:S10]]", blocksResponse, `[{"action":"BLOCK","category":"S10","check":"RESPONSE"}]`},
		{"[[guardrail-response:S11]]", 0, `[{"action":"FLAG","category":"S11","check":"RESPONSE"}]`},
		{"[[guardrail:S2]] [[guardrail-response:S10]]", blocksResponse,
			`[{"action":"FLAG","category":"S2","check":"REQUEST"},{"action":"BLOCK","category":"S10","check":"RESPONSE"}]`},
	} {
		t.Run(tt.prompt, func(t *testing.T) {
			h := open(t)
			h.put("gw", object{"guardrails": guarded, "cache_ttl": 60})
			for range 2 {
				r := h.chat("gw", "openai/m", tt.prompt)
				log := h.logs()[0]
				r.wantBlocked(t, 424, tt.code, map[int]string{
					blocksPrompt:   "Prompt blocked due to security configurations",
					blocksResponse: "Response blocked due to security configurations",
				}[tt.code])
				// Blocked responses are not cached, flagged ones are. A hit is not scanned.
				if hit := r.header.Get("cf-aig-cache-status") == "HIT"; hit {
					expect(t, tt.code == 0 && log["guardrails"] == nil, "hit: %v", log)
				} else {
					equal(t, "guardrails of the log", tt.found, toString(log["guardrails"]))
					has(t, "log", log, "success", tt.code == 0)
				}
				has(t, "log", log, "id", r.header.Get("cf-aig-log-id"))
			}
		})
	}
}

// wantBlocked checks a data plane error, or, for code 0, a completion.
func (r reply) wantBlocked(t testing.TB, status, code int, message string) {
	t.Helper()
	if code == 0 {
		r.text(t)
	} else {
		r.wantDataError(t, status, code, message)
	}
}

func TestGuardrailsOfStreams(t *testing.T) {
	h := open(t)
	h.put("gw", object{"guardrails": guarded})
	body := func(prompt string) object {
		return object{"model": "openai/m", "stream": true, "messages": []object{{"role": "user", "content": prompt}}}
	}
	// A gateway endpoint holds the stream back and responds as a whole.
	h.chatBody("gw", body("hi")).text(t)
	h.chatBody("gw", body("[[guardrail-response:S10]]")).wantDataError(t, 424, 2017, "Response blocked")
	// The REST API streams whatever was found in the response, and logs it.
	path := "/client/v4/accounts/" + accountID + "/ai/v1/chat/completions"
	w := h.stream(path, toJSON(t, body("[[guardrail-response:S10]]")), "Authorization", "Bearer "+token, "cf-aig-gateway-id", "gw")
	expect(t, w.Code == 200 && strings.HasSuffix(w.Body.String(), "data: [DONE]\n\n"), "%d %s", w.Code, w.Body)
	if log := h.logs()[0]; log["guardrails"] == nil || log["success"] != true {
		t.Errorf("log = %v", log)
	}
	w = h.stream(path, toJSON(t, body("[[guardrail:S1]]")), "Authorization", "Bearer "+token, "cf-aig-gateway-id", "gw")
	equal(t, fmt.Sprintf("prompts are enforced: %v", w.Body), 424, w.Code)
}

func TestGuardrailsOfOtherPaths(t *testing.T) {
	h := open(t)
	h.put("gw", object{"guardrails": guarded})
	gateway := []string{"cf-aig-gateway-id", "gw"}
	h.rest("v1/responses", `{"model":"openai/m","input":"[[guardrail:S1]]"}`, gateway...).
		wantErrors(t, 424, 2016, "Prompt blocked due to security configurations")
	h.rest("run", `{"model":"openai/m","input":{"prompt":"[[guardrail-response:S10]]"}}`, gateway...).
		wantErrors(t, 422, 2017, "Response blocked due to security configurations")
	// The run API has one code and status for both sides.
	h.rest("run", `{"model":"openai/m","input":{"prompt":"[[guardrail:S1]]"}}`, gateway...).
		wantErrors(t, 422, 2017, "Prompt blocked due to security configurations")
	h.rest("run/@cf/meta/m", `{"prompt":"[[guardrail:S1]]"}`, gateway...).
		wantErrors(t, 422, 2017, "Prompt blocked due to security configurations")
	h.native("POST", "anthropic/v1/messages", `{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"[[guardrail:S1]]"}]}`,
		"x-api-key", "k").wantDataError(t, 424, 2016, "Prompt blocked")
	h.universal([]object{step("[[guardrail:S1]]/x"), step("openai/m")}).wantDataError(t, 400, 2008, "Invalid provider")
	bad := step("openai/m")
	bad["query"].(object)["user"] = "[[guardrail:S1]]"
	h.universal([]object{bad, step("openai/n")}).wantDataError(t, 424, 2016, "Prompt blocked")
	// Embeddings have no response to look at.
	h.native("POST", "openai/embeddings", `{"model":"e","input":"[[guardrail-response:S10]]"}`, "Authorization", "Bearer k").want(t, 200)
}

func TestDLP(t *testing.T) {
	policy := func(id, action string, check, profiles []string, enabled bool) object {
		return object{"id": id, "action": action, "check": check, "profiles": profiles, "enabled": enabled}
	}
	both, request, response := []string{"REQUEST", "RESPONSE"}, []string{"REQUEST"}, []string{"RESPONSE"}
	policies := object{"enabled": true, "policies": []object{
		policy("blocks", "BLOCK", request, []string{"card"}, true),
		policy("flags", "FLAG", both, []string{"card", "name"}, true),
		policy("responses", "BLOCK", response, []string{"ssn"}, true),
		policy("disabled", "BLOCK", both, []string{"name"}, false),
	}}
	simple := func(action string, enabled bool) object {
		return object{"enabled": enabled, "action": action, "profiles": []string{"card"}}
	}
	finding := func(profile, check, ids string) string {
		return `{"profile":{"context":{},"entry_ids":[],"profile_id":"` + profile + `"},"policy_ids":[` + ids + `],"check":"` + check + `"}`
	}
	for _, tt := range []struct {
		name             string
		dlp              object
		prompt           string
		code             int
		findings, action string
	}{
		{"nothing found", policies, "x", 0, "", ""},
		{"unknown profile", policies, "[[dlp:other]]", 0, "", ""},
		{"blocked", policies, "[[dlp:card]]", 2029, finding("card", "REQUEST", `"blocks","flags"`), "BLOCK"},
		{"flagged", policies, "[[dlp:name]]", 0, finding("name", "REQUEST", `"flags"`), "FLAG"},
		{"other side", policies, "[[dlp:ssn]]", 0, "", ""},
		{"response blocked", policies, "[[dlp-response:ssn]]", 2030, finding("ssn", "RESPONSE", `"responses"`), "BLOCK"},
		{"response flagged", policies, "[[dlp-response:card]]", 0, finding("card", "RESPONSE", `"flags"`), "FLAG"},
		{"both sides", policies, "[[dlp:name]] [[dlp-response:ssn]]", 2030,
			finding("name", "REQUEST", `"flags"`) + "," + finding("ssn", "RESPONSE", `"responses"`), "BLOCK"},
		{"simple, blocked", simple("BLOCK", true), "[[dlp:card]]", 2029, finding("card", "REQUEST", ""), "BLOCK"},
		{"simple, response", simple("BLOCK", true), "[[dlp-response:card]]", 2030, finding("card", "RESPONSE", ""), "BLOCK"},
		{"simple, flagged", simple("FLAG", true), "[[dlp:card]]", 0, finding("card", "REQUEST", ""), "FLAG"},
		{"simple, off", simple("BLOCK", false), "[[dlp:card]]", 0, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			h.put("gw", object{"dlp": tt.dlp})
			r := h.chat("gw", "openai/m", tt.prompt)
			r.wantBlocked(t, 400, tt.code, map[int]string{
				2029: "Request content blocked due to DLP policy violations",
				2030: "Response content blocked due to DLP policy violations",
			}[tt.code])
			var action any
			header := ""
			if tt.findings != "" {
				action, header = tt.action, `{"findings":[`+tt.findings+`],"action":"`+tt.action+`"}`
			}
			r.wantHeaders(t, "cf-aig-dlp", header)
			has(t, "log", h.logs()[0], "dlp_action", action, "success", tt.code == 0)
		})
	}
}

// TestGuardrailsBeforeDLP shows that the first scanner that blocks ends the scan.
func TestGuardrailsBeforeDLP(t *testing.T) {
	h := open(t)
	h.put("gw", object{"guardrails": guarded, "dlp": object{"enabled": true, "action": "BLOCK", "profiles": []string{"card"}}})
	h.chat("gw", "openai/m", "[[dlp:card]] [[guardrail:S1]]").wantDataError(t, 424, 2016, "Prompt blocked").wantHeaders(t, "cf-aig-dlp", "")
}
