package lifecycle

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// A DeletionCase is a way in which an object disappears without the provider.
type DeletionCase struct {
	// Delete deletes the object with this id.
	Delete func(s *acctest.Service, id string)
	// RefreshRequests and DestroyRequests are the requests of a refresh and of a
	// destroy after that.
	RefreshRequests, DestroyRequests func(id string) []string
}

// Deletions deletes an object behind the provider's back. The next run creates
// it, also with a CLI that keeps no identities, and a destroy that was planned
// before succeeds.
func (sub Subject) Deletions(t *testing.T, config Attrs, cases map[string]DeletionCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sub.deletion(t, config, c)
		})
	}
}

func (sub Subject) deletion(t *testing.T, config Attrs, c DeletionCase) {
	t.Helper()
	s := sub.Service(t)
	r := sub.Create(t, s, s.Protocol(t, nil), config)
	id, _ := r.State()["id"].(string)
	for range 2 { // the second time without an identity
		c.Delete(s, id)
		s.Emulator.ResetRequests()
		RequireNone(t, r.Refresh())
		s.RequireRequests(t, c.RefreshRequests(id)...)
		if r.Exists() {
			t.Errorf("state %v", r.State())
		}
		if action := r.MustApply(config); action != protocol.Create {
			t.Errorf("%s, want a create", action)
		}
		sub.RequireStored(t, s, r, config)
		created, _ := r.State()["id"].(string)
		if created == id || r.Identity()["id"] != created {
			t.Errorf("the id was %s and is %s, with the identity %v", id, created, r.Identity())
		}
		id = created
		r.ForgetIdentity()
	}
	plan := Plan(t, r, nil)
	c.Delete(s, id)
	s.Emulator.ResetRequests()
	if diags := r.Apply(plan); len(diags) > 0 || r.Exists() {
		t.Errorf("destroy of what is gone: state %v, %s", r.State(), diags)
	}
	s.RequireRequests(t, c.DestroyRequests(id)...)
}
