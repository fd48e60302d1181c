package acctest_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// FuzzImportID imports what nobody would: each ID is an error, or names an object of
// the account that it says. No request leaves the path of the account.
func FuzzImportID(f *testing.F) {
	for i, seed := range []string{
		"", "demo", "/", "//", "demo/", "../x", "a/b/c/d/e", acctest.AccountID + "/demo", acctest.AccountID, "id:demo", "main/id:x", "main/openai/default", "main/ai.example.com",
		"a%2fb", "a?b=c", "a#b", "\x00", "\u202e", strings.Repeat("x", 200), strings.Repeat("0", 32) + "/demo/x",
	} {
		f.Add(uint8(i%7), seed)
		f.Add(uint8((i+1)%7), seed)
	}
	types := []string{
		"aigateway_gateway", "aigateway_dynamic_route", "aigateway_provider_config", "aigateway_custom_provider", "aigateway_secrets_store",
		"aigateway_custom_domain", "aigateway_policy",
	}
	f.Fuzz(func(t *testing.T, kind uint8, id string) {
		s := acctest.EmulateInMemory(t, emulator.Options{})
		s.Emulator.PutGateway(s.AccountID, map[string]any{"id": "main"})
		var diags protocol.Diagnostics
		r := s.Protocol(t, map[string]any{"max_retries": int64(0)}).Resource(types[int(kind)%len(types)])
		diags = r.Import(id)
		for _, request := range s.Emulator.Requests() {
			rest, ok := strings.CutPrefix(request.Path, "/client/v4/accounts/")
			account, _, _ := strings.Cut(rest, "/")
			if !ok || request.Method != "GET" || !client.AccountIDPattern.MatchString(account) || strings.Contains(rest, "..") {
				t.Fatalf("%q: %s %s", id, request.Method, request.Path)
			}
		}
		if diags.HasError() {
			if strings.ContainsAny(diags.String(), "\x00\x1b\r\u202e") {
				t.Fatalf("%q: %q", id, diags)
			}
			return
		}
		for name, value := range r.Identity() {
			if text, _ := value.(string); !client.ValidID(text) {
				t.Fatalf("%q: the identity has %s = %q", id, name, text)
			}
		}
	})
}
