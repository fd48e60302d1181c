package emulator_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A tag that must never become one, and secrets that must never be shown.
const (
	hostile   = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`
	sentToken = "Bearer cf-token-of-nobody"
	theirKey  = "sk-clients-own-key"
)

// theSecrets are all secrets that furnish puts into an emulator or sends to it.
var theSecrets = []string{
	token, "cf-token-of-nobody", theirKey, "sk-stored-default", "sk-stored-team", "otel-secret", "otel-header", "stripe-secret", "custom-secret", "url-password",
	"prompt-text", "metadata-value", "google-key-in-url",
}

// furnish fills an emulator with one of everything, and sends it requests of every outcome.
func furnish(t testing.TB) harness {
	t.Helper()
	h := start(t, emulator.Options{Quirks: []emulator.Quirk{emulator.CreateAcceptsAll}, SecretDelay: -1})
	h.PutGateway(accountID, object{
		"id": "production", "authentication": true, "cache_ttl": 300, "rate_limiting_limit": 40, "rate_limiting_interval": 60, "rate_limiting_technique": "sliding",
		"collect_logs": true, "store_id": h.storeID(), "retry_max_attempts": 3, "retry_delay": 1, "retry_backoff": "exponential",
		"guardrails": object{"prompt": object{"S1": "BLOCK", "P1": "FLAG"}, "response": object{}},
		"spend_limits": object{"enabled": true, "rules": []any{
			object{"id": "r1", "limit": 50, "limitType": "cost", "window": 86400, "technique": "sliding", "enabled": true, "metadata": object{"team": object{"mode": "partition"}}},
		}},
		"otel":   []any{object{"url": "http://u:url-password@127.0.0.1:1/v1/traces?token=otel-secret", "headers": object{"X-Key": "otel-header"}, "authorization": "otel-secret"}},
		"stripe": object{"authorization": "stripe-secret", "usage_events": []any{}},
	})
	h.PutGateway(accountID, object{"id": "open", "authentication": false, "collect_logs": false})
	h.PutGateway(otherID, object{"id": "elsewhere"})
	for alias, key := range map[string]string{"default": "sk-stored-default", "team-red": "sk-stored-team"} {
		h.api("POST", "gateways/production/provider_configs", object{
			"provider_slug": "openai", "alias": alias, "default_config": false, "secret": key, "rate_limit": 100, "rate_limit_period": 60,
		}).result(t)
	}
	h.PutCustomProvider(accountID, object{
		"name": "In-house models", "slug": "in-house", "base_url": "https://user:url-password@models.example.com/v1?key=custom-secret", "enable": true,
		"headers": `{"Authorization":"Bearer custom-secret"}`,
	})
	h.PutCustomDomain(accountID, "production", object{"domain": "ai.example.com", "zone_id": "z"})
	h.PutPolicy(accountID, "production", everyonePolicy(object{"action": limitOf(1000, "monthly")}))
	h.PutPolicy(accountID, "production", object{
		"name": "No interns", "actor": "company:all", "resource": object{"model": "anthropic/claude-opus-*"},
		"condition": `"interns" in cf.user.groups`, "action": object{"type": "block"},
	})
	h.PutRoute(accountID, "production", "support", supportRoute())
	h.PutRoute(accountID, "production", "experiment", []object{
		node("s", "start", nil, "next", "split"),
		node("split", "percentage", nil, "20%", "new", "80%", "old"),
		ask("new", "openai/gpt-5.6-luna", "end", "old"),
		ask("old", "workers-ai/@cf/meta/llama", "end", "end"),
		node("end", "end", nil),
	})

	own := func(name string, more ...string) []string {
		return append([]string{"Authorization", "Bearer " + theirKey, "cf-aig-metadata", `{"team":"metadata-value","plan":"` + name + `"}`}, more...)
	}
	h.api("GET", "gateways?page=1", nil)
	h.chat("production", "openai/gpt-5.6-luna", "prompt-text", "cf-aig-byok-alias", "team-red")
	h.chat("production", "openai/gpt-5.6-luna", "prompt-text", own("free")...)
	h.chat("production", "openai/gpt-5.6-luna", "prompt-text", own("free")...)
	h.chat("production", "dynamic/support", "prompt-text", own("paid")...)
	h.chat("production", "dynamic/support", "prompt-text", "cf-aig-metadata", `{"plan":"free","user":"metadata-value"}`)
	h.chat("production", "dynamic/experiment", "prompt-text")
	h.chat("production", "emulator/flaky-1", "prompt-text")
	h.chat("production", "openai/gpt-5.6-luna", "prompt-text [[guardrail:S1]]")
	h.chat("production", "anthropic/claude-opus-5", "prompt-text", "X-Emulator-Access-Identity", `{"id":"u","groups":["interns"]}`)
	h.send("POST", "/v1/"+accountID+"/production/compat/chat/completions", hi("openai/gpt-5.6-luna"), "cf-aig-authorization", sentToken)
	h.send("POST", "/v1/"+accountID+"/open/google-ai-studio/v1beta/models/gemini-3-pro:generateContent?key=google-key-in-url", `{"contents":[{"parts":[{"text":"prompt-text"}]}]}`)
	return h
}

// supportRoute is a route with every type of element.
func supportRoute() []object {
	return []object{
		node("s", "start", nil, "next", "paying"),
		node("paying", "conditional", object{"conditions": object{"metadata.plan": object{"$eq": "paid"}}}, "true", "strong", "false", "budget"),
		node("budget", "rate", object{"limit": 100, "window": 3600, "limitType": "count", "key": "metadata.user"}, "success", "cheap", "fallback", "small"),
		ask("strong", "emulator/status-503", "end", "cheap"),
		ask("cheap", "openai/gpt-5.6-luna", "end", "small", object{"retries": 2}),
		ask("small", "workers-ai/@cf/meta/llama", "end", "end"),
		node("end", "end", nil),
	}
}

// status returns the status page.
func (h harness) status() string {
	h.t.Helper()
	r := h.send("GET", "/", "", "Authorization", "Bearer "+token)
	if r.status != 200 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		h.t.Fatalf("GET /: %d %s", r.status, r.raw)
	}
	return r.raw
}

// wellFormed checks that every tag of a page is closed, as in XML, and returns its text.
func wellFormed(t testing.TB, page string) string {
	t.Helper()
	_, page, _ = strings.Cut(page, "</style>") // CSS is no XML
	page = regexp.MustCompile(`<(meta|link)[^>]*>`).ReplaceAllString(page, "")
	decoder := xml.NewDecoder(strings.NewReader("<html><head>" + page))
	decoder.Entity = xml.HTMLEntity
	var text strings.Builder
	for {
		item, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return strings.Join(strings.Fields(text.String()), " ")
		}
		if err != nil {
			t.Fatalf("the page is malformed: %v\n%s", err, page)
		}
		switch item := item.(type) {
		case xml.CharData:
			text.Write(item)
			text.WriteByte(' ')
		case xml.StartElement:
			for _, attribute := range item.Attr {
				if name := strings.ToLower(attribute.Name.Local); strings.HasPrefix(name, "on") || name == "src" || name == "style" {
					t.Errorf("an element has the attribute %s", name)
				}
			}
			if item.Name.Local == "script" || item.Name.Local == "img" {
				t.Errorf("the page has the element %s", item.Name.Local)
			}
		}
	}
}

func TestStatusPage(t *testing.T) {
	h := furnish(t)
	page := h.status()
	text := wellFormed(t, page)
	for _, want := range []string{
		"Account " + accountID, "Account " + otherID, "Gateway production", "Gateway open", "Gateway elsewhere",
		"Authentication required", "Authentication off: anybody may send requests", "Cache 5 minutes", "Cache off",
		"Rate limit 40 requests in 1 minute, sliding window", "Spend limits 50 USD in 1 day, sliding, for each metadata.team",
		"Guardrails prompt: P1 flag, S1 block", "Retries 3 attempts, 1 ms apart, exponential", "Secrets Store default_secrets_store",
		"OpenTelemetry http://127.0.0.1:1/v1/traces", "Stripe stored, has no effect here",
		"openai team-red", "100 requests in 1 minute", "In-house models custom-in-house https://models.example.com/v1 set, not shown yes",
		"ai.example.com pending_dcv", "No interns company:all", "limit 1000 USD monthly",
		`paying conditional metadata.plan = "paid" true → strong, false → budget`,
		"budget rate 100 requests in 1 hour, for each metadata.user success → cheap, fallback → small",
		"cheap model openai/gpt-5.6-luna, timeout 60000 ms, 2 retries success → end, fallback → small",
		"split percentage a random number per request 80% → old, 20% → new",
		"GET /client/v4/accounts/01234567…/ai-gateway/gateways?page=1 200", "create-accepts-all",
	} {
		expect(t, strings.Contains(text, want), "the page lacks %q", want)
	}
	for _, secret := range theSecrets {
		expect(t, !strings.Contains(page, secret), "the page shows the secret %q", secret)
	}
	if t.Failed() {
		t.Log(text)
	}
}

// row returns the text of the nth request to a model on the page, from the newest.
func row(t testing.TB, page string, n int) string {
	t.Helper()
	_, table, _ := strings.Cut(page, `<h2 id="data">`)
	_, table, _ = strings.Cut(table, "<tbody>")
	table, _, _ = strings.Cut(table, "</tbody>")
	rows := strings.Split(table, "<tr>")[1:]
	if n >= len(rows) {
		t.Fatalf("the page has %d requests, want number %d:\n%s", len(rows), n, table)
	}
	return wellFormed(t, "</style></head><body><table><tr>"+rows[n]+"</table></body></html>")
}

// TestStatusOfRequests shows which step decided, for every step that can.
func TestStatusOfRequests(t *testing.T) {
	h := keyed(t, object{"cache_ttl": 60, "rate_limiting_limit": 1, "rate_limiting_interval": 60, "retry_max_attempts": 2, "retry_delay": 0})
	h.EditGateway(accountID, "gw", func(g map[string]any) {
		g["guardrails"] = object{"prompt": object{"S1": "BLOCK", "S2": "FLAG"}, "response": object{"S10": "BLOCK"}}
		g["dlp"] = object{"enabled": true, "action": "BLOCK", "profiles": []any{"cards"}}
	})
	h.config("openai", "team", "sk-team").result(t)
	free := func() {
		h.EditGateway(accountID, "gw", func(g map[string]any) { g["rate_limiting_limit"] = nil })
	}
	team := []string{"cf-aig-byok-alias", "team"}
	for _, tt := range []struct {
		name string
		do   func()
		want []string
	}{
		{"a model", func() { h.chat("gw", "openai/x", "hi", team...) }, []string{
			"POST /v1/01234567…/gw/compat/chat/completions", " 200 gw openai/x " + "openai/x MISS provider ",
			`key – stored key "team"`, "cache – miss", "rate limits and spend limits – not reached", "provider: answered – openai/x: HTTP 200",
		}},
		{"the cache", func() { h.chat("gw", "openai/x", "hi", team...) }, []string{" 200 gw openai/x " + "openai/x HIT cache ", "cache: answered – hit"}},
		{"the rate limit", func() { h.chat("gw", "openai/x", "ho", team...) }, []string{" 429 gw openai/x – MISS rate limit ", "Rate limited (HTTP 429, code 2003)"}},
		{"an alias", func() { free(); h.chat("gw", "openai/x", "h1") }, []string{" 400 gw openai/x – MISS key ", "code 2040"}},
		{"a retry", func() { h.chat("gw", "emulator/flaky-1", "h2") }, []string{
			" 200 gw emulator/flaky-1 " + "emulator/flaky-1 MISS provider ", "retry: failed – attempt 1 of 2 of emulator/flaky-1: HTTP 500",
		}},
		{"an error of the provider", func() { h.chat("gw", "emulator/status-400", "h3") }, []string{
			" 400 gw emulator/status-400 – MISS provider ", "provider: refused – emulator/status-400: HTTP 400",
		}},
		{"guardrails", func() { h.chat("gw", "emulator/echo", "[[guardrail:S1]]") }, []string{" 424 gw emulator/echo – MISS scan of the prompt "}},
		{"a flag", func() { h.chat("gw", "emulator/echo", "[[guardrail:S2]]") }, []string{"scan of the prompt – guardrails flag S2"}},
		{"guardrails of responses", func() { h.chat("gw", "emulator/echo", "[[guardrail-response:S10]]") }, []string{" 424 gw emulator/echo – MISS scan of the response "}},
		{"DLP", func() { h.chat("gw", "emulator/echo", "[[dlp:cards]]") }, []string{" 400 gw emulator/echo – MISS scan of the prompt ", "code 2029"}},
		{"a missing route", func() { h.chat("gw", "dynamic/none", "hi") }, []string{" 400 gw dynamic/none – – dynamic route "}},
		{"a missing gateway", func() { h.chat("none", "openai/x", "hi") }, []string{" 400 none – – – gateway ", "code 2001"}},
		{"no token", func() { h.send("POST", "/v1/"+accountID+"/gw/compat/chat/completions", hi("openai/x")) }, []string{" 401 gw – – – gateway ", "code 2009"}},
		{"a bad body", func() { h.chatBody("gw", "{") }, []string{" 400 gw – – – request format ", "code 2019"}},
		{"the auto router", func() { h.chat("gw", "cloudflare/auto", "hi") }, []string{"auto router – chose ", " gw cloudflare/auto "}},
		{"a universal request", func() {
			h.universal([]any{step("emulator/status-500"), step("emulator/echo")}, "cf-aig-authorization", "Bearer "+token)
		}, []string{"universal request – step 0: compat", "universal request – step 1: compat"}},
		{"the REST API", func() { h.rest("v1/chat/completions", hi("openai/x"), "cf-aig-gateway-id", "gw") }, []string{
			"POST /client/v4/accounts/01234567…/ai/v1/chat/completions 200 gw openai/x " + "openai/x MISS provider ",
		}},
		{"Workers AI without a gateway", func() { h.rest("v1/chat/completions", hi("@cf/meta/llama")) }, []string{" 200 none workers-ai/@cf/meta/llama " + "workers-ai/@cf/meta/llama ", "provider: answered"}},
		{"a spend limit", func() {
			h.EditGateway(accountID, "gw", func(g map[string]any) {
				g["spend_limits"] = object{"enabled": true, "rules": []any{object{"id": "r1", "limit": 0, "window": 60, "technique": "fixed"}}}
			})
			h.chat("gw", "emulator/echo", "h5")
		}, []string{" 429 gw emulator/echo – MISS spend limit ", "rule &#39;r1&#39;"}},
		{"policies", func() {
			h.EditGateway(accountID, "gw", func(g map[string]any) { g["spend_limits"] = nil })
			h.PutPolicy(accountID, "gw", everyonePolicy(object{"action": object{"type": "block"}}))
			h.chat("gw", "emulator/echo", "h6")
		}, []string{" 403 gw emulator/echo – MISS policies "}},
	} {
		tt.do()
		got := row(t, h.status(), 0)
		for _, want := range tt.want {
			want = strings.ReplaceAll(want, "&#39;", "'")
			expect(t, strings.Contains(got, want), "%s: %s\nlacks %q", tt.name, got, want)
		}
	}
}

// TestStatusOfRoutes shows the way of a request through a route.
func TestStatusOfRoutes(t *testing.T) {
	h := open(t)
	h.PutRoute(accountID, "gw", "support", supportRoute())
	h.chat("gw", "dynamic/support", "hi", "cf-aig-metadata", `{"plan":"paid"}`)
	inOrder(t, row(t, h.status(), 0), " 200 gw dynamic/support openai/gpt-5.6-luna MISS model \"cheap\" ",
		`conditional "paying" → true`, `model "strong": failed – emulator/status-503: HTTP 503 → fallback`,
		`model "cheap": answered – openai/gpt-5.6-luna: HTTP 200, no key: Unified Billing → success`, `end "end"`)

	h.route(node("p", "percentage", nil, "100%", "r"), node("r", "rate", object{"limit": 1, "window": 60, "key": "metadata.user"}, "success", "end", "fallback", "m"),
		ask("m", "foo/bar", "end", "p"))
	h.ask()
	inOrder(t, row(t, h.status(), 0), " 400 gw dynamic/r – MISS dynamic route ", `percentage "p" – drew `, " of 100 → 100%",
		`rate "r" – within the limit → success`, "dynamic route: refused – no model of the route 'r' responded")
	h.ask()
	inOrder(t, row(t, h.status(), 0), `rate "r": failed – the limit is reached → fallback`, `model "m": failed – foo/bar: Invalid provider`,
		"more", // the route is a loop, of which only the beginning is kept
	)
	inOrder(t, row(t, h.status(), 0), " dynamic route ")
}

// TestStatusEscapes shows that nothing that others have written becomes part of the page.
func TestStatusEscapes(t *testing.T) {
	h := start(t, emulator.Options{})
	h.PutGateway(accountID, object{"id": hostile, "store_id": hostile, "rate_limiting_limit": 1, "rate_limiting_interval": 1, "rate_limiting_technique": hostile})
	h.PutGateway(accountID, object{"id": "gw", "otel": []any{object{"url": "https://" + hostile}}, "guardrails": object{"prompt": object{hostile: hostile}}})
	h.PutRoute(accountID, "gw", hostile, []object{
		node("s", "start", nil, hostile, hostile), node(hostile, hostile, object{"x": hostile}, hostile, "s"),
		node("c", "conditional", object{"conditions": object{hostile: object{"$eq": hostile}}}), ask("m", hostile+"/"+hostile, hostile, hostile),
	})
	h.PutPolicy(accountID, "gw", object{"name": hostile, "actor": hostile, "resource": object{"model": hostile}, "condition": hostile, "action": object{"type": hostile}})
	h.PutCustomProvider(accountID, object{"name": hostile, "slug": hostile, "base_url": "javascript:" + hostile, "enable": true})
	h.PutCustomDomain(accountID, "gw", object{"domain": hostile})
	h.PutProviderConfig(accountID, "gw", object{"provider_slug": hostile, "alias": hostile, "secret": "x"})
	h.chatBody("gw", object{"model": "openai/" + hostile, "messages": []object{{"role": "user", "content": "hi"}}}, "cf-aig-byok-alias", hostile)
	h.chat("gw", "dynamic/"+hostile, "hi")
	h.send("GET", "/client/v4/%3Cscript%3E?"+"<script>alert(1)</script>", "")
	h.send("GET", "/v1/"+accountID+"/%3Cscript%3Ealert(1)%3C%2Fscript%3E/openai", "")
	page := h.status()
	text := wellFormed(t, page)
	expect(t, strings.Contains(text, "alert(1)"), "the test shows nothing: %s", text)
	for _, tag := range []string{"<script", "<img", "onerror=alert(2)>"} {
		expect(t, !strings.Contains(page, tag), "the page contains %s", tag)
	}
	expect(t, !strings.Contains(page, `href="javascript`), "the page links to a script")
}

