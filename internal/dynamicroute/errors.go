package dynamicroute

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

// fromError is [diagnostics.FromError], but for a gateway that is missing,
// which is the mistake of another attribute.
func fromError(subject diagnostics.Subject, err error) diag.Diagnostics {
	if !isGatewayMissing(err) {
		return diagnostics.FromError(subject, err)
	}
	var diags diag.Diagnostics
	addGatewayNotFound(subject.AccountID, subject.GatewayID, path.Root("gateway_id"), &diags)
	return diags
}

func isGatewayMissing(err error) bool { return errors.Is(err, client.ErrGatewayNotFound) }

// addNotFound says that there is no such route, or no such gateway. The path is
// that of the attribute that names the route, empty if none does.
func addNotFound(m model, err error, at path.Path, diags *diag.Diagnostics) {
	accountID, gatewayID := m.AccountID.ValueString(), m.GatewayID.ValueString()
	if isGatewayMissing(err) {
		if !at.Equal(path.Empty()) {
			at = path.Root("gateway_id")
		}
		addGatewayNotFound(accountID, gatewayID, at, diags)
		return
	}
	what := fmt.Sprintf("named %q", m.Name.ValueString())
	if m.Name.IsNull() {
		what = fmt.Sprintf("with the id %q", m.ID.ValueString())
	}
	addAt(at, "Dynamic route not found", fmt.Sprintf(
		"Gateway %q in account %s has no dynamic route %s. aigateway_dynamic_routes lists those that exist; one that was just made may be "+
			"missing there for some seconds.", gatewayID, accountID, what), "If the same configuration creates it, refer to the resource instead.", diags)
}

func addGatewayNotFound(accountID, gatewayID string, at path.Path, diags *diag.Diagnostics) {
	addAt(at, "Gateway not found", fmt.Sprintf(
		"Account %s has no gateway %q, and so no routes of one. Check the id and the account (account_id here, of the provider, or "+
			"CLOUDFLARE_ACCOUNT_ID); aigateway_gateways lists the gateways that exist. Deleting a gateway deletes its routes.", accountID, gatewayID),
		"If the same configuration creates it, refer to the resource's id instead.", diags)
}

// addAt adds an error at an attribute, with advice for configurations; or, for
// an import, at none and without.
func addAt(at path.Path, summary, detail, advice string, diags *diag.Diagnostics) {
	if at.Equal(path.Empty()) {
		diags.AddError(summary, detail)
		return
	}
	diags.AddAttributeError(at, summary, detail+" "+advice)
}
