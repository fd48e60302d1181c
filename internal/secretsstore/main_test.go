package secretsstore_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const (
	resourceType = "aigateway_secrets_store"
	collection   = "/accounts/…/secrets_store/stores"
	listed       = "GET " + collection + "?page=1&per_page=100"
)

var (
	named   = attrs{"name": "mine"}
	renamed = attrs{"name": "ours"}

	subject = lifecycle.Subject{
		Type: resourceType,
		Service: func(t testing.TB, quirks ...emulator.Quirk) *acctest.Service {
			t.Helper()
			return acctest.Emulate(t, emulator.Options{Quirks: quirks, NoSecretsStore: true})
		},
		RequireStored: func(t *testing.T, s *acctest.Service, r *protocol.Resource, config attrs) {
			t.Helper()
			if ids := s.Emulator.StoreIDs(s.AccountID); !reflect.DeepEqual(ids, []string{r.State()["id"].(string)}) {
				t.Errorf("stores %v, state %v", ids, r.State())
			}
			if names := s.Emulator.StoreNames(s.AccountID); !reflect.DeepEqual(names, []string{config["name"].(string)}) {
				t.Errorf("stores %v, want %v", names, config)
			}
			lifecycle.RequireAttributes(t, r, config)
		},
		RequireEmpty: func(t *testing.T, s *acctest.Service) {
			t.Helper()
			if ids := s.Emulator.StoreIDs(s.AccountID); len(ids) > 0 {
				t.Errorf("left behind: %v", ids)
			}
		},
	}
)

// start starts an account without a store, and a provider that repeats nothing.
func start(t *testing.T) (*acctest.Service, *protocol.Server) {
	t.Helper()
	service := subject.Service(t)
	return service, service.Protocol(t, lifecycle.Once)
}

// one returns the path of a store.
func one(r *protocol.Resource) string { return collection + "/" + r.State()["id"].(string) }

// requireSaid fails the test unless there is exactly one diagnostic, an error without a
// path that says all of this.
func requireSaid(t *testing.T, diags protocol.Diagnostics, says ...string) {
	t.Helper()
	text := strings.Join(strings.Fields(diags.String()), " ")
	if len(diags) != 1 || !diags.HasError() || diags[0].Attribute != nil {
		t.Errorf("want one error without a path: %s", diags)
	}
	for _, want := range says {
		if !strings.Contains(text, want) {
			t.Errorf("want an error that says %q, got:\n%s", want, diags)
		}
	}
}
