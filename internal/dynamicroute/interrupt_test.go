package dynamicroute_test

import (
	"context"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	theprovider "github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// interruption is a transport that lets a request be carried out, and the user
// interrupt before the answer is there.
type interruption struct {
	method    string
	path      *regexp.Regexp
	interrupt func()
	// answered is whether the answer arrives all the same.
	answered bool
}

func (i *interruption) RoundTrip(req *http.Request) (*http.Response, error) {
	matches := i.interrupt != nil && req.Method == i.method && i.path.MatchString(req.URL.Path)
	if !matches {
		return http.DefaultTransport.RoundTrip(req)
	}
	resp, err := http.DefaultTransport.RoundTrip(req.WithContext(context.WithoutCancel(req.Context())))
	i.interrupt()
	i.interrupt = nil
	if i.answered || err != nil {
		return resp, err
	}
	_ = resp.Body.Close() // nobody reads it
	return nil, context.Canceled
}

// provider is one whose requests go through the transport, and a context that
// it ends.
func (i *interruption) provider(t *testing.T, s *acctest.Service) (*protocol.Server, context.Context) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	i.interrupt = cancel
	t.Cleanup(cancel)
	return protocol.New(t, theprovider.NewWithOptions("test", theprovider.Options{Getenv: s.Getenv(), Transport: i}), once), ctx
}

// TestInterruptedBeforehand sends nothing.
func TestInterruptedBeforehand(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	there, _ := exists(t, s, server, with(gated(), "name", "there"))
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	for _, r := range []*protocol.Resource{server.Resource(resourceType), there} {
		before := r.State()
		requireSays(t, r.ApplyContext(ctx, planOf(t, r, with(next(), "name", "else"))), "not sent: interrupted")
		requireNothingClaimed(t, r, before)
	}
	s.RequireRequests(t)
	there.MustPlanEmpty(with(gated(), "name", "there"))
}

// TestInterruptedCreate: the route was made, and is not lost.
func TestInterruptedCreate(t *testing.T) {
	t.Parallel()
	for name, answered := range map[string]bool{"with the answer": true, "before the answer": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			server, ctx := (&interruption{method: http.MethodPost, path: regexp.MustCompile(allRoutes), answered: answered}).provider(t, s)
			r := server.Resource(resourceType)
			if diags := r.ApplyContext(ctx, planOf(t, r, gated())); diags.HasError() {
				t.Fatal(diags)
			}
			r.MustPlanEmpty(gated())
			requireInForce(t, s, r)
		})
	}
}

// TestInterruptedVersion: the version was made and not deployed. The next apply
// does that alone.
func TestInterruptedVersion(t *testing.T) {
	t.Parallel()
	for name, answered := range map[string]bool{"with the answer": true, "before the answer": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			plain, id := exists(t, s, s.Protocol(t, once), gated())
			server, ctx := (&interruption{method: http.MethodPost, path: regexp.MustCompile(newVersion), answered: answered}).provider(t, s)
			r := plain.With(server)
			diags := r.ApplyContext(ctx, planOf(t, r, next()))
			requireSays(t, diags, "Unable to deploy a version", "not sent: interrupted", "The former version stays in force")
			requireGraph(t, r, gated())
			s.Emulator.ResetRequests()
			r.MustApply(next())
			one := routes + "/" + id
			s.RequireRequests(t, "GET "+one, "POST "+one+deployments, "GET "+one)
			requireHistory(t, s, 2)
		})
	}
}

// TestInterruptedDeployment: it was carried out, and state says so.
func TestInterruptedDeployment(t *testing.T) {
	t.Parallel()
	s := service(t)
	plain, _ := exists(t, s, s.Protocol(t, once), gated())
	server, ctx := (&interruption{method: http.MethodPost, path: regexp.MustCompile(newDeployment)}).provider(t, s)
	r := plain.With(server)
	if diags := r.ApplyContext(ctx, planOf(t, r, next())); diags.HasError() {
		t.Fatal(diags)
	}
	requireInForce(t, s, r)
	r.MustPlanEmpty(next())
}

// TestInterruptedAtOnce: an answer that would take long is not waited for.
func TestInterruptedAtOnce(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]attrs{"rename": with(gated(), "name", "help"), "delete": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r, _ := exists(t, s, s.Protocol(t, nil), gated())
			plan, _ := r.Plan(to)
			s.Emulator.Inject(emulator.Fault{Delay: time.Minute})
			ctx, interrupt := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer interrupt()
			begin := time.Now()
			requireSays(t, r.ApplyContext(ctx, plan), "interrupted")
			if took := time.Since(begin); took > 10*time.Second {
				t.Errorf("it took %s to stop", took)
			}
			r.MustApply(gated())
			requireInForce(t, s, r)
		})
	}
}
