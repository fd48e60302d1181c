package lifecycle

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// An ImportCase is one way to import an object.
type ImportCase struct {
	// ID or Identity is what the import block says.
	ID       string
	Identity Attrs
	// Requests are those that the import takes.
	Requests []string
}

// Take imports the object and returns the resource.
func (c ImportCase) Take(r *protocol.Resource) protocol.Diagnostics {
	if c.Identity != nil {
		return r.ImportIdentity(c.Identity)
	}
	return r.Import(c.ID)
}

// Imports imports an object in each way, with exactly the requests of the case.
// The identity is that of the original, requireSame compares the states, and the
// configuration has an empty plan.
func (sub Subject) Imports(
	t *testing.T, s *acctest.Service, original *protocol.Resource, config Attrs,
	requireSame func(t *testing.T, name string, got Attrs), cases map[string]ImportCase,
) {
	t.Helper()
	server := s.Protocol(t, nil)
	for name, c := range cases {
		s.Emulator.ResetRequests()
		r := server.Resource(sub.Type)
		if diags := c.Take(r); len(diags) > 0 {
			t.Errorf("%s: %s", name, diags)
			continue
		}
		s.RequireRequests(t, c.Requests...)
		RequireIdentity(t, r, original.Identity())
		requireSame(t, name, r.State())
		r.MustPlanEmpty(config)
	}
}
