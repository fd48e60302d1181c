// Package providerdata holds the configuration that the provider passes to resources
// and data sources.
package providerdata

import (
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

// Data is the provider's configuration as far as it is known. During a plan, parts of
// it may come from objects that the same apply creates. They are unknown then, which is
// an error only if a request needs them.
type Data struct {
	// Client lacks what is unknown. [Data.ControlPlane] and [Data.DataPlane] return it
	// if nothing is missing.
	Client *client.Client
	// AccountID is the default account, or null.
	AccountID types.String
	// BaseURL is the control plane's address without a trailing slash.
	BaseURL types.String
	// GatewayBaseURL is the data plane's address without a trailing slash.
	GatewayBaseURL types.String
	// AllowTestRequests reports whether requests may be sent to models.
	AllowTestRequests types.Bool
	// TestRequestHeaders are sent with those requests.
	TestRequestHeaders map[string]string

	// ControlPlaneMissing and DataPlaneMissing say what prevents requests to either.
	ControlPlaneMissing, DataPlaneMissing []Missing

	// unreadableSecrets holds the accounts whose secrets the token may not read.
	unreadableSecrets sync.Map
}

// ForbidSecrets notes that the token may not read the secrets of an account, so that
// one refusal is enough for a run.
func (d *Data) ForbidSecrets(accountID string) { d.unreadableSecrets.Store(accountID, nil) }

// SecretsForbidden reports whether the service has refused to show the token a secret of
// the account.
func (d *Data) SecretsForbidden(accountID string) bool {
	_, refused := d.unreadableSecrets.Load(accountID)
	return refused
}

// Missing is a part of the configuration that a request needs and that is missing.
type Missing struct {
	// Summary and Detail are those of the error.
	Summary, Detail string
	// Unset reports whether the part is not set anywhere, and not only unknown.
	Unset bool
}

// From returns the data that the Configure method of a resource or data source
// receives. It is nil before the provider is configured, as during validation.
func From(data any, diags *diag.Diagnostics) *Data {
	if data == nil {
		return nil
	}
	d, ok := data.(*Data)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf(
			"The provider passed a value of type %T. This is a bug in the provider: please report it.", data))
	}
	return d
}

// ControlPlane returns the client for requests to the control plane. If something is
// missing, it adds errors and returns nil.
func (d *Data) ControlPlane(diags *diag.Diagnostics) *client.Client {
	return d.clientFor(diags, func(d *Data) []Missing { return d.ControlPlaneMissing })
}

// AddUnset adds those errors of [Data.ControlPlane] that a plan can already be sure
// of: the ones about parts that are not set anywhere.
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

// DataPlane returns the client for requests to the data plane. If something is
// missing, it adds errors and returns nil.
func (d *Data) DataPlane(diags *diag.Diagnostics) *client.Client {
	return d.clientFor(diags, func(d *Data) []Missing { return d.DataPlaneMissing })
}

func (d *Data) clientFor(diags *diag.Diagnostics, missing func(*Data) []Missing) *client.Client {
	if d == nil {
		diags.AddError("Provider not configured",
			"A request was to be sent before the provider was configured. This is a bug in the provider: please report it.")
		return nil
	}
	for _, m := range missing(d) {
		// No path: the CLI would print the line of the configuration, which may hold
		// a secret.
		diags.AddError(m.Summary, m.Detail)
	}
	if len(missing(d)) > 0 {
		return nil
	}
	return d.Client
}

// Account returns the account of an object: its own account_id if it has one, or else
// the provider's, which may be unknown. If neither is set, it adds an error.
func (d *Data) Account(own types.String, diags *diag.Diagnostics) types.String {
	if !own.IsNull() {
		return own
	}
	if d == nil {
		return types.StringUnknown()
	}
	if d.AccountID.IsNull() {
		diags.AddError("Missing account ID", strings.Join([]string{
			"The Cloudflare account of this object is not set. Set one of these:",
			"  - account_id of the object itself",
			"  - account_id of the provider",
			"  - the environment variable CLOUDFLARE_ACCOUNT_ID",
			"The dashboard shows the ID under Account details: 32 hexadecimal digits.",
		}, "\n"))
	}
	return d.AccountID
}

// KnownAccount is like [Data.Account] for a request that is to be sent now: an account
// that is unknown is an error as well.
func (d *Data) KnownAccount(own types.String, diags *diag.Diagnostics) types.String {
	account := d.Account(own, diags)
	if account.IsUnknown() {
		diags.AddError("Unknown account ID",
			"No request was sent, because account_id is known only after apply: it comes from an object that does not exist yet. "+
				"Create that object first (terraform apply -target=…), or set account_id to a known value.")
	}
	return account
}

// WarnOfAccount adds a warning if the provider's account has changed and an object
// stays in another one. Own is account_id in the configuration, and current is the
// account that the object is in.
func (d *Data) WarnOfAccount(object, id string, own, current types.String, diags *diag.Diagnostics) {
	if !own.IsNull() || d.AccountID.ValueString() == "" || d.AccountID.Equal(current) {
		return
	}
	diags.AddAttributeWarning(path.Root("account_id"), diagnostics.Capitalize(object)+" in another account", fmt.Sprintf(
		"The %s %q is in account %s and stays there, although the provider's account_id is %s. "+
			"Set account_id of this resource to the former to keep it there, or to the latter to replace the %s.",
		object, id, current.ValueString(), d.AccountID.ValueString(), object))
}

// AddUnsupported adds an error unless the provider's wire format has the objects. It
// belongs to plans, since validation runs before the provider is configured.
func (d *Data) AddUnsupported(objects string, has bool, diags *diag.Diagnostics) {
	if has {
		return
	}
	diags.AddError(objects+" are not in the wire format", fmt.Sprintf(
		"The provider's wire_format is %q, which has gateways only. Use the format %q, which is Cloudflare's own.",
		d.Client.Capabilities().Format, client.WireCloudflare))
}
