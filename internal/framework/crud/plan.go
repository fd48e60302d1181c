package crud

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

var accountPath = path.Root("account_id")

// ModifyPlan runs what the plans of all resources have in common, and then
// complete, which gets the plan and the state. The state is nil for an object that
// is to be created.
//
// An object whose configuration has no account_id is created in the provider's
// account. Afterwards it stays there; if the provider's account changes, the plan
// warns.
func ModifyPlan[M any, P Model[M]](
	ctx context.Context, data *providerdata.Data, support Support, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
	complete func(plan, state P),
) {
	diags := &resp.Diagnostics
	if !BeginPlan(data, support, req, resp) {
		return
	}
	var configured types.String
	diags.Append(req.Config.GetAttribute(ctx, accountPath, &configured)...)
	exists := !req.State.Raw.IsNull()
	if !exists && configured.IsNull() {
		diags.Append(resp.Plan.SetAttribute(ctx, accountPath, data.Account(configured, diags))...)
	}
	var plan, state M
	diags.Append(resp.Plan.Get(ctx, &plan)...)
	if exists {
		diags.Append(req.State.Get(ctx, &state)...)
	}
	if diags.HasError() {
		return
	}
	if exists {
		current := P(&state).Subject("plan")
		data.WarnOfAccount(current.Object, current.ID, configured, types.StringValue(current.AccountID), diags)
		complete(&plan, &state)
	} else {
		complete(&plan, nil)
	}
	diags.Append(resp.Plan.Set(ctx, &plan)...)
}

// BeginPlan reports whether there is something to plan: not if the object is to be
// destroyed, and not after an error. It adds the errors that the apply would
// certainly run into as well.
func BeginPlan(data *providerdata.Data, support Support, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) bool {
	if req.Plan.Raw.IsNull() {
		return false
	}
	if data.AddUnset(&resp.Diagnostics); resp.Diagnostics.HasError() {
		return false
	}
	return support.Check(data, &resp.Diagnostics)
}
