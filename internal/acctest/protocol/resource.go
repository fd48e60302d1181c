package protocol

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Action is what a plan would do.
type Action string

// The actions of a plan.
const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Delete  Action = "delete"
)

// Resource is one resource of a configuration, with what core would keep of
// it.
type Resource struct {
	s        *Server
	typeName string
	schema   *tfprotov6.Schema

	state    tftypes.Value
	identity *tfprotov6.ResourceIdentityData
	private  []byte
	tainted  bool
}

// Plan is a plan for a [Resource].
type Plan struct {
	Action  Action
	Planned tftypes.Value

	config   tftypes.Value
	prior    tftypes.Value
	identity *tfprotov6.ResourceIdentityData
	private  []byte
}

// Resource starts with a resource of this type that does not exist yet.
func (s *Server) Resource(typeName string) *Resource {
	s.t.Helper()
	schema, ok := s.schema.ResourceSchemas[typeName]
	if !ok {
		s.t.Fatalf("the provider has no resource %s", typeName)
	}
	return &Resource{s: s, typeName: typeName, schema: schema, state: tftypes.NewValue(schema.ValueType(), nil)}
}

// With is the same resource under another configuration of the provider.
func (r *Resource) With(s *Server) *Resource {
	moved := *r
	moved.s = s
	return &moved
}

// State is the state as plain Go; nil if the resource does not exist.
func (r *Resource) State() map[string]any { return Object(r.s.t, r.state) }

// Exists tells whether state has the resource.
func (r *Resource) Exists() bool { return !r.state.IsNull() }

// Tainted tells whether the next apply replaces the resource.
func (r *Resource) Tainted() bool { return r.tainted }

// Identity is the resource's identity as plain Go.
func (r *Resource) Identity() map[string]any {
	r.s.t.Helper()
	if r.identity == nil || r.identity.IdentityData == nil {
		return nil
	}
	schema := r.s.identities.IdentitySchemas[r.typeName]
	return Object(r.s.t, r.s.value(r.identity.IdentityData, schema.ValueType()))
}

// ForgetIdentity is a state from before the provider had identities, or of a
// CLI that does not keep them.
func (r *Resource) ForgetIdentity() { r.identity = nil }

// Validate is what validation says of a configuration.
func (r *Resource) Validate(config map[string]any) Diagnostics {
	r.s.t.Helper()
	return r.validate(Value(r.s.t, r.schema.ValueType(), config))
}

func (r *Resource) validate(config tftypes.Value) Diagnostics {
	r.s.t.Helper()
	resp, err := r.s.server.ValidateResourceConfig(r.s.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: r.typeName, Config: r.s.dynamic(config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	must(r.s.t, err)
	return resp.Diagnostics
}

// Plan validates a configuration and plans it, without a refresh, and fails
// the test if the plan breaks core's rules. A nil config plans a destroy.
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
	if r.tainted {
		plan, more := r.plan(value, tftypes.NewValue(r.schema.ValueType(), nil), nil, nil)
		if plan != nil {
			plan.Action = Replace
		}
		return plan, append(diags, more...)
	}
	plan, more := r.plan(value, r.state, r.identity, r.private)
	return plan, append(diags, more...)
}

func (r *Resource) plan(config, prior tftypes.Value, identity *tfprotov6.ResourceIdentityData, private []byte) (*Plan, Diagnostics) {
	t := r.s.t
	t.Helper()
	proposed := proposedNew(t, r.schema.Block.Attributes, r.schema.ValueType(), prior, config)
	resp, err := r.s.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.typeName, Config: r.s.dynamic(config), PriorState: r.s.dynamic(prior),
		ProposedNewState: r.s.dynamic(proposed), PriorPrivate: private, PriorIdentity: identity,
	})
	must(t, err)
	diags := Diagnostics(resp.Diagnostics)
	if diags.HasError() {
		return nil, diags
	}
	planned := r.s.value(resp.PlannedState, r.schema.ValueType())
	for _, fault := range planFaults(t, r.schema.Block.Attributes, prior, config, planned, "") {
		t.Errorf("%s: invalid plan: %s", r.typeName, fault)
	}
	plan := &Plan{
		Action: Update, Planned: planned, config: config, prior: prior,
		identity: resp.PlannedIdentity, private: resp.PlannedPrivate,
	}
	switch {
	case prior.IsNull():
		plan.Action = Create
	case planned.Equal(prior):
		plan.Action = NoOp
	case r.replaces(resp.RequiresReplace, prior, planned):
		again, more := r.plan(config, tftypes.NewValue(r.schema.ValueType(), nil), nil, nil)
		if again != nil {
			again.Action = Replace
		}
		return again, append(diags, more...)
	}
	return plan, diags
}