// TestStatusOfAnyGraph shows that graphs of any shape are shown.
func TestStatusOfAnyGraph(t *testing.T) {
	h := open(t)
	large := []object{node("s", "start", nil, "next", "e0")}
	for range 1000 {
		large = append(large, node("e", "model", nil, "success", "e"))
	}
	for name, elements := range map[string][]object{
		"empty": {}, "loop": {node("a", "start", nil, "next", "a")}, "large": large, "odd": {{}, {"id": 5, "type": nil, "outputs": []any{1}}, {"id": "x", "outputs": object{"a": "b"}}},
	} {
		h.PutRoute(accountID, "gw", name, elements)
	}
	text := wellFormed(t, h.status())
	for _, want := range []string{"This graph is too large for a drawing", "and 501 more", "no type"} {
		expect(t, strings.Contains(text, want), "the page lacks %q", want)
	}
}

// TestStatusIsBounded shows that requests are forgotten, each plane for itself.
func TestStatusIsBounded(t *testing.T) {
	h := open(t)
	h.chat("gw", "emulator/echo", "first")
	for range 200 {
		h.get("gw")
	}
	page := h.status()
	equal(t, "requests", 51, strings.Count(page, "<time "))
	inOrder(t, row(t, page, 0), "emulator/echo")
	for range 80 {
		h.chat("gw", "emulator/echo", strings.Repeat("x", 10_000))
	}
	page = h.status()
	equal(t, "requests", 100, strings.Count(page, "<time "))
	expect(t, len(page) < 300_000, "the page has %d bytes", len(page))
}

