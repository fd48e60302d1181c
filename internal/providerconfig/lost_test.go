package providerconfig_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// past is when the keys of these tests were stored: long enough ago that a secret that is
// missing does not appear any more.
var past = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// olden is like [service], at that time.
func olden(t *testing.T) *acctest.Service {
	t.Helper()
	s := acctest.Emulate(t, emulator.Options{Clock: emulator.NewClock(past), SecretDelay: -1})
	s.Emulator.PutGateway(s.AccountID, attrs{"id": gatewayID, "authentication": true, "store_id": storeID(s)})
	return s
}

// lose deletes the secret of the key in the Secrets Store.
func lose(t *testing.T, s *acctest.Service) {
	t.Helper()
	if !s.Emulator.DeleteSecret(s.AccountID, storeID(s), secretName) {
		t.Fatal("there is no secret")
	}
	s.Emulator.ResetRequests()
}

// requireLost fails the test unless the only diagnostic is the warning about a lost secret.
func requireLost(t *testing.T, diags protocol.Diagnostics, says ...string) {
	t.Helper()
	if len(diags) != 1 || diags.HasError() {
		t.Errorf("want one warning: %s", diags)
	}
	lifecycle.RequireText(t, diags, append(says, "The secret of a key was deleted", `"openai/default" of gateway "main" in account `+acctest.AccountID, "2040")...)
}

// TestLostSecret: a refresh sees that the secret is gone, and the plan heals it. It
// costs one request for each key, and more only to be sure that it is gone.
func TestLostSecret(t *testing.T) {
	t.Parallel()
	s := olden(t)
	server := s.Protocol(t, nil)
	r, id := exists(t, s, server, byKey())
	secret := getSecret(s, r)
	requireNone(t, r.Refresh())
	s.RequireRequests(t, list, secret)

	lose(t, s)
	requireLost(t, r.Refresh(), "The plan replaces the provider config")
	s.RequireRequests(t, list, secret, getGateway)
	requireState(t, r, only(t, s)) // it is still there
	for name, config := range map[string]attrs{"same": byKey(), "rotation": rotated()} {
		plan := planOf(t, r, config)
		if plan.Action != protocol.Replace || protocol.Object(t, plan.Planned)["id"] == id {
			t.Errorf("%s: %s, want a replacement", name, plan.Action)
		}
	}
	requireNone(t, r.Apply(planOf(t, r, byKey())))
	requireSecret(t, s, secretName, theKey)
	if stored := only(t, s); stored["id"] == id || r.State()["id"] != stored["id"] {
		t.Errorf("state %v, stored %v", r.State(), stored)
	}
	r.MustPlanEmpty(byKey())
}

// TestLostSecretOfAnother: a key that was created with secret_id, whose secret somebody
// deletes. Replacing it with the same ID would fail, so only the warning says what to do.
func TestLostSecretOfAnother(t *testing.T) {
	t.Parallel()
	s := olden(t)
	first := storedSecret(s)
	r, _ := exists(t, s, s.Protocol(t, nil), byID(first))
	lose(t, s)
	requireLost(t, r.Refresh(), "set secret_id to its ID")
	if plan := planOf(t, r, byID(first)); plan.Action != protocol.NoOp {
		t.Errorf("%s, want nothing", plan.Action)
	}
	second := storedSecret(s)
	if plan := planOf(t, r, byID(second)); plan.Action != protocol.Replace {
		t.Errorf("%s, want a replacement", plan.Action)
	} else {
		requireNone(t, r.Apply(plan))
	}
	r.MustPlanEmpty(byID(second))
}

// TestLostAfterImport: private state has no store yet, and the import sees it at once.
func TestLostAfterImport(t *testing.T) {
	t.Parallel()
	s := olden(t)
	original, id := exists(t, s, s.Protocol(t, nil), byKey())
	secret := getSecret(s, original)
	lose(t, s)
	r := s.Protocol(t, nil).Resource(resourceType)
	requireLost(t, r.Import(gatewayID+"/"+id))
	s.RequireRequests(t, list, getGateway, secret)
	requireLost(t, r.Refresh())
	if plan := planOf(t, r, byKey()); plan.Action != protocol.Replace {
		t.Errorf("%s, want a replacement", plan.Action)
	}
}

// TestSecretMayAppear: a secret that is missing right after the key was stored is not gone.
func TestSecretMayAppear(t *testing.T) {
	t.Parallel()
	s := service(t) // whose time is now
	r, _ := exists(t, s, s.Protocol(t, nil), byKey())
	lose(t, s)
	r.MustPlanEmpty(byKey())
}

