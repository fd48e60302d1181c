package crud

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// PlanAction adds the errors that the invocation of an action would certainly run into.
// It sends no request.
func PlanAction(ctx context.Context, data *providerdata.Data, support Support, config tfsdk.Config, diags *diag.Diagnostics) {
	if data.AddUnset(diags); diags.HasError() || !support.Check(data, diags) {
		return
	}
	var account types.String
	diags.Append(config.GetAttribute(ctx, accountPath, &account)...)
	data.Account(account, diags)
}

// InvokeAction reads the configuration of an action and lets invoke carry it out. It does
// not call invoke, and so sends no request, as long as a part of the configuration of the
// action or of the provider is unknown. Errors say how to invoke the action again.
func InvokeAction[M any, P DataModel[M]](
	ctx context.Context, data *providerdata.Data, support Support, typeName string, config tfsdk.Config, resp *action.InvokeResponse,
	invoke func(api *client.Client, model P),
) {
	diags := &resp.Diagnostics
	defer func() { diagnostics.AddAdvice(*diags, diagnostics.InvokeAgain(typeName)) }()
	if !config.Raw.IsFullyKnown() {
		diags.AddError("Unknown values in an action",
			"No request was sent, because some attributes of this action are still unknown. Terraform invokes an action only when all of "+
				"them are known. Please report this to the provider, with the version of Terraform.")
		return
	}
	model := P(new(M))
	diags.Append(config.Get(ctx, model)...)
	api := data.ControlPlane(diags)
	if diags.HasError() || !support.Check(data, diags) {
		return
	}
	account := model.Account()
	if *account = data.KnownAccount(*account, diags); !diags.HasError() {
		invoke(api, model)
	}
}