// replaces tells whether one of the attributes that ask for replacement
// changes.
func (r *Resource) replaces(paths []*tftypes.AttributePath, prior, planned tftypes.Value) bool {
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
	null := tftypes.NewValue(r.schema.ValueType(), nil)
	resp, err := r.s.server.PlanResourceChange(background(t), &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.typeName, Config: r.s.dynamic(null), PriorState: r.s.dynamic(r.state),
		ProposedNewState: r.s.dynamic(null), PriorPrivate: r.private, PriorIdentity: r.identity,
	})
	must(t, err)
	return &Plan{
		Action: Delete, Planned: null, config: null, prior: r.state, private: resp.PlannedPrivate, identity: resp.PlannedIdentity,
	}, resp.Diagnostics
}

// Apply carries a plan out, and fails the test if the outcome is not what was
// planned. As core does, it takes over whatever state comes back, also beside
// an error, and taints what was to be created.
func (r *Resource) Apply(plan *Plan) Diagnostics {
	r.s.t.Helper()
	return r.ApplyContext(background(r.s.t), plan)
}

// ApplyContext is [Resource.Apply] under a context, which ends when the user
// interrupts.
func (r *Resource) ApplyContext(ctx context.Context, plan *Plan) Diagnostics {
	r.s.t.Helper()
	var before Diagnostics
	if plan.Action == NoOp {
		return nil
	}
	if plan.Action == Replace && !r.state.IsNull() {
		destroy, diags := r.planDestroy()
		if diags.HasError() {
			return diags
		}
		if before = r.apply(ctx, destroy); before.HasError() {
			return before
		}
	}
	return append(before, r.apply(ctx, plan)...)
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
	got := r.s.value(resp.NewState, r.schema.ValueType())
	r.tainted = diags.HasError() && plan.prior.IsNull() && !got.IsNull()
	r.state, r.private, r.identity = got, resp.Private, resp.NewIdentity
	if got.IsNull() {
		r.identity = nil
	}
	if diags.HasError() {
		return diags
	}
	if !got.IsFullyKnown() {
		t.Errorf("%s: unknown values after apply: %s", r.typeName, got)
	}
	for _, fault := range applyFaults(plan.Planned, got, r.typeName) {
		t.Errorf("inconsistent result after apply: %s", fault)
	}
	return diags
}

// Refresh reads the resource as core does before a plan.
func (r *Resource) Refresh() Diagnostics {
	t := r.s.t
	t.Helper()
	if r.state.IsNull() {
		return nil
	}
	resp, err := r.s.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: r.typeName, CurrentState: r.s.dynamic(r.state), Private: r.private, CurrentIdentity: r.identity,
	})
	must(t, err)
	diags := Diagnostics(resp.Diagnostics)
	if diags.HasError() {
		return diags
	}
	r.state, r.private, r.identity = r.s.value(resp.NewState, r.schema.ValueType()), resp.Private, resp.NewIdentity
	if r.state.IsNull() {
		r.identity = nil
	}
	return diags
}

// Import puts an existing object into state, as an import block with an id
// does, and reads it.
func (r *Resource) Import(id string) Diagnostics {
	r.s.t.Helper()
	return r.importAs(&tfprotov6.ImportResourceStateRequest{TypeName: r.typeName, ID: id})
}

