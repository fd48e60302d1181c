package providerconfig

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// importTarget is what an import id says: an id, or a provider and an alias.
type importTarget struct {
	accountID, gatewayID, id, providerSlug, alias string
}

// parseImportID reads gateway_id/id and gateway_id/provider_slug/alias, with the
// account's id in front or not. Of three parts, the first is an account where it
// looks like one.
func parseImportID(id string) (importTarget, bool) {
	var t importTarget
	parts := strings.Split(id, "/")
	if len(parts) == 4 || len(parts) == 3 && client.AccountIDPattern.MatchString(parts[0]) {
		t.accountID, parts = parts[0], parts[1:]
	}
	for _, part := range parts {
		if !client.ValidID(part) {
			return importTarget{}, false
		}
	}
	if t.accountID != "" && !client.AccountIDPattern.MatchString(t.accountID) {
		return importTarget{}, false
	}
	switch len(parts) {
	case 2:
		t.gatewayID, t.id = parts[0], parts[1]
	case 3:
		t.gatewayID, t.providerSlug, t.alias = parts[0], parts[1], parts[2]
	default:
		return importTarget{}, false
	}
	return t, true
}

// ImportState takes "gateway_id/id", "gateway_id/provider_slug/alias", both with
// or without "account_id/" in front, or an identity. It sets what Read needs;
// Read does the rest.
func (r *configResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity.ImportInGateway(ctx, r.Data, req, resp, r.lookUp)
}

// lookUp finds the provider config that an import id names.
func (r *configResource) lookUp(ctx context.Context, id string, diags *diag.Diagnostics) identity.InGateway {
	target, ok := parseImportID(id)
	if !ok {
		addInvalidImport(id, diags)
		return identity.InGateway{}
	}
	account := r.Data.KnownAccount(convert.Text(target.accountID), diags)
	found := identity.InGateway{AccountID: account, GatewayID: types.StringValue(target.gatewayID), ID: types.StringValue(target.id)}
	if target.id != "" || diags.HasError() {
		return found
	}
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return found
	}
	config, err := keys.FindByAlias(ctx, api, account.ValueString(), target.gatewayID, target.providerSlug, target.alias)
	switch {
	case errors.Is(err, client.ErrNotFound):
		diags.AddError("Provider config not found", fmt.Sprintf(
			"Gateway %q in account %s has no key for the provider %q with the alias %q, or there is no such gateway, which the service does not "+
				"tell apart. aigateway_provider_configs lists those that exist; one that was just made may be missing there for some seconds.",
			target.gatewayID, account.ValueString(), target.providerSlug, target.alias))
	case err != nil:
		about := model{AccountID: account, GatewayID: found.GatewayID}
		about.ProviderSlug, about.Alias = types.StringValue(target.providerSlug), types.StringValue(target.alias)
		diags.Append(fromError("read", about, err)...)
	default:
		found.ID = types.StringValue(config.ID)
	}
	return found
}

func addInvalidImport(id string, diags *diag.Diagnostics) {
	diags.AddError("Invalid import id", fmt.Sprintf(
		"%q does not name a provider config. Give its gateway, provider and alias, such as \"my-gateway/openai/default\", or its gateway and id, "+
			"such as \"my-gateway/54442216\", for one in the provider's account; with another account's id in front, such as "+
			"\"0123456789abcdef0123456789abcdef/my-gateway/openai/default\".", id))
}
