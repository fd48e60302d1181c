package emulator_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// FuzzControlPlane sends requests that nobody would: each gets JSON, and no failure of
// the server.
func FuzzControlPlane(f *testing.F) {
	for _, path := range []string{"", "/gateways", "/gateways/gw", "/gateways/gw/routes", "/gateways/gw/provider_configs", "/custom-providers", "/gateways/gw/logs", "/gateways/%2e%2e"} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "BREW"} {
			f.Add(method, path, "page=-1&per_page=1e9&filters=%5B%7B%7D", `{"id":"a","cache_ttl":1e400,"elements":[{"id":"start"}],"name":7}`)
			f.Add(method, path, ";", `[`)
		}
	}
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		target, err := url.ParseRequestURI("/client/v4/accounts/" + accountID + "/ai-gateway" + path)
		if err != nil || strings.ContainsFunc(method, func(r rune) bool { return r < 'A' || r > 'Z' }) || method == "" {
			return // net/http answers such a request itself and calls no handler
		}
		target.RawQuery = query
		h := start(t, emulator.Options{})
		h.PutGateway(accountID, object{"id": "gw"})
		r := httptest.NewRequest("GET", "/", strings.NewReader(body))
		r.Method, r.URL, r.RequestURI = method, target, target.RequestURI()
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		var object map[string]any
		if w.Code >= 500 || method != "HEAD" && w.Body.Len() > 0 && json.Unmarshal(w.Body.Bytes(), &object) != nil {
			t.Fatalf("%s %s?%s: %d %s", method, path, query, w.Code, w.Body)
		}
	})
}
