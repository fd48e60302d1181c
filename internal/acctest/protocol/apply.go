package protocol

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Apply carries out a plan and fails the test if the result is not what was
// planned. As core does, it keeps the state that comes with an error, and taints
// an object whose creation failed.
func (r *Resource) Apply(plan *Plan) Diagnostics {
	r.s.t.Helper()
	return r.ApplyContext(background(r.s.t), plan)
}

// ApplyContext is like [Resource.Apply], with a context that ends when the user
// interrupts.
func (r *Resource) ApplyContext(ctx context.Context, plan *Plan) Diagnostics {
	r.s.t.Helper()
	if plan.Action == NoOp {
		return nil
	}
	var diags Diagnostics
	if plan.Action == Replace && r.Exists() {
		// Core makes no plan of its own to destroy the former object.
		if diags = r.apply(ctx, r.destroyPlan(plan.private, r.identity)); diags.HasError() {
			return diags
		}
	}
	return append(diags, r.apply(ctx, plan)...)
}

func (r *Resource) apply(ctx context.Context, plan *Plan) Diagnostics {
	t := r.s.t
	t.Helper()
	resp, err := r.s.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: r.typeName, Config: r.s.dynamic(plan.config), PriorState: r.s.dynamic(plan.prior),
		PlannedState: r.s.dynamic(plan.Planned), PlannedPrivate: plan.private, PlannedIdentity: plan.identity,
	})
	must(t, err)
	diags := Diagnostics(resp.Diagnostics)
	got, former := r.s.value(resp.NewState, r.schema.ValueType()), r.identity
	if diags.HasError() {
		switch {
		case !got.IsNull():
			r.tainted = r.tainted || plan.prior.IsNull()
			r.keep(resp.NewState, resp.Private, resp.NewIdentity)
		case plan.prior.IsNull():
			r.tainted = false
			r.keep(nil, nil, nil)
		}
		// No state after a failed update or destroy means the prior one.
		return diags
	}
	r.tainted = false
	r.keep(resp.NewState, resp.Private, resp.NewIdentity)
	if plan.Action != Update {
		former = nil
	}
	r.checkState("apply", former)
	for _, broken := range checkPromise(t, plan.Planned, got, "") {
		t.Errorf("%s: inconsistent result after apply: %s", r.typeName, broken)
	}
	return diags
}
