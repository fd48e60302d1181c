package gateway

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// changes reports whether going from one gateway to the other needs a request. A
// new version of a write-only secret is not part of a request, but requires one
// that sends the secret.
func changes(api *client.Client, from, to *model) bool {
	return !gateways.SameOnWire(api, from.toAPIStored(), to.toAPIStored()) || !sameVersions(from.features, to.features)
}

// compare reports where the service stored something else than was planned. State
// then has what is stored. Without these errors, the CLI would blame the provider.
func compare(planned, stored *model, diags *diag.Diagnostics) {
	got := stored.attributes()
	for i, want := range planned.attributes() {
		name, got := want.name, got[i].value
		switch {
		case want.value.IsUnknown(), want.value.Equal(got):
		case want.value.IsNull():
			diags.AddError("A feature was switched on meanwhile",
				name+" was switched on after this gateway was last read, and the request did not change it. "+
					"Plan again: the next plan shows it, and applying that switches it off.")
		case secretAttributes[name]:
			diags.AddError("The service stored another value",
				"The request that set "+name+" succeeded, but the gateway now has another value, which may be none. "+
					"The API may not know this feature, or refuse it for this account without saying so. Remove the attribute to go on without it.")
		case got.IsNull():
			diags.AddAttributeError(path.Root(name), "The service does not have this setting",
				"The request that set "+name+" succeeded, but the service's response lacks it. The API behind base_url is probably "+
					"older or newer than this provider, or the account is not entitled to it. Remove the attribute to go on without it.")
		default:
			diags.AddAttributeError(path.Root(name), "The service stored another value", fmt.Sprintf(
				"The request set %s = %s and succeeded, but the gateway now has %s. "+
					"Configure the value that the service accepts, or remove the attribute to leave it to the service.",
				name, want.value, client.Printable(got.String(), 500)))
		}
	}
}
