package requestlog

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

// gatewayIsMissing reports whether the gateway is known not to exist.
func gatewayIsMissing(ctx context.Context, api *client.Client, accountID, gatewayID string) bool {
	_, err := gateways.Get(ctx, api, accountID, gatewayID)
	return errors.Is(err, client.ErrNotFound)
}

func addGatewayNotFound(accountID, gatewayID string, diags *diag.Diagnostics) {
	diagnostics.AddGatewayNotFound(path.Root("gateway_id"), accountID, gatewayID, "logs", diags)
}

func addLogNotFound(accountID, gatewayID, logID string, diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("log_id"), "Log not found", fmt.Sprintf(
		"Gateway %q in account %s has no log %q. The service writes a log some seconds after the request. It writes none if the gateway does not "+
			"log (log_enabled), if the request disabled it (cf-aig-collect-log), or if the log storage is full. The log may also have been "+
			"deleted. The data source aigateway_logs lists the logs of a gateway.\n\n"+legacyLogs("data source does not read"), gatewayID, accountID, logID))
}

func addUnknown(diags *diag.Diagnostics) {
	diags.AddError("Unknown values in a search for logs",
		"No request was sent, because some attributes of this data source are still unknown. Terraform reads a data source only when all of "+
			"them are known. Please report this to the provider, with the version of Terraform or OpenTofu.")
}
