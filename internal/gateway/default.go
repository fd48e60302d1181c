package gateway

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// defaultGateway is the id of the gateway that the service creates by itself,
// with the first authenticated request that names it or names none.
const defaultGateway = "default"

// warnOfReturn says, of a plan by which the default gateway is destroyed or
// replaced by another, that it comes back.
func warnOfReturn(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	if req.State.Raw.IsNull() {
		return // to be created
	}
	var id types.String
	if diags.Append(req.State.GetAttribute(ctx, path.Root("id"), &id)...); diags.HasError() || id.ValueString() != defaultGateway {
		return
	}
	var before model
	if diags.Append(req.State.Get(ctx, &before)...); diags.HasError() {
		return
	}
	if !req.Plan.Raw.IsNull() {
		var plan model
		if diags.Append(req.Plan.Get(ctx, &plan)...); diags.HasError() || stays(before, plan) {
			return
		}
	}
	diags.AddWarning("The default gateway comes back", "Destroying the gateway \"default\" deletes its settings and its logs. The service then "+
		"creates it anew, with its own settings, with the next authenticated request that names it or names no gateway. To only stop "+
		"managing it here, use a removed block with destroy = false (or terraform state rm).")
}

// stays tells whether a gateway is the same one after a plan. What is not known
// yet counts as the same, since the plan is made again when it is.
func stays(before, plan model) bool {
	same := func(was, is types.String) bool { return is.IsUnknown() || is.Equal(was) }
	return same(before.Name, plan.Name) && same(before.AccountID, plan.AccountID)
}
