package providerconfig_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// newSecret creates a secret by the API, which is pending at first, and returns
// its id.
func newSecret(t *testing.T, s *acctest.Service, name, scope string) string {
	t.Helper()
	url := s.BaseURL + "/accounts/" + s.AccountID + "/secrets_store/stores/" + storeID(s) + "/secrets"
	body := `[{"name":"` + name + `","value":"` + "sk-hush-3" + `","scopes":["` + scope + `"]}]`
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("HTTP %d %s, %v", resp.StatusCode, answer, err)
	}
	_, rest, _ := strings.Cut(string(answer), `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	s.Emulator.ResetRequests()
	return id
}

// pendingService starts an emulator in which a new secret is pending until it was
// read twice.
func pendingService(t *testing.T, quirks ...emulator.Quirk) *acctest.Service {
	t.Helper()
	s := acctest.Emulate(t, emulator.Options{Quirks: quirks, SecretDelay: time.Hour})
	s.Emulator.PutGateway(s.AccountID, attrs{"id": gatewayID, "authentication": true, "store_id": storeID(s)})
	return s
}

// TestPendingSecret: the create is repeated until the secret is there. How long it
// pauses between is tested in the client.
func TestPendingSecret(t *testing.T) {
	t.Parallel()
	s := pendingService(t)
	config := byID(newSecret(t, s, secretName, "ai_gateway"))
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, try(t, r, config))
	s.RequireRequests(t, getGateway, post, post)
	r.MustPlanEmpty(config)
	requireState(t, r, only(t, s))
}

// TestNewKeyIsAwaited: the create ends when the key can be used.
func TestNewKeyIsAwaited(t *testing.T) {
	t.Parallel()
	s := pendingService(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, try(t, r, byKey()))
	s.RequireRequests(t, getGateway, post, getSecret(s, r), getSecret(s, r))
	r.MustPlanEmpty(byKey())
}

// TestNewKeyIsNotUsableYet: if the provider cannot tell whether the key can be
// used, the provider config is created with a warning.
func TestNewKeyIsNotUsableYet(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		service *acctest.Service
		says    string
	}{
		"pending":   {pendingService(t, emulator.SecretStaysPending), "The secret is still pending."},
		"forbidden": {service(t), "HTTP 403 Forbidden"},
	} {
		s := test.service
		if name == "forbidden" {
			s.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Path: "secrets_store", Status: http.StatusForbidden, Times: -1})
		}
		r := s.Protocol(t, once).Resource(resourceType)
		diags := try(t, r, byKey())
		requireSays(t, diags, "The key may not be usable yet", `The provider config "openai/default" was created`, "Secrets Store Read", test.says)
		if len(diags) != 1 || diags.HasError() || !r.Exists() || r.Tainted() {
			t.Errorf("%s: %s", name, diags)
		}
		r.MustPlanEmpty(byKey())
	}
}

// TestSecretStaysPending: an interrupt ends the wait at once, and otherwise it ends
// with a message that says what the secret must be.
func TestSecretStaysPending(t *testing.T) {
	t.Parallel()
	s := pendingService(t, emulator.SecretStaysPending)
	config := byID(newSecret(t, s, secretName, "ai_gateway"))
	server, ctx := (&lifecycle.Interruption{Method: http.MethodPost, Path: allConfigs, Answered: true}).Protocol(t, s, nil)
	r := server.Resource(resourceType)
	diags := r.ApplyContext(ctx, planOf(t, r, config))
	requireSays(t, diags, "Unable to create provider config", "was not found (code 7001)", "interrupted")
	s.RequireRequests(t, getGateway, post)

	r = s.Protocol(t, once).Resource(resourceType)
	requireSays(t, try(t, r, config), "was not found (code 7001); it must be in the gateway's Secrets Store, have the scope ai_gateway and be called "+secretName)
	if r.Exists() || len(s.Emulator.ProviderConfigs(s.AccountID, gatewayID)) > 0 {
		t.Errorf("state %v", r.State())
	}
}

// TestSecretOfAnotherScope uses secrets that the gateway cannot see.
func TestSecretOfAnotherScope(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, once).Resource(resourceType)
	for _, id := range []string{newSecret(t, s, secretName, "workers"), "0123456789abcdef0123456789abcdef"} {
		diags := try(t, r, byID(id))
		requireSays(t, diags, "The secret '"+id+"' was not found", "have the scope ai_gateway and be called "+secretName, "Correct the values that it names and apply again.")
		if strings.Contains(strings.ToLower(diags.String()), "nothing was changed") || len(diags) != 1 {
			t.Error(diags)
		}
		s.RequireRequests(t, getGateway, post)
	}
}