// TestForgetRequests shows that the status page has the last requests of a server that
// keeps none for tests.
func TestForgetRequests(t *testing.T) {
	h := start(t, emulator.Options{ForgetRequests: true})
	h.create("gw")
	equal(t, "requests", 0, len(h.Requests()))
	expect(t, strings.Contains(h.status(), "POST /client/v4/accounts/01234567…/ai-gateway/gateways"), "the page lacks the request")
}

// TestStatusChangesNothing shows that looking at the page does not count as a request, and
// does not count for lists that lag, secrets that are pending, and faults.
func TestStatusChangesNothing(t *testing.T) {
	h := start(t, emulator.Options{Quirks: []emulator.Quirk{emulator.RouteListLags, emulator.ProviderConfigListLags}})
	h.PutGateway(accountID, object{"id": "gw", "authentication": true, "store_id": h.storeID()})
	h.PutRoute(accountID, "gw", "r", supportRoute())
	h.PutProviderConfig(accountID, "gw", object{"provider_slug": "openai", "secret": "x"})
	h.ResetRequests()
	h.Inject(emulator.Fault{Status: 500, Times: -1})
	for range 5 {
		h.status()
	}
	h.ClearFaults()
	equal(t, "requests", 0, len(h.Requests()))
	same(t, "the first list of routes", []any{}, at(h.api("GET", "gateways/gw/routes", nil).body, "data.routes"))
	equal(t, "keys of the first list", 0, len(h.api("GET", "gateways/gw/provider_configs", nil).items(t)))
}

