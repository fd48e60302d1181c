package policy

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// ImportState accepts "gateway_id/id", optionally after "account_id/", or an identity. It
// writes to state what Read needs.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity.ImportInGateway(ctx, r.Data, req, resp, r.parseImport)
}

func (r *Resource) parseImport(_ context.Context, id string, diags *diag.Diagnostics) identity.InGateway {
	var account types.String
	parts := strings.Split(id, "/")
	if len(parts) == 3 {
		account, parts = types.StringValue(parts[0]), parts[1:]
	}
	valid := account.IsNull() || client.AccountIDPattern.MatchString(account.ValueString())
	if !valid || len(parts) != 2 || !client.ValidID(parts[0]) || !client.ValidID(parts[1]) {
		diags.AddError("Invalid import ID", fmt.Sprintf(
			"%q does not identify a policy. Use its gateway and ID, such as \"my-gateway/d682e5be-1cbe-4328-b7ec-0976fc8644f5\". The data source "+
				"aigateway_policies lists the IDs. For another account than the provider's, put the account ID first, such as "+
				"\"0123456789abcdef0123456789abcdef/my-gateway/d682e5be-1cbe-4328-b7ec-0976fc8644f5\".", id))
		return identity.InGateway{}
	}
	return identity.InGateway{
		AccountID: r.Data.KnownAccount(account, diags), GatewayID: convert.Text(parts[0]), ID: convert.Text(parts[1]),
	}
}

// addNotFound adds the error that a policy does not exist, at the attribute that names it.
func addNotFound(found readModel, what string, at path.Path, diags *diag.Diagnostics) {
	diagnostics.AddAt(at, "Policy not found", fmt.Sprintf(
		"Gateway %q in account %s has no policy with the %s. The data source aigateway_policies lists the policies of a gateway, and with "+
			"include_drafts also those that are not in force.", found.GatewayID.ValueString(), found.AccountID.ValueString(), what),
		"If this configuration creates the policy, refer to the resource instead.", diags)
}