// TestForbiddenSecrets: a token that may not read secrets is refused once, without a word
// to the user, and not asked again by this process.
func TestForbiddenSecrets(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"403": http.StatusForbidden, "401": http.StatusUnauthorized} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := olden(t)
			server := s.Protocol(t, nil)
			r, _ := exists(t, s, server, byKey())
			lose(t, s)
			s.Emulator.Inject(emulator.Fault{
				Path: "/secrets/", Times: -1, Status: status, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`,
			})
			secret := getSecret(s, r)
			requireNone(t, r.Refresh())
			s.RequireRequests(t, list, secret)
			r.MustPlanEmpty(byKey())
			s.RequireRequests(t, list)

			// Another process asks again.
			requireNone(t, r.With(s.Protocol(t, nil)).Refresh())
			s.RequireRequests(t, list, secret)
		})
	}
}

// TestUnreadableSecret: what does not tell whether the secret exists changes nothing,
// neither a plan nor a mark that is there.
func TestUnreadableSecret(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"unavailable":     {Status: http.StatusServiceUnavailable},
		"cut":             {Drop: emulator.DropBefore},
		"a web page":      {Status: http.StatusOK, Body: "<html>"},
		"a web server":    {Status: http.StatusNotFound, Body: "<html>"},
		"another secret":  {Status: http.StatusOK, Body: `{"success":true,"result":{"id":"x","status":"deleted"}}`},
		"could not route": {Status: http.StatusNotFound, Body: `{"success":false,"errors":[{"code":7003,"message":"Could not route"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := olden(t)
			r, _ := exists(t, s, s.Protocol(t, once), byKey())
			fault.Path, fault.Times = "/secrets/", -1
			s.Emulator.Inject(fault)
			r.MustPlanEmpty(byKey())

			s.Emulator.ClearFaults()
			lose(t, s)
			requireLost(t, r.Refresh())
			s.Emulator.Inject(fault)
			requireNone(t, r.Refresh())
			if plan := planOf(t, r, byKey()); plan.Action != protocol.Replace {
				t.Errorf("%s, want a replacement", plan.Action)
			}
		})
	}
}

// TestDeletedStatus: the service may still show a secret that is deleted.
func TestDeletedStatus(t *testing.T) {
	t.Parallel()
	s := olden(t)
	r, _ := exists(t, s, s.Protocol(t, nil), byKey())
	id, _ := r.State()["secret_id"].(string)
	s.Emulator.Inject(emulator.Fault{Path: "/secrets/", Status: http.StatusOK, Body: `{"success":true,"result":{"id":"` + id + `","status":"deleted"}}`})
	requireLost(t, r.Refresh())
	// It was a lie: the next refresh takes it back.
	r.MustPlanEmpty(byKey())
}

// TestAnotherStore: the store was deleted, and the gateway has another one with the secret.
func TestAnotherStore(t *testing.T) {
	t.Parallel()
	s := olden(t)
	r, _ := exists(t, s, s.Protocol(t, nil), byKey())
	secret := getSecret(s, r)
	other := strings.Replace(secret, storeID(s), "another", 1)
	if !s.Emulator.EditGateway(s.AccountID, gatewayID, func(values map[string]any) { values["store_id"] = "another" }) {
		t.Fatal("no gateway")
	}
	lose(t, s)
	id, _ := r.State()["secret_id"].(string)
	s.Emulator.Inject(emulator.Fault{Path: "/another/secrets/", Times: -1, Status: http.StatusOK, Body: `{"success":true,"result":{"id":"` + id + `","status":"active"}}`})
	requireNone(t, r.Refresh())
	s.RequireRequests(t, list, secret, getGateway, other)
	requireNone(t, r.Refresh())
	s.RequireRequests(t, list, other) // which is known from then on
}

// TestRotationOfALostSecret: without a refresh, the rotation fails, and says what helps.
func TestRotationOfALostSecret(t *testing.T) {
	t.Parallel()
	s := olden(t)
	r, _ := exists(t, s, s.Protocol(t, nil), byKey())
	lose(t, s)
	before := r.State()
	diags := try(t, r, rotated())
	if len(diags) != 1 || !diags.HasError() || diags[0].Attribute != nil {
		t.Errorf("want one error without a path: %s", diags)
	}
	lifecycle.RequireText(t, diags, "Unable to rotate the key of provider config", `"openai/default"`, "was not found",
		"terraform apply -replace=aigateway_provider_config.NAME", before["secret_id"].(string))
	if strings.Contains(diags.String(), newKey) || strings.Contains(diags.String(), "Correct the values") {
		t.Errorf("%s", diags)
	}
	requireState(t, r, before)
	// What the error says: -replace.
	r.MustApply(nil)
	r.MustApply(rotated())
	requireSecret(t, s, secretName, newKey)
}
