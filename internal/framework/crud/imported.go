package crud

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

// identityAttributes are the attributes that an import sets.
var identityAttributes = map[string]bool{"account_id": true, "gateway_id": true, "id": true}

// isImport reports whether a state is that of an import which no read has completed:
// it has the attributes of the identity and no others.
func isImport(state tfsdk.State) bool {
	attributes, err := raw.Attributes(state.Raw)
	if err != nil {
		return false
	}
	for name, value := range attributes {
		if !value.IsNull() && !identityAttributes[name] {
			return false
		}
	}
	return true
}

// addNothingToImport adds the error that an object to import does not exist. Without
// it, the CLI reports a "non-existent remote object" and does not say where the
// provider looked.
func addNothingToImport(subject diagnostics.Subject, err error, diags *diag.Diagnostics) {
	if subject.GatewayID != "" && errors.Is(err, client.ErrGatewayNotFound) {
		diagnostics.AddGatewayNotFound(path.Empty(), subject.AccountID, subject.GatewayID, subject.Contents, diags)
		return
	}
	detail := subject.String() + " does not exist, so there is nothing to import. Check the import ID and the account (account_id of the provider, or " +
		"CLOUDFLARE_ACCOUNT_ID, unless the import ID begins with an account ID)."
	if subject.GatewayID != "" {
		detail += fmt.Sprintf(" The gateway %q may not exist either.", subject.GatewayID)
	}
	diags.AddError(diagnostics.Capitalize(subject.Object)+" not found", strings.TrimSpace(detail+" "+subject.ImportHint))
}
