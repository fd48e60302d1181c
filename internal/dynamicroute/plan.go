package dynamicroute

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan says what an apply will change: of a graph that means the same,
// nothing.
func (r *routeResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // to be destroyed
	}
	// What is unset, and not only unknown yet, would be missing in the apply too.
	if r.Data.AddUnset(&resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if r.Data.AddUnsupported("Dynamic routes", r.Data.Client.Capabilities().Routes, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.Model = modelOf(plan.Name)
	var own types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, accountPath, &own)...)
	if req.State.Raw.IsNull() {
		if own.IsNull() {
			plan.AccountID = r.Data.Account(own, &resp.Diagnostics)
		}
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Data.WarnOfAccount("dynamic route", state.Name.ValueString(), own, state.AccountID, &resp.Diagnostics)
	plan.keep(state)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// keep leaves as it is what the service says of a route, as far as nothing is
// sent that changes it. Elements that mean the same are the same here: numbers
// and shares have one spelling, and conditions keep their former text.
func (m *model) keep(state model) {
	graphStays := m.Entry.Equal(state.Entry) && m.Elements.Equal(state.Elements)
	m.VersionID, m.DeploymentID, m.ModifiedAt = state.VersionID, state.DeploymentID, state.ModifiedAt
	if !graphStays {
		m.VersionID, m.DeploymentID = types.StringUnknown(), types.StringUnknown()
	}
	if !graphStays || !m.Name.Equal(state.Name) {
		m.ModifiedAt = timetypes.NewRFC3339Unknown()
	}
}
