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
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// An importTarget is a parsed import ID: it has an id, or a provider and an alias.
type importTarget struct {
	accountID, gatewayID, id, providerSlug, alias string
}

// parseImportID parses gateway_id/id and gateway_id/provider_slug/alias, optionally after
// account_id/. Of three parts, the first is an account if it looks like the ID of one.
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

// ImportState accepts "gateway_id/id" or "gateway_id/provider_slug/alias", optionally after
// "account_id/", or an identity. It writes to state what Read needs.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity.ImportInGateway(ctx, r.Data, req, resp, r.findImport)
}

// findImport returns the identity of the provider config that an import ID names.
func (r *Resource) findImport(ctx context.Context, id string, diags *diag.Diagnostics) identity.InGateway {
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
			"Gateway %q in account %s has no key for the provider %q with the alias %q, or the gateway does not exist: the service does not "+
				"distinguish the two. The data source aigateway_provider_configs lists the provider configs of a gateway. A new one may be "+
				"missing from the list for some seconds.",
			target.gatewayID, account.ValueString(), target.providerSlug, target.alias))
	case err != nil:
		subject := model{AccountID: account, GatewayID: found.GatewayID, facts: facts{
			ProviderSlug: types.StringValue(target.providerSlug), Alias: types.StringValue(target.alias),
		}}.Subject("read")
		diags.Append(diagnostics.FromError(subject, err)...)
	default:
		found.ID = types.StringValue(config.ID)
	}
	return found
}

func addInvalidImport(id string, diags *diag.Diagnostics) {
	diags.AddError("Invalid import ID", fmt.Sprintf(
		"%q does not identify a provider config. Use its gateway, provider and alias, such as \"my-gateway/openai/default\", or its gateway and "+
			"ID, such as \"my-gateway/54442216\". For another account than the provider's, put the account ID first, such as "+
			"\"0123456789abcdef0123456789abcdef/my-gateway/openai/default\".", id))
}
