package lifecycle

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A FaultCase is a request that goes wrong in the course of an apply.
type FaultCase struct {
	// Method and Path match the request, as in [emulator.Fault].
	Method, Path string
	// From is what was applied before, and To what the apply is for. From is nil
	// for a create, and To for a destroy.
	From, To Attrs
	// Succeeds reports whether the apply succeeds nevertheless.
	Succeeds func(acctest.Fault) bool
	// RequireKept checks state after an error against the state before the apply.
	RequireKept func(t *testing.T, r *protocol.Resource, before Attrs)
}

// Faults lets each request go wrong in each way. An apply fails or succeeds as
// the case says, taints nothing, and after an error leaves the state as it was.
// The next apply converges at the latest.
func (sub Subject) Faults(t *testing.T, faults map[string]acctest.Fault, cases map[string]FaultCase) {
	t.Helper()
	for request, c := range cases {
		for name, fault := range faults {
			t.Run(request+"/"+name, func(t *testing.T) {
				t.Parallel()
				sub.fault(t, fault, c)
			})
		}
	}
}

func (sub Subject) fault(t *testing.T, fault acctest.Fault, c FaultCase) {
	t.Helper()
	s := sub.Service(t)
	r := s.Protocol(t, Once).Resource(sub.Type)
	if c.From != nil {
		RequireNone(t, Apply(t, r, c.From))
	}
	s.Emulator.Clock().Advance(time.Hour)
	fault.Method, fault.Path = c.Method, c.Path
	s.Emulator.Inject(fault.Fault)
	before := r.State()
	diags := Apply(t, r, c.To)
	if diags.HasError() == c.Succeeds(fault) {
		t.Errorf("carried out: %v, and the apply said %s", fault.Done, diags)
	}
	if r.Tainted() {
		t.Error("the resource is tainted")
	}
	if diags.HasError() {
		c.RequireKept(t, r, before)
	}
	s.Emulator.ClearFaults()
	r.MustApply(c.To)
	sub.require(t, s, r, c.To)
}

// Whether an apply succeeds although a fault hits its request.
var (
	// Recovered is for requests that are looked for when the response is lost.
	Recovered = func(f acctest.Fault) bool { return f.Done }
	// Accepted is for requests of which the response is enough.
	Accepted = func(f acctest.Fault) bool { return f.Accepted }
	// Confirmed is for requests that are done if a response of success arrives:
	// the provider reads the object to find out.
	Confirmed = func(f acctest.Fault) bool { return f.Done && f.Status == http.StatusOK }
	// Never is for requests whose response must be complete.
	Never = func(acctest.Fault) bool { return false }
)

// A RepeatCase is a fault that the provider's retries hide.
type RepeatCase struct {
	Fault emulator.Fault
	To    Attrs
}

// Repeats applies a configuration to an object that exists, while the fault hits
// a request that is safe to repeat or was not carried out. Nobody notices.
func (sub Subject) Repeats(t *testing.T, from Attrs, cases map[string]RepeatCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sub.Service(t)
			r := sub.Create(t, s, s.Protocol(t, nil), from)
			s.Emulator.Inject(c.Fault)
			r.MustApply(c.To)
			sub.require(t, s, r, c.To)
		})
	}
}

// ReadFails refreshes an object while the service answers with what is not the
// API's, or says nothing of the object: the common responses, and more. None of
// them removes it from state, and the diagnostics say what failed.
func (sub Subject) ReadFails(t *testing.T, config Attrs, more map[string]emulator.Fault, says ...string) {
	t.Helper()
	responses := map[string]emulator.Fault{
		"a web server's 404": {Status: http.StatusNotFound, Body: "<html>not found</html>"},
		"could not route": {
			Status: http.StatusNotFound,
			Body:   `{"success":false,"errors":[{"code":7003,"message":"Could not route"},{"code":7000,"message":"No route for that URI"}]}`,
		},
		"a login page":     {Status: http.StatusOK, Body: "<html>sign in</html>"},
		"an empty success": {Status: http.StatusOK, Body: `{"success":true,"result":null}`},
		"forbidden": {
			Status: http.StatusForbidden, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`,
		},
		"a failure": acctest.Failed(http.StatusInternalServerError),
		"a cut":     {Drop: emulator.DropBefore, Times: -1},
	}
	maps.Copy(responses, more)
	for name, response := range responses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sub.Service(t)
			r := sub.Create(t, s, s.Protocol(t, Once), config)
			response.Method = http.MethodGet
			s.Emulator.Inject(response)
			diags := r.Refresh()
			RequireText(t, diags, says...)
			if !diags.HasError() || !r.Exists() {
				t.Errorf("state %v: %s", r.State(), diags)
			}
			s.Emulator.ClearFaults()
			r.MustPlanEmpty(config)
		})
	}
}
