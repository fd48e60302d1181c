package dynamicroute_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

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

// TestInterruptedCreate: the route was created, and is not lost.
func TestInterruptedCreate(t *testing.T) {
	t.Parallel()
	for name, answered := range map[string]bool{"with the answer": true, "before the answer": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			server, ctx := (&lifecycle.Interruption{Method: http.MethodPost, Path: allRoutes, Answered: answered}).Protocol(t, s, once)
			r := server.Resource(resourceType)
			if diags := r.ApplyContext(ctx, planOf(t, r, gated())); diags.HasError() {
				t.Fatal(diags)
			}
			r.MustPlanEmpty(gated())
			requireInForce(t, s, r)
		})
	}
}

// TestInterruptedVersion: the version was created and not deployed. The next apply
// only deploys it.
func TestInterruptedVersion(t *testing.T) {
	t.Parallel()
	for name, answered := range map[string]bool{"with the answer": true, "before the answer": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			plain, id := exists(t, s, s.Protocol(t, once), gated())
			server, ctx := (&lifecycle.Interruption{Method: http.MethodPost, Path: newVersion, Answered: answered}).Protocol(t, s, once)
			r := plain.With(server)
			diags := r.ApplyContext(ctx, planOf(t, r, next()))
			requireSays(t, diags, "Unable to deploy a version", "not sent: interrupted", "The previous version stays deployed")
			requireGraph(t, r, gated())
			s.Emulator.ResetRequests()
			r.MustApply(next())
			one := routes + "/" + id
			s.RequireRequests(t, "GET "+one, "POST "+one+deployments, "GET "+one)
			requireHistory(t, s, 2)
		})
	}
}

// TestInterruptedDeployment: the deployment was carried out, and state says so.
func TestInterruptedDeployment(t *testing.T) {
	t.Parallel()
	s := service(t)
	plain, _ := exists(t, s, s.Protocol(t, once), gated())
	server, ctx := (&lifecycle.Interruption{Method: http.MethodPost, Path: newDeployment}).Protocol(t, s, once)
	r := plain.With(server)
	if diags := r.ApplyContext(ctx, planOf(t, r, next())); diags.HasError() {
		t.Fatal(diags)
	}
	requireInForce(t, s, r)
	r.MustPlanEmpty(next())
}

// TestInterruptedAtOnce: an apply does not wait for a response that takes long.
func TestInterruptedAtOnce(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]attrs{"rename": with(gated(), "name", "help"), "delete": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r, _ := exists(t, s, s.Protocol(t, nil), gated())
			requireSays(t, lifecycle.ApplyHeldUp(t, s, r, planOf(t, r, to), emulator.Fault{}), "interrupted")
			r.MustApply(gated())
			requireInForce(t, s, r)
		})
	}
}
