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
		nil,
		{"Authorization", ""},
		{"Authorization", "right"},
		{"Authorization", "Bearer"},
		{"Authorization", "Bearer wrong"},
		{"Authorization", "Bearer right "},
		{"Authorization", "Basic right"},
		{"X-Auth-Email", "a@example.com", "X-Auth-Key", "right"},
		{"cf-aig-authorization", "Bearer right"},
	} {
		r := h.send("GET", path, "", headers...)
		r.wantErrors(t, 401, 10000, "Authentication error")
		if _, ok := r.body["messages"].([]any); !ok || !strings.Contains(r.raw, `"result":null`) {
			t.Errorf("envelope = %s, want messages and a null result", r.raw)
		}
	}
	if r := h.send("GET", path, "", "Authorization", "bearer right"); r.status != 200 {
		t.Errorf("the scheme's case matters: %d", r.status)
	}
}

func TestUnroutablePaths(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a")
	account := "/accounts/" + accountID
	for _, path := range []string{
		"/accounts/x/ai-gateway/gateways",
		"/accounts/" + strings.ToUpper(accountID) + "/ai-gateway/gateways",
		"/accounts/" + accountID + "0/ai-gateway/gateways",
		"/accounts//ai-gateway/gateways",
		account + "/ai-gateway",
		account + "/ai-gateway/",
		account + "/ai-gateway/gateways/",
		account + "/ai-gateway/gateways/a/",
		account + "/ai-gateway/gateways/a/b",
		account + "/ai-gateway/gateways//logs",
		account + "/ai-gateway/gateways/a/logs/x/y",
		account + "/workers/scripts",
		"/zones",
	} {
		for _, headers := range [][]string{nil, {"Authorization", "Bearer " + token}} {
			r := h.send("GET", "/client/v4"+path, "", headers...)
			errors, _ := r.body["errors"].([]any)
			if r.status != 404 || len(errors) != 2 {
				t.Errorf("%s: %d %s", path, r.status, r.raw)
				continue
			}
			first, second := errors[0].(object), errors[1].(object)
			want := "Could not route to " + path + ", perhaps your object identifier is invalid?"
			if first["code"] != 7003.0 || first["message"] != want || second["code"] != 7000.0 {
				t.Errorf("%s: errors = %v", path, errors)
			}
		}
	}
	if r := h.send("GET", "/", ""); r.status != 404 || !strings.Contains(r.raw, "No route for that URI") {
		t.Errorf("/: %d %s", r.status, r.raw)
	}
}

func TestEscapedIDsStayOneSegment(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a")
	for _, id := range []string{"a%2Flogs", "%2e%2e", "a%20b", "%61b"} {
		h.api("GET", "gateways/"+id, nil).wantErrors(t, 404, 7002, "Not Found")
	}
	if got := h.api("GET", "gateways/%61", nil).result(t)["id"]; got != "a" {
		t.Errorf("id = %v, want a", got)
	}
}

func TestUnsupportedMethods(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a")
	for path, method := range map[string]string{
		"gateways":              "DELETE",
		"gateways/a":            "PATCH",
		"gateways/a/logs":       "POST",
		"gateways/a/logs/x":     "DELETE",
		"gateways/a/url/openai": "PUT",
	} {
		h.api(method, path, nil).wantErrors(t, 405, 7001, method+" not supported for requested URI.")
	}
}

func TestBodyThatIsTooLarge(t *testing.T) {
	h := start(t, emulator.Options{})
	if before := h.LimitBody(1000); before != 32<<20 {
		t.Errorf("the limit is %d bytes, want 32 MiB", before)
	}
	h.api("POST", "gateways", strings.Repeat(" ", 1001)).wantErrors(t, 413, 7001, "The request body could not be read")
	h.api("POST", "gateways", minimal(object{"id": "a"})).result(t)
}
