package emulator_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// An upstream is a custom provider on this machine, over TLS, that records its requests.
type upstream struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string
	last http.Header
}

func newUpstream(t testing.TB, respond http.HandlerFunc) *upstream {
	t.Helper()
	u := &upstream{}
	u.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		u.mu.Lock()
		u.seen = append(u.seen, fmt.Sprintf("%s %s %s", r.Method, r.URL.RequestURI(), body))
		u.last = r.Header.Clone()
		u.mu.Unlock()
		respond(w, r)
	}))
	t.Cleanup(u.Close)
	return u
}

func (u *upstream) requests() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	out := u.seen
	u.seen = nil
	return out
}

// wantRequest checks that the upstream has received this request only, and its headers.
func (u *upstream) wantRequest(t testing.TB, request string, headers ...string) {
	t.Helper()
	sameList(t, "requests", []string{request}, u.requests())
	u.mu.Lock()
	defer u.mu.Unlock()
	for i := 0; i < len(headers); i += 2 {
		equal(t, headers[i], headers[i+1], strings.Join(u.last.Values(headers[i]), ","))
	}
}

// completionOf responds with a chat completion.
func completionOf(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"choices":[{"message":{"role":"assistant","content":"`+text+`"}}],"usage":{"prompt_tokens":3,"completion_tokens":4}}`)
	}
}

// TestCustomProviderElsewhere shows that the built-in model plays a provider on another
// machine.
func TestCustomProviderElsewhere(t *testing.T) {
	h := keyed(t)
	h.custom(nil).result(t)
	h.custom(object{"slug": "off", "enable": false}).result(t)
	r := h.chat("gw", "custom-mine/some/model", "hi")
	equal(t, "text", `The emulator answers for provider "custom-mine" and model "some/model". The prompt was: hi`, r.text(t))
	r.wantHeaders(t, "cf-aig-provider", "custom-mine", "cf-aig-model", "some/model")
	has(t, "log", h.logDetail(t, 0), "provider", "custom-mine")
	equal(t, "Unified Billing paid for", 0, len(h.wholesale(t)))
	h.native("POST", "custom-mine/v9/chat/completions", chatBody, "cf-aig-authorization", "Bearer "+token).saw(t, "")
	h.config("custom-mine", "default", "sk-mine").result(t)
	h.chat("gw", "custom-mine/m", "hi").saw(t, "sk-mine")
	h.chat("gw", "custom-mine/m", "hi", "Authorization", "Bearer own").saw(t, "own")
	for _, prefix := range []string{"custom-off", "custom-none", "custom-"} {
		h.chat("gw", prefix+"/m", "hi").wantDataError(t, 400, 2008, "Invalid provider")
		h.native("GET", prefix+"/x", "", "cf-aig-authorization", "Bearer "+token).wantDataError(t, 400, 2008, "Invalid provider")
	}
}

func TestCustomProviderCredentials(t *testing.T) {
	h := keyed(t, object{"byok_only": true})
	id, _ := h.custom(nil).result(t)["id"].(string)
	h.SetCreditBalance(accountID, 0)
	h.chat("gw", "custom-mine/m", "hi").wantDataErrorText(t, 400, "No provider credentials")
	h.chat("gw", "custom-mine/m", "hi", "Authorization", "Bearer own").saw(t, "own")
	h.EditCustomProvider(accountID, id, func(v map[string]any) { v["headers"] = `{"X-Api-Key":"sk-header"}` })
	h.chat("gw", "custom-mine/m", "hi").saw(t, "sk-header")
	h.put("gw", object{"byok_only": false})
	h.EditCustomProvider(accountID, id, func(v map[string]any) { v["headers"] = "no JSON" })
	h.chat("gw", "custom-mine/m", "hi").saw(t, "") // no credit is needed
}

// TestCustomProviderHere shows what a provider on this machine receives, and that its
// responses are passed on.
func TestCustomProviderHere(t *testing.T) {
	u := newUpstream(t, completionOf("hello"))
	h := keyed(t)
	h.custom(object{"base_url": u.URL + "/base/", "headers": `{"X-Tenant":"blue"}`}).result(t)
	h.config("custom-mine", "default", "sk-mine").result(t)

	equal(t, "text", "hello", h.chat("gw", "custom-mine/a/b", "hi", "X-Own", "1").text(t))
	u.wantRequest(t, `POST /base/chat/completions {"messages":[{"content":"hi","role":"user"}],"model":"a/b"}`,
		"Authorization", "Bearer sk-mine", "X-Tenant", "blue", "X-Own", "1", "cf-aig-authorization", "")
	has(t, "log", h.logs()[0], "tokens_in", 3.0, "tokens_out", 4.0, "provider", "custom-mine")

	h.native("PUT", "custom-mine/x/y?z=1", "any body", "Authorization", "Bearer own", "cf-aig-authorization", "Bearer "+token)
	u.wantRequest(t, "PUT /base/x/y?z=1 any body", "Authorization", "Bearer own")

	// The provider does not receive the gateway's token.
	h.put("gw", object{"store_id": ""})
	h.native("GET", "custom-mine/x", "", "Authorization", "Bearer "+token)
	u.wantRequest(t, "GET /base/x ", "Authorization", "")
}

func TestCustomProviderResponses(t *testing.T) {
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		if strings.HasSuffix(r.URL.Path, "/teapot") {
			w.Header().Set("Content-Type", "text/plain")
			w.Header().Set("Location", "https://192.0.2.1/")
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = io.WriteString(w, "data: as it is\n\n")
	})
	h := open(t)
	h.custom(object{"base_url": u.URL}).result(t)
	r := h.native("GET", "custom-mine/teapot", "")
	r.want(t, 418).wantHeaders(t, "Content-Type", "text/plain").wantRaw(t, "data: as it is\n\n")
	has(t, "log", h.logs()[0], "success", false, "status_code", 418.0)
	r = h.native("POST", "custom-mine/chat/completions", strings.Replace(chatBody, "{", `{"stream":true,`, 1))
	r.want(t, 200).wantHeaders(t, "Content-Type", "text/event-stream").wantRaw(t, "data: as it is\n\n")
}

func TestCustomProviderOutOfReach(t *testing.T) {
	u := newUpstream(t, completionOf("x"))
	h := open(t)
	h.custom(object{"base_url": u.URL}).result(t)
	u.Close()
	h.chat("gw", "custom-mine/m", "hi").wantDataError(t, 400, 2005, "Failed to get response from provider: custom-mine cannot be reached")
	has(t, "log", h.logs()[0], "success", false, "status_code", 400.0)

	release := make(chan struct{})
	slow := newUpstream(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(release) }) // before the server is closed
	h.custom(object{"slug": "slow", "base_url": slow.URL}).result(t)
	h.chat("gw", "custom-slow/m", "hi", "cf-aig-request-timeout", "20").wantDataError(t, 400, 2005, "the request timed out")
}

// TestCustomProviderOverHTTP: only PutCustomProvider can create a provider that is called
// without TLS.
func TestCustomProviderOverHTTP(t *testing.T) {
	plain := httptest.NewServer(completionOf("plain"))
	t.Cleanup(plain.Close)
	h := open(t)
	h.PutCustomProvider(accountID, object{"name": "Plain", "slug": "plain", "base_url": plain.URL, "enable": true})
	equal(t, "text", "plain", h.chat("gw", "custom-plain/m", "hi").text(t))
}

// TestCustomProviderCache shows that a change or deletion of a provider removes its cached
// responses, and no others.
func TestCustomProviderCache(t *testing.T) {
	u := newUpstream(t, completionOf("x"))
	h := open(t, object{"cache_ttl": 600})
	id, _ := h.custom(object{"base_url": u.URL}).result(t)["id"].(string)
	ask := func(model, want string) {
		t.Helper()
		h.chat("gw", model, "hi").wantCache(t, model, want)
	}
	ask("openai/x", "MISS")
	ask("custom-mine/x", "MISS")
	ask("custom-mine/x", "HIT")
	h.api("PATCH", "custom-providers/"+id, object{"name": "New"}).result(t)
	ask("custom-mine/x", "MISS")
	ask("openai/x", "HIT")
	h.api("DELETE", "custom-providers/"+id, nil).result(t)
	h.custom(object{"base_url": u.URL}).result(t)
	ask("custom-mine/x", "MISS")
	equal(t, "requests", 3, len(u.requests()))
}

// TestCustomProviderLeavesWithItsClient: a client that leaves ends the request to the
// provider.
func TestCustomProviderLeavesWithItsClient(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	left := make(chan struct{})
	u := newUpstream(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel() // the client leaves once its request has arrived here
		<-r.Context().Done()
		close(left)
	})
	h := open(t)
	h.custom(object{"base_url": u.URL}).result(t)
	front := httptest.NewServer(h.Server)
	t.Cleanup(front.Close)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, front.URL+"/v1/"+accountID+"/gw/custom-mine/x", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := front.Client().Do(r); err == nil {
		_ = response.Body.Close()
		t.Errorf("status = %d, want no response", response.StatusCode)
	}
	select {
	case <-left:
	case <-time.After(time.Minute):
		t.Error("the request to the provider did not end")
	}
}

// TestCustomUpstreamsStayHere shows that no request leaves this machine, whatever the
// base URL.
func TestCustomUpstreamsStayHere(t *testing.T) {
	h := open(t)
	for slug, base := range map[string]string{
		"public": "https://192.0.2.1", "local-name": "https://localhost.example.com", "other-scheme": "ftp://127.0.0.1",
	} {
		h.PutCustomProvider(accountID, object{"name": slug, "slug": slug, "base_url": base, "enable": true})
		text := h.chat("gw", "custom-"+slug+"/m", "hi").text(t)
		expect(t, strings.HasPrefix(text, "The emulator answers"), "%s: %s", slug, text)
	}
}

// TestCustomUpstreamIdentity shows that the header that plays Cloudflare Access stays in
// the emulator.
func TestCustomUpstreamIdentity(t *testing.T) {
	u := newUpstream(t, completionOf("yes"))
	h := keyed(t)
	h.custom(object{"base_url": u.URL}).result(t)
	h.chat("gw", "custom-mine/m", "hi", "X-Emulator-Access-Identity", `{"id":"u"}`, "X-Own", "1").want(t, 200)
	equal(t, "requests", 1, len(u.requests()))
	u.mu.Lock()
	defer u.mu.Unlock()
	equal(t, "X-Emulator-Access-Identity", "", u.last.Get("X-Emulator-Access-Identity"))
	equal(t, "X-Own", "1", u.last.Get("X-Own"))
}
