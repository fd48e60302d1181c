package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const (
	domainName = "ai.example.com"
	domainZone = "395566f4c8a5b9d2a5fc0d457b007c44"
)

// domain sends a request about the custom domains of gateway "gw".
func (h harness) domain(method, path string, body any) reply {
	h.t.Helper()
	return h.api(method, "gateways/gw/custom-domains"+path, body)
}

func (h harness) createDomain(changes object) reply {
	h.t.Helper()
	body := object{"domain": domainName, "zone_id": domainZone}
	for name, value := range changes {
		if body[name] = value; value == nil {
			delete(body, name)
		}
	}
	return h.domain("POST", "", body)
}

// TestCustomDomainSample reproduces the documentation's sample. The CNAME target's form is
// not documented.
func TestCustomDomainSample(t *testing.T) {
	h := start(t, emulator.Options{Clock: emulator.NewClock(time.UnixMilli(1782925200000))})
	h.create("my-gateway")
	r := h.api("POST", "gateways/my-gateway/custom-domains", object{"domain": domainName, "zone_id": domainZone})
	r.wantSample(t, 200, "custom_domain_doc.json", func(body object) {
		result, _ := body["result"].(object)
		if target, _ := result["cname_target"].(string); target != "" {
			result["cname_target"] = "a target"
		}
	})
}

func TestCustomDomainLifecycle(t *testing.T) {
	clock := emulator.NewClock(epoch)
	h := start(t, emulator.Options{Clock: clock})
	h.create("gw")
	made := h.createDomain(object{"min_tls": "1.2"}).result(t)
	has(t, "created", made, "hostname", domainName, "gateway_id", "gw", "status", "pending_dcv", "created_at", float64(epoch.UnixMilli()))
	clock.Advance(time.Second)
	h.createDomain(object{"domain": "b.example.com"}).result(t)

	equal(t, "read", made, h.domain("GET", "/"+domainName, nil).result(t))
	list := h.domain("GET", "", nil)
	list.want(t, 200, "result_info.total_count", 2.0, "result.0.hostname", domainName, "result.1.hostname", "b.example.com")
	equal(t, "listed", any(made), list.items(t)[0])
	h.domain("GET", "?page=2&per_page=1", nil).want(t, 200, "result.#", 1, "result.0.hostname", "b.example.com")
	h.domain("PUT", "/"+domainName, object{}).want(t, 405)
	h.domain("PATCH", "/"+domainName, object{}).want(t, 405)
	equal(t, "stored", map[string]any{"zone_id": domainZone, "min_tls": "1.2", "status": "pending_dcv"}, h.CustomDomains(accountID, "gw")[domainName])

	equal(t, "deleted", made, h.domain("DELETE", "/"+domainName, nil).result(t))
	for _, method := range []string{"GET", "DELETE"} {
		h.domain(method, "/"+domainName, nil).wantErrors(t, 404, 7002, "Not Found")
	}
}

// TestCustomDomainIsUnique: a hostname leads to one gateway, whatever the account.
func TestCustomDomainIsUnique(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw")
	h.create("gw2")
	h.apiOf(otherID, "POST", "gateways", minimal(object{"id": "gw"})).result(t)
	h.createDomain(nil).result(t)
	body := object{"domain": domainName, "zone_id": domainZone}
	h.createDomain(nil).wantErrors(t, 400, 7001, "Custom domain already exists")
	h.api("POST", "gateways/gw2/custom-domains", body).wantErrors(t, 400, 7001, "Custom domain already exists")
	h.apiOf(otherID, "POST", "gateways/gw/custom-domains", body).wantErrors(t, 400, 7001, "Custom domain already exists")
	for _, path := range []string{"gateways/gw2/custom-domains", "gateways/missing/custom-domains"} {
		h.api("GET", path+"/"+domainName, nil).wantErrors(t, 404, 7002, "Not Found")
		h.api("DELETE", path+"/"+domainName, nil).wantErrors(t, 404, 7002, "Not Found")
	}
	h.api("GET", "gateways/gw2/custom-domains", nil).want(t, 200, "result.#", 0)
	h.api("GET", "gateways/missing/custom-domains", nil).wantErrors(t, 404, 7002, "Not Found")
	h.api("POST", "gateways/missing/custom-domains", body).wantErrors(t, 404, 7002, "Not Found")

	// It goes away with its gateway, and is free then.
	h.api("DELETE", "gateways/gw", nil).result(t)
	h.api("POST", "gateways/gw2/custom-domains", body).result(t)
}

func TestCustomDomainValidation(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw")
	for name, changes := range map[string]object{
		"no domain": {"domain": nil}, "upper case": {"domain": "AI.example.com"}, "URL": {"domain": "https://ai.example.com"},
		"wildcard": {"domain": "*.example.com"}, "label": {"domain": "localhost"}, "no zone": {"zone_id": nil},
		"zone": {"zone_id": "example.com"}, "min_tls": {"min_tls": "1.4"}, "number": {"min_tls": 1.2},
	} {
		t.Run(name, func(t *testing.T) { h.createDomain(changes).want(t, 400, "errors.0.code", 7001.0) })
	}
	equal(t, "domains", 0, len(h.CustomDomains(accountID, "gw")))
}

// TestCustomDomainExtraFields shows fields that the documented sample lacks.
func TestCustomDomainExtraFields(t *testing.T) {
	h := withQuirks(t, emulator.ExtraFields)
	h.create("gw")
	has(t, "created", h.createDomain(nil).result(t), "zone_id", domainZone, "min_tls", "1.0", "account_id", accountID)
}

