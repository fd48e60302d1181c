package protocol

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// MustApply does what a run does: refresh, plan, apply, and then a refresh and a
// second plan, which must be empty. It returns the action of the first plan. A
// nil configuration destroys.
func (r *Resource) MustApply(config map[string]any) Action {
	t := r.s.t
	t.Helper()
	requireNoErrors(t, "refresh", r.Refresh())
	if config == nil && !r.Exists() {
		return NoOp
	}
	plan, diags := r.Plan(config)
	requireNoErrors(t, "plan", diags)
	if config != nil && plan.Action != Replace && plan.Action != NoOp {
		// Core plans again before it applies.
		final, diags := r.Plan(config)
		requireNoErrors(t, "plan again", diags)
		r.checkFinalPlan(plan, final)
	}
	requireNoErrors(t, "apply", r.Apply(plan))
	if config != nil {
		r.MustPlanEmpty(config)
	}
	return plan.Action
}

// MustApplyLater is like [Resource.MustApply] for a configuration of which parts
// are known only after other objects were applied. It plans with the unknown
// values, plans again with the resolved ones, as core does, checks that the
// second plan keeps what the first one promised, and applies. It returns the
// action of the second plan.
func (r *Resource) MustApplyLater(unresolved, resolved map[string]any) Action {
	t := r.s.t
	t.Helper()
	requireNoErrors(t, "refresh", r.Refresh())
	first, diags := r.Plan(unresolved)
	requireNoErrors(t, "plan with unknown values", diags)
	if first.Action == Replace {
		// Core destroys first, and does not ask again whether to replace.
		requireNoErrors(t, "destroy", r.apply(background(t), r.destroyPlan(first.private, r.identity)))
	}
	final, diags := r.Plan(resolved)
	requireNoErrors(t, "plan again", diags)
	r.checkFinalPlan(first, final)
	requireNoErrors(t, "apply", r.Apply(final))
	r.MustPlanEmpty(resolved)
	return final.Action
}

// checkFinalPlan fails the test if the plan that is made before the apply breaks
// what the first one promised.
func (r *Resource) checkFinalPlan(first, final *Plan) {
	t := r.s.t
	t.Helper()
	same := final.Action == first.Action ||
		first.Action == Update && final.Action == NoOp ||
		first.Action == Replace && final.Action == Create // the former object is destroyed by then
	if !same {
		t.Errorf("%s: inconsistent final plan: the action was %s and is %s", r.typeName, first.Action, final.Action)
	}
	for _, broken := range checkPromise(t, first.Planned, final.Planned, "") {
		t.Errorf("%s: inconsistent final plan: %s", r.typeName, broken)
	}
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
		t.Errorf("%s: the plan is not empty: %s:\n%s", r.typeName, plan.Action, strings.Join(r.differences(plan), "\n"))
	}
}

// differences describes what a plan changes, in terms of attributes.
func (r *Resource) differences(plan *Plan) []string {
	r.s.t.Helper()
	var lines []string
	diffs, err := r.state.Diff(plan.Planned)
	if err != nil {
		return []string{err.Error()}
	}
	for _, diff := range diffs {
		if steps := diff.Path.Steps(); len(steps) > 0 && leaf(diff) {
			lines = append(lines, "  "+diff.String())
		}
	}
	return lines
}

// leaf reports whether a difference is not only that of a value's parts.
func leaf(diff tftypes.ValueDiff) bool {
	return diff.Value1 == nil || diff.Value2 == nil || !isSet(*diff.Value1) || !isSet(*diff.Value2) || !hasParts(*diff.Value1)
}
