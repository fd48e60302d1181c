package requestlog

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// gatewayIsMissing looks whether the gateway exists. What cannot be looked up
// is not missing.
func gatewayIsMissing(ctx context.Context, api *client.Client, accountID, gatewayID string) bool {
	_, err := gateways.Get(ctx, api, accountID, gatewayID)
	return errors.Is(err, client.ErrNotFound)
}

func addGatewayNotFound(diags *diag.Diagnostics, accountID, gatewayID string) {
	diags.AddAttributeError(path.Root("gateway_id"), "Gateway not found", fmt.Sprintf(
		"Account %s has no gateway %q, and so no logs of one. Check the id and the account (account_id here, of the provider, or "+
			"CLOUDFLARE_ACCOUNT_ID); aigateway_gateways lists the gateways that exist. If the same configuration creates it, refer to the "+
			"resource's id instead. Deleting a gateway deletes its logs.", accountID, gatewayID))
}

func addLogNotFound(diags *diag.Diagnostics, accountID, gatewayID, logID string) {
	diags.AddAttributeError(path.Root("log_id"), "Log not found", fmt.Sprintf(
		"Gateway %q in account %s has no log %q. The service writes a log some seconds after its request, and none if the gateway does not "+
			"log (log_enabled), if the request said so (cf-aig-collect-log), or if its store of logs is full; and it may have been deleted "+
			"since. aigateway_logs lists those that exist.\n\n"+legacyLogs, gatewayID, accountID, logID))
}

func addUnknown(diags *diag.Diagnostics) {
	diags.AddError("Unknown values in a search for logs",
		"The logs were to be read before all attributes of this data source were known, so no request was sent. Terraform reads a data "+
			"source only when they are: please report this to the provider, with the version of Terraform or OpenTofu.")
}
