package dynamicroute

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// idPrefix marks an id where a name would stand.
const idPrefix = "id:"

var accountPath = path.Root("account_id")

// importTarget is what an import id says.
type importTarget struct {
	accountID, gatewayID, name string
}

// parseImportID reads gateway_id/name, with the account's id in front or not. A
// name has no slash, so that nothing is ambiguous.
func parseImportID(id string) (importTarget, bool) {
	var t importTarget
	parts := strings.Split(id, "/")
	if len(parts) == 3 {
		if t.accountID, parts = parts[0], parts[1:]; !client.AccountIDPattern.MatchString(t.accountID) {
			return importTarget{}, false
		}
	}
	if len(parts) != 2 || !client.ValidID(parts[0]) || parts[1] == "" || parts[1] == idPrefix {
		return importTarget{}, false
	}
	t.gatewayID, t.name = parts[0], parts[1]
	return t, true
}

// ImportState takes "gateway_id/name", "gateway_id/id:<id>", both with or
// without "account_id/" in front, or an identity. It sets what Read needs; Read
// does the rest.
func (r *routeResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity.ImportInGateway(ctx, r.Data, req, resp, r.lookUp)
}

// lookUp finds the route that an import id names. A name wins over an id: only
// where no route has the name "id:…", it is an id.
func (r *routeResource) lookUp(ctx context.Context, id string, diags *diag.Diagnostics) identity.InGateway {
	target, ok := parseImportID(id)
	if !ok {
		addInvalidImport(id, diags)
		return identity.InGateway{}
	}
	account := r.Data.KnownAccount(convert.Text(target.accountID), diags)
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return identity.InGateway{}
	}
	found := identity.InGateway{AccountID: account, GatewayID: types.StringValue(target.gatewayID)}
	route, err := routes.Find(ctx, api, account.ValueString(), target.gatewayID, target.name)
	routeID, isID := strings.CutPrefix(target.name, idPrefix)
	switch {
	case err == nil:
		found.ID = types.StringValue(route.ID)
	case errors.Is(err, client.ErrNotFound) && isID && !isGatewayMissing(err) && !client.ValidID(routeID):
		addInvalidImport(id, diags)
	case errors.Is(err, client.ErrNotFound) && isID && !isGatewayMissing(err):
		found.ID = types.StringValue(routeID) // Read finds out whether it exists
	case errors.Is(err, client.ErrNotFound):
		addNotFound(model{AccountID: account, GatewayID: found.GatewayID, Name: types.StringValue(target.name)}, err, path.Empty(), diags)
	default:
		about := model{AccountID: account, GatewayID: found.GatewayID, Name: types.StringValue(target.name)}
		diags.Append(fromError(subject("read", about), err)...)
	}
	return found
}

func addInvalidImport(id string, diags *diag.Diagnostics) {
	diags.AddError("Invalid import id", fmt.Sprintf(
		"%q does not name a dynamic route. Give its gateway and its name, such as \"my-gateway/my-route\", or its id, such as "+
			"\"my-gateway/id:…\", for a route in the provider's account; with another account's id in front, such as "+
			"\"0123456789abcdef0123456789abcdef/my-gateway/my-route\".", id))
}
