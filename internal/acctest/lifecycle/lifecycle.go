// Package lifecycle holds the tests that every resource needs, as functions over
// tables of cases: faults of each request, responses that are not the API's,
// imports, objects that are deleted elsewhere, and interruptions. They drive the
// provider over the protocol against the emulator.
package lifecycle

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// Attrs are attributes of a configuration or of a state.
type Attrs = map[string]any

// Once configures a provider that sends each request once, so that faults take
// no time.
var Once = Attrs{"max_retries": int64(0)}

// A Subject is a type of resource under test.
type Subject struct {
	// Type is the name of the resource type.
	Type string
	// Service starts an emulator with what the resource needs.
	Service func(t testing.TB, quirks ...emulator.Quirk) *acctest.Service
	// RequireStored fails the test unless the service has exactly the one object
	// that a configuration describes, and state agrees with it.
	RequireStored func(t *testing.T, s *acctest.Service, r *protocol.Resource, config Attrs)
	// RequireEmpty fails the test unless the service has nothing left of the
	// object.
	RequireEmpty func(t *testing.T, s *acctest.Service)
}

// Create applies a configuration and forgets the requests of that.
func (sub Subject) Create(t testing.TB, s *acctest.Service, server *protocol.Server, config Attrs) *protocol.Resource {
	t.Helper()
	r := server.Resource(sub.Type)
	RequireNone(t, Apply(t, r, config))
	s.Emulator.ResetRequests()
	return r
}

// require checks what is there after a configuration was applied.
func (sub Subject) require(t *testing.T, s *acctest.Service, r *protocol.Resource, config Attrs) {
	t.Helper()
	if config == nil {
		if r.Exists() {
			t.Errorf("state %v after a destroy", r.State())
		}
		sub.RequireEmpty(t, s)
		return
	}
	sub.RequireStored(t, s, r, config)
}

// Plan plans a configuration, and fails the test if that is an error.
func Plan(t testing.TB, r *protocol.Resource, config Attrs) *protocol.Plan {
	t.Helper()
	plan, diags := r.Plan(config)
	if diags.HasError() {
		t.Fatal(diags)
	}
	return plan
}

// Apply plans and applies a configuration, as a run without a refresh does, and
// returns the diagnostics of the apply.
func Apply(t testing.TB, r *protocol.Resource, config Attrs) protocol.Diagnostics {
	t.Helper()
	return r.Apply(Plan(t, r, config))
}

// RequireNone fails the test if there are diagnostics.
func RequireNone(t testing.TB, diags protocol.Diagnostics) {
	t.Helper()
	if len(diags) > 0 {
		t.Fatal(diags)
	}
}

// RequireText fails the test unless the diagnostics contain all of this text.
func RequireText(t testing.TB, diags protocol.Diagnostics, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(diags.String(), want) {
			t.Errorf("the diagnostics do not say %q:\n%s", want, diags)
		}
	}
}

// RequireIdentity fails the test unless the resource has exactly this identity.
func RequireIdentity(t testing.TB, r *protocol.Resource, want Attrs) {
	t.Helper()
	if got := r.Identity(); !reflect.DeepEqual(got, want) {
		t.Errorf("identity %v, want %v", got, want)
	}
}

// RequireAttributes fails the test unless state has these values; it may have
// more.
func RequireAttributes(t testing.TB, r *protocol.Resource, wants ...Attrs) {
	t.Helper()
	state := r.State()
	for _, want := range wants {
		for name, value := range want {
			if !reflect.DeepEqual(state[name], value) {
				t.Errorf("state has %s = %#v, want %#v", name, state[name], value)
			}
		}
	}
}

// Merge returns a copy of a configuration with changes. What is nil in a change
// is removed.
func Merge(config Attrs, changes ...Attrs) Attrs {
	merged := Attrs{}
	maps.Copy(merged, config)
	for _, change := range changes {
		maps.Copy(merged, change)
	}
	maps.DeleteFunc(merged, func(_ string, value any) bool { return value == nil })
	return merged
}
