// Package customdomain implements custom domains, hostnames that stand for an account and
// a gateway: the resource aigateway_custom_domain and the data sources
// aigateway_custom_domain and aigateway_custom_domains.
package customdomain

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/customdomains"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// facts holds what the service returns about a custom domain.
type facts struct {
	Hostname    types.String      `tfsdk:"hostname"`
	Status      types.String      `tfsdk:"status"`
	CNAMETarget types.String      `tfsdk:"cname_target"`
	CreatedAt   timetypes.RFC3339 `tfsdk:"created_at"`
	ModifiedAt  timetypes.RFC3339 `tfsdk:"modified_at"`
}

// model is the resource's configuration, plan or state.
type model struct {
	facts
	AccountID types.String `tfsdk:"account_id"`
	GatewayID types.String `tfsdk:"gateway_id"`
	ZoneID    types.String `tfsdk:"zone_id"`
	MinTLS    types.String `tfsdk:"min_tls"`
}

// Identity implements [crud.Object].
func (m model) Identity() identity.Identity {
	return identity.ByHostname{AccountID: m.AccountID, GatewayID: m.GatewayID, Hostname: m.Hostname}
}

// Subject implements [crud.Object].
func (m model) Subject(verb string) diagnostics.Subject {
	return diagnostics.Subject{
		Verb: verb, Object: "custom domain", AccountID: m.AccountID.ValueString(), GatewayID: m.GatewayID.ValueString(),
		ID: m.Hostname.ValueString(), Contents: contents, ResourceType: ResourceType, Attributes: attributePaths,
	}
}

// contents names custom domains in errors about a gateway that does not exist.
const contents = "custom domains"

var (
	hostnamePath = path.Root("hostname")
	zonePath     = path.Root("zone_id")
	minTLSPath   = path.Root("min_tls")
)

// attributePaths maps fields of request bodies to attributes.
var attributePaths = map[string]path.Path{"domain": hostnamePath, "zone_id": zonePath, "min_tls": minTLSPath}

// settings returns the attributes that the service may return as other than configured.
func (m model) settings() map[string]attr.Value {
	return map[string]attr.Value{"zone_id": m.ZoneID, "min_tls": m.MinTLS}
}

// toAPI returns the request body that creates the custom domain.
func (m model) toAPI() customdomains.Input {
	return customdomains.Input{Hostname: m.Hostname.ValueString(), ZoneID: m.ZoneID.ValueString(), MinTLS: convert.String(m.MinTLS)}
}

// fromAPI takes over the service's response. The documented responses lack zone_id and
// min_tls: then the known values stay, or null if none is known.
func (m *model) fromAPI(domain *customdomains.Domain) {
	m.facts.fromAPI(domain)
	m.ZoneID, m.MinTLS = orKnown(domain.ZoneID, m.ZoneID), orKnown(domain.MinTLS, m.MinTLS)
}

func orKnown(response *string, known types.String) types.String {
	switch {
	case response != nil:
		return types.StringValue(*response)
	case known.IsUnknown():
		return types.StringNull()
	default:
		return known
	}
}

func (f *facts) fromAPI(domain *customdomains.Domain) {
	f.Hostname = types.StringValue(domain.Hostname)
	f.Status = convert.Text(domain.Status)
	f.CNAMETarget = convert.Text(domain.CNAMETarget)
	f.CreatedAt, f.ModifiedAt = convert.Time(domain.CreatedAt), convert.Time(domain.ModifiedAt)
}