// TestCustomDomainRequests sends requests to a domain that is pending, then active.
func TestCustomDomainRequests(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw", object{"authentication": true})
	h.createDomain(nil).result(t)
	const compat = "/compat/chat/completions"
	auth := []string{"cf-aig-authorization", "Bearer " + token}
	h.sendTo(domainName, "POST", compat, hi("openai/m"), auth...).want(t, 404).wantText(t, "errors.0.message", "not active", "pending_dcv")
	// Elsewhere the path means nothing, and the Host header of another name neither.
	h.sendTo("127.0.0.1:8787", "POST", compat, hi("openai/m"), auth...).want(t, 404)
	h.sendTo("other.example.com", "POST", compat, hi("openai/m"), auth...).want(t, 404)

	h.send("POST", "/emulator/custom-domains/"+domainName+"/activate", "").want(t, 401)
	h.control("POST", "/emulator/custom-domains/missing.example.com/activate", nil).want(t, 404)
	h.control("GET", "/emulator/custom-domains/"+domainName+"/activate", nil).want(t, 405)
	has(t, "activated", h.control("POST", "/emulator/custom-domains/"+domainName+"/activate", nil).result(t), "status", "active")
	has(t, "read", h.domain("GET", "/"+domainName, nil).result(t), "status", "active")

	for _, host := range []string{domainName, "AI.Example.com", domainName + ":8787", domainName + "."} {
		h.sendTo(host, "POST", compat, hi("openai/m"), auth...).text(t)
	}
	h.sendTo(domainName, "POST", "/openai/v1/chat/completions", hi("m"), append(auth, "Authorization", "Bearer sk-own")...).saw(t, "sk-own")
	log := h.logDetail(t, 0)
	has(t, "log", log, "provider", "openai")
	// The REST API, the control plane and the path of the gateway are not served there.
	for _, path := range []string{
		"/client/v4/accounts/" + accountID + "/ai/v1/chat/completions", "/client/v4/accounts/" + accountID + "/ai-gateway/gateways",
		"/v1/" + accountID + "/gw" + compat, "/emulator/custom-domains/" + domainName + "/activate",
	} {
		if r := h.sendTo(domainName, "POST", path, hi("openai/m"), append(auth, "Authorization", "Bearer "+token)...); r.status < 400 {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
	h.domain("DELETE", "/"+domainName, nil).result(t)
	h.sendTo(domainName, "POST", compat, hi("openai/m"), auth...).want(t, 404)
}

// TestCustomDomainIdentity: a verified Access identity is the credential on a custom
// domain, and nowhere else.
func TestCustomDomainIdentity(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw", object{"authentication": true})
	h.PutCustomDomain(accountID, "gw", map[string]any{"domain": domainName})
	expect(t, h.ActivateCustomDomain(domainName), "not activated")
	expect(t, !h.ActivateCustomDomain("missing.example.com"), "activated what is not there")
	const compat = "/compat/chat/completions"
	identity := []string{emulator.AccessIdentityHeader, `{"id":"user-1","email":"a@example.com"}`}
	h.sendTo(domainName, "POST", compat, hi("openai/m"), identity...).text(t)
	equal(t, "metadata", object{"cf.user_id": "user-1"}, h.logs()[0]["metadata"])
	h.sendTo(domainName, "POST", compat, hi("openai/m"), emulator.AccessIdentityHeader, `{}`).text(t) // a service token
	h.sendTo(domainName, "POST", compat, hi("openai/m")).wantDataError(t, 401, 2009, "Unauthorized")
	for _, invalid := range []string{"", "user-1", "[]"} {
		h.sendTo(domainName, "POST", compat, hi("openai/m"), emulator.AccessIdentityHeader, invalid).wantDataError(t, 401, 2009, "Unauthorized")
	}
	h.send("POST", "/v1/"+accountID+"/gw"+compat, hi("openai/m"), identity...).wantDataError(t, 401, 2009, "Unauthorized")
	expect(t, h.DeleteCustomDomain(domainName) && !h.DeleteCustomDomain(domainName), "deleted wrongly")
}

// TestCustomDomainIdentityStaysHere: credentials for Cloudflare are not forwarded.
func TestCustomDomainIdentityStaysHere(t *testing.T) {
	u := newUpstream(t, completionOf("hello"))
	h := start(t, emulator.Options{})
	h.create("gw", object{"authentication": true})
	h.PutCustomProvider(accountID, map[string]any{"name": "own", "slug": "own", "base_url": u.URL, "enable": true})
	h.PutCustomDomain(accountID, "gw", map[string]any{"domain": domainName})
	h.ActivateCustomDomain(domainName)
	h.sendTo(domainName, "POST", "/custom-own/v1/chat/completions", hi("m"), emulator.AccessIdentityHeader, `{"id":"user-1"}`,
		"Cf-Access-Jwt-Assertion", "jwt", "Authorization", "Bearer sk-own").text(t)
	u.mu.Lock()
	defer u.mu.Unlock()
	equal(t, "key", "Bearer sk-own", u.last.Get("Authorization"))
	for _, name := range []string{emulator.AccessIdentityHeader, "Cf-Access-Jwt-Assertion"} {
		equal(t, name, "", u.last.Get(name))
	}
}

// TestCustomDomainOverTheNetwork sends the Host header of a domain to the address of a
// running emulator.
func TestCustomDomainOverTheNetwork(t *testing.T) {
	running, err := emulator.Start(t.Context(), "127.0.0.1:0", emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = running.Close() })
	running.Server.PutGateway(accountID, map[string]any{"id": "gw"})
	running.Server.PutCustomDomain(accountID, "gw", map[string]any{"domain": domainName})
	running.Server.ActivateCustomDomain(domainName)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, running.URL+"/compat/chat/completions", strings.NewReader(hi("openai/m")))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = domainName
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	equal(t, "status", 200, response.StatusCode)
}
