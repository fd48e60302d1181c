package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

// ByHostname is the identity of an object of a gateway that a hostname addresses.
type ByHostname struct {
	AccountID types.String `tfsdk:"account_id"`
	GatewayID types.String `tfsdk:"gateway_id"`
	Hostname  types.String `tfsdk:"hostname"`
}

var byHostname = raw.NewObject(
	raw.NewField("account_id", types.StringType, func(i *ByHostname) *types.String { return &i.AccountID }),
	raw.NewField("gateway_id", types.StringType, func(i *ByHostname) *types.String { return &i.GatewayID }),
	raw.NewField("hostname", types.StringType, func(i *ByHostname) *types.String { return &i.Hostname }),
)

// Raw returns the identity's value.
func (i ByHostname) Raw(ctx context.Context) (tftypes.Value, diag.Diagnostics) {
	return byHostname.Write(ctx, &i)
}

// Fields returns the identity as fields of a log entry.
func (i ByHostname) Fields() map[string]any {
	return map[string]any{
		"account_id": i.AccountID.ValueString(), "gateway_id": i.GatewayID.ValueString(), "hostname": i.Hostname.ValueString(),
	}
}

// ByHostnameSchema returns the schema of [ByHostname]. The argument describes the
// attribute hostname.
func ByHostnameSchema(hostname string) identityschema.Schema {
	schema := InGatewaySchema("")
	delete(schema.Attributes, "id")
	schema.Attributes["hostname"] = identityschema.StringAttribute{Description: hostname, RequiredForImport: true}
	return schema
}

// Import writes the identity of an object that is to be imported to state, where
// Read finds it. An identity that cannot exist is an error.
func (i ByHostname) Import(ctx context.Context, resp *resource.ImportStateResponse) {
	importParts(ctx, resp, i, []part{{"account_id", i.AccountID}, {"gateway_id", i.GatewayID}, {"hostname", i.Hostname}})
}
