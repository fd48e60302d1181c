package emulator_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestControlPlaneAuthentication(t *testing.T) {
	h := start(t, emulator.Options{Token: "right"})
	path := "/client/v4/accounts/" + accountID + "/ai-gateway/gateways"
	for _, headers := range [][]string{
		nil, {"Authorization", ""}, {"Authorization", "Bearer wrong"},
		{"X-Auth-Email", "a@example.com", "X-Auth-Key", "right"}, {"cf-aig-authorization", "Bearer right"},
	} {
		r := h.send("GET", path, "", headers...)
		r.wantErrors(t, 401, 10000, "Authentication error")
		r.want(t, 401, "messages.#", 0)
		inOrder(t, r.raw, `"result":null`)
	}
	h.send("GET", path, "", "Authorization", "bearer right").want(t, 200)
}

func TestUnroutablePaths(t *testing.T) {
	h := open(t)
	account := "/accounts/" + accountID
	for _, path := range []string{
		"/accounts/x/ai-gateway/gateways", "/accounts/" + strings.ToUpper(accountID) + "/ai-gateway/gateways",
		account + "0/ai-gateway/gateways", "/accounts//ai-gateway/gateways",
		account + "/ai-gateway", account + "/ai-gateway/", account + "/ai-gateway/gateways/", account + "/ai-gateway/gateways/gw/",
		account + "/ai-gateway/gateways/gw/b", account + "/ai-gateway/gateways//logs", account + "/ai-gateway/gateways/gw/logs/x/y",
		account + "/workers/scripts", "/zones",
	} {
		for _, headers := range [][]string{nil, {"Authorization", "Bearer " + token}} {
			h.send("GET", "/client/v4"+path, "", headers...).want(t, 404, "errors.#", 2, "errors.0.code", 7003.0, "errors.1.code", 7000.0,
				"errors.0.message", "Could not route to "+path+", perhaps your object identifier is invalid?")
		}
	}
	// GET / is the status page, which has tests of its own.
	for _, request := range []string{"POST /", "GET /x"} {
		method, path, _ := strings.Cut(request, " ")
		inOrder(t, h.send(method, path, "").want(t, 404).raw, "No route for that URI")
	}
}

func TestEscapedIDsStayOneSegment(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a")
	for _, id := range []string{"a%2Flogs", "%2e%2e", "a%20b", "%61b"} {
		h.api("GET", "gateways/"+id, nil).wantErrors(t, 404, 7002, "Not Found")
	}
	equal(t, "id", "a", h.api("GET", "gateways/%61", nil).result(t)["id"])
}

func TestUnsupportedMethods(t *testing.T) {
	h := open(t)
	for path, method := range map[string]string{
		"gateways": "DELETE", "gateways/gw": "PATCH", "gateways/gw/logs": "POST", "gateways/gw/logs/x": "DELETE", "gateways/gw/url/openai": "PUT",
	} {
		h.api(method, path, nil).wantErrors(t, 405, 7001, method+" not supported for requested URI.")
	}
}

func TestTooLargeBody(t *testing.T) {
	h := start(t, emulator.Options{})
	equal(t, "limit in bytes", int64(32<<20), h.LimitBody(1000))
	h.api("POST", "gateways", strings.Repeat(" ", 1001)).wantErrors(t, 413, 7001, "The request body could not be read")
	h.api("POST", "gateways", minimal(object{"id": "a"})).result(t)
}

// A malformed token, such as a Global API Key, is an error of its own.
func TestMalformedToken(t *testing.T) {
	h := open(t)
	key := strings.Repeat("0123456789", 4)[:37]
	for _, path := range []string{"ai-gateway/gateways", "ai/v1/chat/completions"} {
		for authorization, want := range map[string]int{
			"Bearer " + key: 6003, "Bearer with spaces": 6003, "Bearer “quoted”": 6003, "Bearer": 6003, "Bearer right ": 6003, "Basic abc": 6003, key: 6003,
			"": 10000, "Bearer " + key[:36]: 10000, "Bearer " + key + "0": 10000, "Bearer cfut_x-Y.z": 10000,
		} {
			r := h.send("GET", "/client/v4/accounts/"+accountID+"/"+path, "", "Authorization", authorization)
			if want == 10000 {
				r.wantErrors(t, 401, 10000, "Authentication error")
				continue
			}
			r.wantErrors(t, 400, 6003, "Invalid request headers")
			r.want(t, 400, "errors.0.error_chain.0.code", 6111.0,
				"errors.0.error_chain.0.message", "Invalid format for Authorization header")
		}
	}
}
