package protocol

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// An Action is what a plan would do.
type Action string

// The actions of a plan.
const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Delete  Action = "delete"
)

// A Plan is a plan for a [Resource].
type Plan struct {
	Action  Action
	Planned tftypes.Value

	config   tftypes.Value
	prior    tftypes.Value
	identity *tfprotov6.ResourceIdentityData
	private  []byte
}

// Plan validates a configuration and plans it without a refresh. It fails the
// test if the plan breaks core's rules. A nil configuration plans a destroy.
func (r *Resource) Plan(config map[string]any) (*Plan, Diagnostics) {
	r.s.t.Helper()
	if config == nil {
		return r.planDestroy()
	}
	value := Value(r.s.t, r.schema.ValueType(), config)
	diags := r.validate(value)
	if diags.HasError() {
		return nil, diags
	}
	if !r.tainted {
		plan, more := r.plan(value, r.state, r.identity, r.private)
		return plan, append(diags, more...)
	}
	plan, more := r.plan(value, r.null(), nil, nil)
	if plan != nil {
		plan.Action = Replace
	}
	return plan, append(diags, more...)
}

func (r *Resource) plan(config, prior tftypes.Value, identity *tfprotov6.ResourceIdentityData, private []byte) (*Plan, Diagnostics) {
	t := r.s.t
	t.Helper()
	proposed := proposedState(t, r.schema.Block.Attributes, r.schema.ValueType(), prior, config)
	resp, err := r.s.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.typeName, Config: r.s.dynamic(config), PriorState: r.s.dynamic(prior),
		ProposedNewState: r.s.dynamic(proposed), PriorPrivate: private, PriorIdentity: identity,
	})
	must(t, err)
	diags := Diagnostics(resp.Diagnostics)
	if diags.HasError() {
		return nil, diags
	}
	plan := &Plan{
		Action: Update, Planned: r.s.value(resp.PlannedState, r.schema.ValueType()), config: config, prior: prior,
		identity: resp.PlannedIdentity, private: resp.PlannedPrivate,
	}
	for _, broken := range append(
		checkPlan(t, r.schema.Block.Attributes, prior, config, plan.Planned),
		checkWriteOnly(t, r.schema.Block.Attributes, plan.Planned, "")...,
	) {
		t.Errorf("%s: invalid plan: %s", r.typeName, broken)
	}
	switch {
	case prior.IsNull():
		plan.Action = Create
	case plan.Planned.Equal(prior):
		plan.Action = NoOp
	case changesAny(resp.RequiresReplace, prior, plan.Planned):
		// Core plans again, from no object, and passes on the private state. It
		// drops the warnings of the second plan.
		replacement, more := r.plan(config, r.null(), nil, resp.PlannedPrivate)
		if replacement == nil {
			return nil, append(diags, more...)
		}
		replacement.Action = Replace
		return replacement, diags
	}
	return plan, diags
}

// changesAny reports whether one of the attributes changes.
func changesAny(paths []*tftypes.AttributePath, prior, planned tftypes.Value) bool {
	for _, p := range paths {
		before, _, errBefore := tftypes.WalkAttributePath(prior, p)
		after, _, errAfter := tftypes.WalkAttributePath(planned, p)
		if errBefore != nil || errAfter != nil {
			return true
		}
		was, ok1 := before.(tftypes.Value)
		is, ok2 := after.(tftypes.Value)
		if !ok1 || !ok2 || !was.Equal(is) {
			return true
		}
	}
	return false
}

func (r *Resource) planDestroy() (*Plan, Diagnostics) {
	t := r.s.t
	t.Helper()
	null := r.null()
	resp, err := r.s.server.PlanResourceChange(background(t), &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.typeName, Config: r.s.dynamic(null), PriorState: r.s.dynamic(r.state),
		ProposedNewState: r.s.dynamic(null), PriorPrivate: r.private, PriorIdentity: r.identity,
	})
	must(t, err)
	if planned := r.s.value(resp.PlannedState, r.schema.ValueType()); !planned.IsNull() {
		t.Errorf("%s: invalid plan: the plan to destroy has an object: %s", r.typeName, planned)
	}
	return r.destroyPlan(resp.PlannedPrivate, resp.PlannedIdentity), resp.Diagnostics
}

func (r *Resource) destroyPlan(private []byte, identity *tfprotov6.ResourceIdentityData) *Plan {
	return &Plan{Action: Delete, Planned: r.null(), config: r.null(), prior: r.state, private: private, identity: identity}
}

func (r *Resource) null() tftypes.Value { return tftypes.NewValue(r.schema.ValueType(), nil) }
