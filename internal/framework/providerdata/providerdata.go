// Package providerdata is what the configured provider hands to every
// resource and data source.
package providerdata

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/text"
)

// Data is the provider's configuration, as far as it is known. During a plan,
// parts of it may come from objects that the same apply will create: they are
// unknown, which is an error only once a request needs them.
type Data struct {
	// Client lacks what is unknown: [Data.ControlPlane] and [Data.DataPlane]
	// hand it out where nothing is missing.
	Client *client.Client
	// AccountID is the default account: null if there is none.
	AccountID types.String
	// BaseURL is the control plane's address without a trailing slash.
	BaseURL types.String
	// GatewayBaseURL is the data plane's address without a trailing slash.
	GatewayBaseURL types.String
	// AllowTestRequests is whether requests may be sent to models.
	AllowTestRequests types.Bool
	// TestRequestHeaders go with those requests.
	TestRequestHeaders map[string]string

	// ControlPlaneMissing and DataPlaneMissing say, in a sentence each, what
	// stands in the way of requests to either.
	ControlPlaneMissing, DataPlaneMissing []Missing
}

// Missing is something that a request needs and that is not there.
type Missing struct {
	// Summary and Detail are those of the error.
	Summary, Detail string
	// Unset is what nobody has set, as against what is only unknown yet.
	Unset bool
}

// From reads what a resource's or data source's Configure was given. It is nil
// before the provider is configured, which is no error: validation runs then.
func From(data any, diags *diag.Diagnostics) *Data {
	if data == nil {
		return nil
	}
	d, ok := data.(*Data)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf(
			"The provider handed over %T. This is a fault of the provider: please report it.", data))
	}
	return d
}

// ControlPlane is the client for requests about settings. Without one, it adds
// errors that say what is missing and returns nil.
func (d *Data) ControlPlane(diags *diag.Diagnostics) *client.Client {
	return d.clientFor(diags, func(d *Data) []Missing { return d.ControlPlaneMissing })
}

// AddUnset adds the errors of [Data.ControlPlane] that are sure already in a
// plan: about what nobody has set.
func (d *Data) AddUnset(diags *diag.Diagnostics) {
	if d == nil {
		return
	}
	for _, m := range d.ControlPlaneMissing {
		if m.Unset {
			diags.AddError(m.Summary, m.Detail)
		}
	}
}

// DataPlane is the client for requests through a gateway. Without one, it adds
// errors that say what is missing and returns nil.
func (d *Data) DataPlane(diags *diag.Diagnostics) *client.Client {
	return d.clientFor(diags, func(d *Data) []Missing { return d.DataPlaneMissing })
}

func (d *Data) clientFor(diags *diag.Diagnostics, missing func(*Data) []Missing) *client.Client {
	if d == nil {
		diags.AddError("Provider not configured",
			"A request was due before the provider was configured. This is a fault of the provider: please report it.")
		return nil
	}
	for _, m := range missing(d) {
		// Without an attribute's path: the CLI would print the line of the
		// configuration, which may hold the secret.
		diags.AddError(m.Summary, m.Detail)
	}
	if len(missing(d)) > 0 {
		return nil
	}
	return d.Client
}

// Account is the account that an object belongs to: its own if it names one,
// else the provider's, which may be unknown. With neither, it adds an error
// that names both.
func (d *Data) Account(own types.String, diags *diag.Diagnostics) types.String {
	if !own.IsNull() {
		return own
	}
	if d == nil {
		return types.StringUnknown()
	}
	if d.AccountID.IsNull() {
		diags.AddError("Missing account id", strings.Join([]string{
			"It is not known in which Cloudflare account this object lives. These were looked at, and all are unset:",
			"  - account_id of the object itself",
			"  - account_id of the provider",
			"  - the environment variable CLOUDFLARE_ACCOUNT_ID",
			"The dashboard shows the id under Account details: 32 hexadecimal digits.",
		}, "\n"))
	}
	return d.AccountID
}

// KnownAccount is [Data.Account] for a request that is due now: an account
// that is known only after apply is an error as well.
func (d *Data) KnownAccount(own types.String, diags *diag.Diagnostics) types.String {
	account := d.Account(own, diags)
	if account.IsUnknown() {
		diags.AddError("Unknown account id",
			"A request is due, and the account is known only after apply, since it comes from an object that does not exist yet. "+
				"No request was sent. Create that object first (terraform apply -target=…), or give account_id a value that is known.")
	}
	return account
}

// WarnOfAccount says that an object stays where it is although the provider's
// account has changed. own is account_id in the configuration, and current the
// account that the object lives in.
func (d *Data) WarnOfAccount(object, id string, own, current types.String, diags *diag.Diagnostics) {
	if !own.IsNull() || d.AccountID.ValueString() == "" || d.AccountID.Equal(current) {
		return
	}
	diags.AddAttributeWarning(path.Root("account_id"), text.Capitalised(object)+" in another account", fmt.Sprintf(
		"The %s %q lives in account %s and stays there, although the provider's account_id is %s. "+
			"Set account_id of this resource: to the former to say that this is right, to the latter to replace the %s.",
		object, id, current.ValueString(), d.AccountID.ValueString(), object))
}

// AddUnsupported adds an error about objects that the provider's wire format
// does not have, unless it has them. It belongs to plans, since validation runs
// before the provider is configured.
func (d *Data) AddUnsupported(objects string, has bool, diags *diag.Diagnostics) {
	if has {
		return
	}
	diags.AddError(objects+" are not in the wire format", fmt.Sprintf(
		"The provider's wire_format is %q, which knows gateways alone. Use the format %q, which is Cloudflare's own.",
		d.Client.Capabilities().Format, client.WireCloudflare))
}
