package lifecycle

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	theprovider "github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// An Interruption is a user's interrupt at the moment when the service has
// carried out a request.
type Interruption struct {
	// Method and Path, a regular expression, match the request.
	Method, Path string
	// Answered is whether the response arrives all the same.
	Answered bool

	interrupt func()
}

// RoundTrip sends a request, and interrupts if it is the one.
func (i *Interruption) RoundTrip(req *http.Request) (*http.Response, error) {
	matches := i.interrupt != nil && req.Method == i.Method && regexp.MustCompile(i.Path).MatchString(req.URL.Path)
	if !matches {
		return http.DefaultTransport.RoundTrip(req)
	}
	resp, err := http.DefaultTransport.RoundTrip(req.WithContext(context.WithoutCancel(req.Context())))
	i.interrupt()
	i.interrupt = nil
	if i.Answered || err != nil {
		return resp, err
	}
	_ = resp.Body.Close()
	return nil, context.Canceled
}

// Protocol returns a provider whose requests the interruption sees, and the
// context of the apply that it interrupts.
func (i *Interruption) Protocol(t testing.TB, s *acctest.Service, config Attrs) (*protocol.Server, context.Context) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	i.interrupt = cancel
	t.Cleanup(cancel)
	options := theprovider.Options{Getenv: s.Getenv(), Transport: i}
	return protocol.New(t, theprovider.NewWithOptions("test", options), config), ctx
}

// heldUp is how long the service would hold up a request. Nothing waits for it.
const heldUp = 2 * time.Minute

// ApplyHeldUp applies a plan while the service holds up the first request that
// the fault matches, and interrupts once that has arrived. It fails the test if
// the apply waits for the response, and returns the diagnostics.
func ApplyHeldUp(t testing.TB, s *acctest.Service, r *protocol.Resource, plan *protocol.Plan, fault emulator.Fault) protocol.Diagnostics {
	t.Helper()
	fault.Delay = heldUp
	s.Emulator.ResetRequests()
	s.Emulator.Inject(fault)
	defer s.Emulator.ClearFaults()
	path := regexp.MustCompile(fault.Path)
	matches := func(request emulator.Request) bool {
		requested, _, _ := strings.Cut(request.Path, "?")
		return (fault.Method == "" || request.Method == fault.Method) && path.MatchString(requested)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	go func() {
		defer interrupt()
		for ctx.Err() == nil && !slices.ContainsFunc(s.Emulator.Requests(), matches) {
			time.Sleep(time.Millisecond)
		}
	}()
	diags := r.ApplyContext(ctx, plan)
	if ctx.Err() == nil {
		t.Errorf("the apply ended before it was interrupted: %s", diags)
	}
	interrupt()
	requests := s.Emulator.Requests()
	if first := slices.IndexFunc(requests, matches); first >= 0 && requests[first].Status != 0 {
		t.Errorf("the apply waited for the response to %s %s", requests[first].Method, requests[first].Path)
	}
	return diags
}
