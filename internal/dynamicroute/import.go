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
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// idPrefix marks an ID in place of a name.
const idPrefix = "id:"

var gatewayPath = path.Root("gateway_id")

// An importTarget is a parsed import ID.
type importTarget struct {
	accountID, gatewayID, name string
}

// parseImportID parses gateway_id/name, optionally after account_id/. Names have no slashes,
// so the parts are unambiguous.
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

// ImportState accepts "gateway_id/name" or "gateway_id/id:<id>", optionally after
// "account_id/", or an identity. It writes to state what Read needs.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity.ImportInGateway(ctx, r.Data, req, resp, r.findImport)
}

// findImport returns the identity of the route that an import ID names. Names take
// precedence: "id:…" is an ID only if no route has this name.
func (r *Resource) findImport(ctx context.Context, id string, diags *diag.Diagnostics) identity.InGateway {
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
	named := model{AccountID: account, GatewayID: found.GatewayID, Name: types.StringValue(target.name)}
	switch {
	case err == nil:
		found.ID = types.StringValue(route.ID)
	case !errors.Is(err, client.ErrNotFound):
		diags.Append(diagnostics.FromError(named.Subject("read"), err)...)
	case !isID || errors.Is(err, client.ErrGatewayNotFound):
		addNotFound(named, err, path.Empty(), diags)
	case client.ValidID(routeID):
		found.ID = types.StringValue(routeID) // Read finds out whether it exists
	default:
		addInvalidImport(id, diags)
	}
	return found
}

func addInvalidImport(id string, diags *diag.Diagnostics) {
	diags.AddError("Invalid import ID", fmt.Sprintf(
		"%q does not identify a dynamic route. Use its gateway and name, such as \"my-gateway/my-route\", or its gateway and ID, such as "+
			"\"my-gateway/id:…\". For another account than the provider's, put the account ID first, such as "+
			"\"0123456789abcdef0123456789abcdef/my-gateway/my-route\".", id))
}

// addNotFound adds the error that a route or its gateway does not exist, at the attribute that
// names the route, or without a path if it is empty.
func addNotFound(m model, err error, at path.Path, diags *diag.Diagnostics) {
	accountID, gatewayID := m.AccountID.ValueString(), m.GatewayID.ValueString()
	if errors.Is(err, client.ErrGatewayNotFound) {
		if !at.Equal(path.Empty()) {
			at = gatewayPath
		}
		diagnostics.AddGatewayNotFound(at, accountID, gatewayID, contents, diags)
		return
	}
	what := fmt.Sprintf("named %q", m.Name.ValueString())
	if m.Name.IsNull() {
		what = fmt.Sprintf("with the ID %q", m.ID.ValueString())
	}
	diagnostics.AddAt(at, "Dynamic route not found", fmt.Sprintf(
		"Gateway %q in account %s has no dynamic route %s. The data source aigateway_dynamic_routes lists the routes of a gateway. A new route may "+
			"be missing from the list for some seconds.", gatewayID, accountID, what),
		"If this configuration creates the route, refer to the resource instead.", diags)
}
