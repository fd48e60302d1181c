package identity

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

// InAccount is the identity of an object that belongs to an account.
type InAccount struct {
	AccountID types.String `tfsdk:"account_id"`
	ID        types.String `tfsdk:"id"`
}

// InGateway is the identity of an object that belongs to a gateway.
type InGateway struct {
	AccountID types.String `tfsdk:"account_id"`
	GatewayID types.String `tfsdk:"gateway_id"`
	ID        types.String `tfsdk:"id"`
}

var (
	inAccount = raw.NewObject(
		raw.NewField("account_id", types.StringType, func(i *InAccount) *types.String { return &i.AccountID }),
		raw.NewField("id", types.StringType, func(i *InAccount) *types.String { return &i.ID }),
	)
	inGateway = raw.NewObject(
		raw.NewField("account_id", types.StringType, func(i *InGateway) *types.String { return &i.AccountID }),
		raw.NewField("gateway_id", types.StringType, func(i *InGateway) *types.String { return &i.GatewayID }),
		raw.NewField("id", types.StringType, func(i *InGateway) *types.String { return &i.ID }),
	)
)

// Raw returns the identity's value.
func (i InAccount) Raw(ctx context.Context) (tftypes.Value, diag.Diagnostics) {
	return inAccount.Write(ctx, &i)
}

// Raw returns the identity's value.
func (i InGateway) Raw(ctx context.Context) (tftypes.Value, diag.Diagnostics) {
	return inGateway.Write(ctx, &i)
}

// Fields returns the identity as fields of a log entry.
func (i InAccount) Fields() map[string]any {
	return map[string]any{"account_id": i.AccountID.ValueString(), "id": i.ID.ValueString()}
}

// Fields returns the identity as fields of a log entry.
func (i InGateway) Fields() map[string]any {
	return map[string]any{
		"account_id": i.AccountID.ValueString(), "gateway_id": i.GatewayID.ValueString(), "id": i.ID.ValueString(),
	}
}

// InAccountSchema returns the schema of [InAccount]. The argument describes the
// attribute id.
func InAccountSchema(id string) identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"account_id": identityschema.StringAttribute{
			Description:       "ID of the Cloudflare account. Defaults to the provider's account_id.",
			OptionalForImport: true,
		},
		"id": identityschema.StringAttribute{Description: id, RequiredForImport: true},
	}}
}

// InGatewaySchema returns the schema of [InGateway]. The argument describes the
// attribute id.
func InGatewaySchema(id string) identityschema.Schema {
	schema := InAccountSchema(id)
	schema.Attributes["gateway_id"] = identityschema.StringAttribute{
		Description:       "ID of the gateway, which is its name.",
		RequiredForImport: true,
	}
	return schema
}

// Import writes the identity of an object that is to be imported to state, where
// Read finds it. An identity that cannot exist is an error.
func (i InAccount) Import(ctx context.Context, resp *resource.ImportStateResponse) {
	importParts(ctx, resp, i, []part{{"account_id", i.AccountID}, {"id", i.ID}})
}

// Import writes the identity of an object that is to be imported to state, where
// Read finds it. An identity that cannot exist is an error.
func (i InGateway) Import(ctx context.Context, resp *resource.ImportStateResponse) {
	importParts(ctx, resp, i, []part{{"account_id", i.AccountID}, {"gateway_id", i.GatewayID}, {"id", i.ID}})
}

// ImportInGateway imports an object of a gateway: the one that the request's
// identity names, or the one that find returns for the request's import ID.
func ImportInGateway(
	ctx context.Context, data *providerdata.Data, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
	find func(ctx context.Context, id string, diags *diag.Diagnostics) InGateway,
) {
	var found InGateway
	if HasIdentity(req) {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &found)...)
		found.AccountID = data.KnownAccount(found.AccountID, &resp.Diagnostics)
	} else {
		found = find(ctx, req.ID, &resp.Diagnostics)
	}
	if !resp.Diagnostics.HasError() {
		found.Import(ctx, resp)
	}
}

// HasIdentity reports whether an import is by identity. An import ID may be empty, such
// as that of a variable, and is not an identity then.
func HasIdentity(req resource.ImportStateRequest) bool {
	return req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull()
}

// A part is an attribute of an identity.
type part struct {
	name  string
	value types.String
}

func importParts(ctx context.Context, resp *resource.ImportStateResponse, identity Identity, parts []part) {
	for _, p := range parts {
		switch id := p.value.ValueString(); {
		case p.name == "account_id" && !client.AccountIDPattern.MatchString(id):
			resp.Diagnostics.AddError("Invalid import identity", fmt.Sprintf(
				"account_id is %q. It must be 32 hexadecimal digits in lower case.", id))
		case p.name != "account_id" && !client.ValidID(id):
			resp.Diagnostics.AddError("Invalid import identity", fmt.Sprintf("%s is %q, which cannot be the ID of an object.", p.name, id))
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	for _, p := range parts {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(p.name), p.value)...)
	}
	resp.Diagnostics.Append(Set(ctx, resp.Identity, identity)...)
}