// ImportIdentity is [Resource.Import] by identity.
func (r *Resource) ImportIdentity(identity map[string]any) Diagnostics {
	t := r.s.t
	t.Helper()
	value := Value(t, r.s.identities.IdentitySchemas[r.typeName].ValueType(), identity)
	return r.importAs(&tfprotov6.ImportResourceStateRequest{
		TypeName: r.typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: r.s.dynamic(value)},
	})
}

func (r *Resource) importAs(req *tfprotov6.ImportResourceStateRequest) Diagnostics {
	t := r.s.t
	t.Helper()
	resp, err := r.s.server.ImportResourceState(t.Context(), req)
	must(t, err)
	diags := Diagnostics(resp.Diagnostics)
	if diags.HasError() {
		return diags
	}
	if len(resp.ImportedResources) != 1 {
		t.Fatalf("%s: import brought %d resources", r.typeName, len(resp.ImportedResources))
	}
	imported := resp.ImportedResources[0]
	r.state, r.private, r.identity = r.s.value(imported.State, r.schema.ValueType()), imported.Private, imported.Identity
	diags = append(diags, r.Refresh()...)
	if !diags.HasError() && r.state.IsNull() {
		diags = append(diags, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityError, Summary: "Cannot import non-existent remote object",
		})
	}
	return diags
}

// MustApply takes a configuration the whole way: refresh, plan, apply, refresh
// and a second plan, which must be empty. It returns the action of the first
// plan. A config of nil destroys.
func (r *Resource) MustApply(config map[string]any) Action {
	t := r.s.t
	t.Helper()
	requireNoErrors(t, "refresh", r.Refresh())
	if config == nil && r.state.IsNull() {
		return NoOp
	}
	plan, diags := r.Plan(config)
	requireNoErrors(t, "plan", diags)
	requireNoErrors(t, "apply", r.Apply(plan))
	if config != nil {
		r.MustPlanEmpty(config)
	}
	return plan.Action
}

// MustApplyLater is [Resource.MustApply] where parts of the configuration are
// known only after other objects were applied: it plans with unknowns, plans
// again with resolved, as core does, checks that the second plan keeps what
// the first one promised, and applies.
func (r *Resource) MustApplyLater(unresolved, resolved map[string]any) Action {
	t := r.s.t
	t.Helper()
	requireNoErrors(t, "refresh", r.Refresh())
	first, diags := r.Plan(unresolved)
	requireNoErrors(t, "plan with unknown values", diags)
	if first.Action == Replace {
		// Core does not ask again whether to replace: it destroys first.
		destroy, diags := r.planDestroy()
		requireNoErrors(t, "plan to destroy", diags)
		requireNoErrors(t, "destroy", r.apply(background(t), destroy))
	}
	second, diags := r.Plan(resolved)
	requireNoErrors(t, "plan again", diags)
	for _, fault := range applyFaults(first.Planned, second.Planned, r.typeName) {
		t.Errorf("the second plan breaks what the first one said: %s", fault)
	}
	requireNoErrors(t, "apply", r.Apply(second))
	r.MustPlanEmpty(resolved)
	return second.Action
}

// MustPlanEmpty refreshes and plans, and fails the test unless the plan is
// empty.
func (r *Resource) MustPlanEmpty(config map[string]any) {
	t := r.s.t
	t.Helper()
	requireNoErrors(t, "refresh", r.Refresh())
	plan, diags := r.Plan(config)
	requireNoErrors(t, "second plan", diags)
	if plan.Action != NoOp {
		t.Errorf("%s: the plan is not empty: %s:\n%s", r.typeName, plan.Action, strings.Join(differences(plan), "\n"))
	}
}

func differences(plan *Plan) []string {
	var lines []string
	diffs, err := plan.prior.Diff(plan.Planned)
	if err != nil {
		return []string{err.Error()}
	}
	for _, diff := range diffs {
		if len(diff.Path.Steps()) > 0 {
			lines = append(lines, "  "+diff.String())
		}
	}
	return lines
}
