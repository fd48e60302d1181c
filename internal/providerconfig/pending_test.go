package providerconfig_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// interrupt ends an apply a moment after a request of this method has arrived
// and, where it is not held up, was answered. The apply must not take long then.
func interrupt(t *testing.T, s *acctest.Service, r *protocol.Resource, plan *protocol.Plan, method string, heldUp bool) protocol.Diagnostics {
	t.Helper()
	s.Emulator.ResetRequests()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var interrupted time.Time
	go func() {
		defer cancel()
		arrived := func(request emulator.Request) bool {
			return request.Method == method && (heldUp || request.Status != 0)
		}
		for !slices.ContainsFunc(s.Emulator.Requests(), arrived) && ctx.Err() == nil {
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(400 * time.Millisecond) // for the answer to be read; the first pause is a second
		interrupted = time.Now()
	}()
	diags := r.ApplyContext(ctx, plan)
	if err := ctx.Err(); err == nil {
		t.Fatalf("nothing was interrupted: %s", diags)
	}
	if took := time.Since(interrupted); took > 10*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	requireDiscreet(t, diags)
	return diags
}

// newSecret makes a secret as a colleague does who calls the API, which is
// pending at first, and returns its id.
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

// pendingService is an emulator in which a new secret is pending until it was
// asked for twice.
func pendingService(t *testing.T, quirks ...emulator.Quirk) *acctest.Service {
	t.Helper()
	s := acctest.Emulate(t, emulator.Options{Quirks: quirks, SecretDelay: time.Hour})
	s.Emulator.PutGateway(s.AccountID, attrs{"id": gatewayID, "authentication": true, "store_id": storeID(s)})
	return s
}

// TestPendingSecret: the creation asks again until the secret is there.
func TestPendingSecret(t *testing.T) {
	t.Parallel()
	s := pendingService(t)
	config := byID(newSecret(t, s, secretName, "ai_gateway"))
	r := s.Protocol(t, nil).Resource(resourceType)
	begin := time.Now()
	requireNone(t, try(t, r, config))
	s.RequireRequests(t, getGateway, post, post)
	if took := time.Since(begin); took < time.Second {
		t.Errorf("asked again after %s", took)
	}
	r.MustPlanEmpty(config)
	requireState(t, r, only(t, s))
}

// TestNewKeyIsAwaited: the creation ends when the key can be used.
func TestNewKeyIsAwaited(t *testing.T) {
	t.Parallel()
	s := pendingService(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, try(t, r, byKey()))
	s.RequireRequests(t, getGateway, post, getSecret(s, r), getSecret(s, r))
	r.MustPlanEmpty(byKey())
}

// TestNewKeyIsNotUsableYet: that it cannot be told whether the key can be used
// is a warning, and the provider config is there.
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

// TestSecretStaysPending: the wait ends with an interrupt at once, and by itself
// with a message that says what the secret must be. How long it is at most, the
// client's tests measure.
func TestSecretStaysPending(t *testing.T) {
	t.Parallel()
	s := pendingService(t, emulator.SecretStaysPending)
	config := byID(newSecret(t, s, secretName, "ai_gateway"))
	r := s.Protocol(t, nil).Resource(resourceType)
	diags := interrupt(t, s, r, planOf(t, r, config), http.MethodPost, false)
	requireSays(t, diags, "Unable to create provider config", "was not found (code 7001)", "interrupted")
	s.RequireRequests(t, getGateway, post)

	r = s.Protocol(t, once).Resource(resourceType)
	requireSays(t, try(t, r, config), "was not found (code 7001); it must be in the gateway's Secrets Store, have the scope ai_gateway and be called "+secretName)
	if r.Exists() || len(s.Emulator.ProviderConfigs(s.AccountID, gatewayID)) > 0 {
		t.Errorf("state %v", r.State())
	}
}

// TestSecretOfAnotherScope is one that the gateway cannot see.
func TestSecretOfAnotherScope(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, once).Resource(resourceType)
	for _, id := range []string{newSecret(t, s, secretName, "workers"), "0123456789abcdef0123456789abcdef"} {
		diags := try(t, r, byID(id))
		requireSays(t, diags, "The secret '"+id+"' was not found", "have the scope ai_gateway and be called "+secretName, "Correct the values it names and apply again.")
		if strings.Contains(diags.String(), "nothing was changed") || len(diags) != 1 {
			t.Error(diags)
		}
		s.RequireRequests(t, getGateway, post)
	}
}