// TestStatusNeedsTheToken shows who may see the page, and that other requests to its path
// are as before.
func TestStatusNeedsTheToken(t *testing.T) {
	basic := func(password string) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte("me:"+password))
	}
	h := start(t, emulator.Options{})
	for _, tt := range []struct {
		authorization string
		want          int
	}{
		{"", 401}, {"Bearer " + token, 200}, {"Bearer x", 401}, {basic(token), 200}, {basic("x"), 401}, {basic(""), 401},
	} {
		r := h.sendTo("127.0.0.1:8787", "GET", "/", "", "Authorization", tt.authorization)
		equal(t, "status for "+tt.authorization, tt.want, r.status)
		if tt.want == 401 {
			expect(t, strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Basic "), "no challenge")
			expect(t, !strings.Contains(r.raw, "<html"), "the page is shown: %s", r.raw)
		}
	}
	equal(t, "status with the token in the query", 401, h.send("GET", "/?token="+token, "").status)

	running := listen(t, emulator.Options{})
	local := harness{t, running.Server}
	for host, want := range map[string]int{
		"127.0.0.1:8787": 200, "localhost:8787": 200, "LOCALHOST": 200, "[::1]:8787": 200, "127.0.0.2": 200,
		"evil.example:8787": 401, "127.0.0.1.evil.example": 401, "10.0.0.1": 401, "localhost.evil.example": 401,
	} {
		equal(t, "status for the host "+host, want, local.sendTo(host, "GET", "/", "").status)
	}

	head := h.send("HEAD", "/", "", "Authorization", "Bearer "+token)
	equal(t, "HEAD", 200, head.status)
	equal(t, "body of HEAD", "", head.raw)
	for _, request := range []string{"POST /", "PUT /", "DELETE /", "OPTIONS /", "GET //", "GET /index.html", "GET /v1", "GET /client/v4"} {
		method, path, _ := strings.Cut(request, " ")
		r := h.send(method, path, "", "Authorization", "Bearer "+token)
		expect(t, r.status == 404 && r.body["errors"] != nil, "%s: %d %s", request, r.status, r.raw)
	}

	h.PutGateway(accountID, object{"id": "gw"})
	h.PutCustomDomain(accountID, "gw", object{"domain": "ai.example.com"})
	h.ActivateCustomDomain("ai.example.com")
	r := h.sendTo("ai.example.com", "GET", "/", "", "Authorization", "Bearer "+token)
	expect(t, !strings.Contains(r.raw, "<html"), "a custom domain shows the page: %s", r.raw)
}

// TestStatusForBrowsers shows what the response tells browsers.
func TestStatusForBrowsers(t *testing.T) {
	h := start(t, emulator.Options{})
	r := h.send("GET", "/", "", "Authorization", "Bearer "+token)
	_, style, _ := strings.Cut(r.raw, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	sum := sha256.Sum256([]byte(style))
	policy := r.header.Get("Content-Security-Policy")
	expect(t, strings.Contains(policy, "default-src 'none'") && strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'"),
		"the policy does not allow the style of the page: %s", policy)
	for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
		equal(t, name, want, r.header.Get(name))
	}
	expect(t, r.header.Get("Access-Control-Allow-Origin") == "", "other pages may read this one")
}
