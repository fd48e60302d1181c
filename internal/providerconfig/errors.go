package providerconfig

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
func fromError(verb string, m model, err error) diag.Diagnostics {
	if verb == "create" && errors.Is(err, client.ErrNotFound) {
		var diags diag.Diagnostics
		addGatewayNotFound(m.AccountID.ValueString(), m.GatewayID.ValueString(), &diags)
		return diags
	}
	return diagnostics.FromError(subject(verb, m), err)
}

func addGatewayNotFound(accountID, gatewayID string, diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("gateway_id"), "Gateway not found", fmt.Sprintf(
		"Account %s has no gateway %q, and so no keys of one. Check the id and the account (account_id here, of the provider, or "+
			"CLOUDFLARE_ACCOUNT_ID); aigateway_gateways lists the gateways that exist. If the same configuration creates it, refer to the "+
			"resource's id instead. Deleting a gateway deletes its provider configs.", accountID, gatewayID))
}

// subject is a provider config as errors speak of it. The key is no attribute
// of it: the CLI would print the line.
func subject(verb string, m model) diagnostics.Subject {
	s := diagnostics.Subject{
		Verb: verb, Object: "provider config", AccountID: m.AccountID.ValueString(), GatewayID: m.GatewayID.ValueString(), ID: name(m),
		ResourceType: ResourceType, Attributes: map[string]path.Path{},
	}
	if verb != "read" && verb != "list" {
		s.Permission = "AI Gateway Edit and Secrets Store Write"
	}
	for _, attribute := range []string{"provider_slug", "alias", "default_config", "rate_limit", "rate_limit_period", "secret_id"} {
		s.Attributes[attribute] = path.Root(attribute)
	}
	if m.ProviderSlug.ValueString() == "" {
		s.ID = m.ID.ValueString() // imported, and not read yet
	}
	return s
}
