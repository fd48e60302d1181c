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

// InAccountSchema is the schema of [InAccount]; id says what the object's id is.
func InAccountSchema(id string) identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"account_id": identityschema.StringAttribute{
			Description:       "Id of the Cloudflare account. Defaults to the provider's account_id.",
			OptionalForImport: true,
		},
		"id": identityschema.StringAttribute{Description: id, RequiredForImport: true},
	}}
}

// InGatewaySchema is the schema of [InGateway]; id says what the object's id is.
func InGatewaySchema(id string) identityschema.Schema {
	schema := InAccountSchema(id)
	schema.Attributes["gateway_id"] = identityschema.StringAttribute{
		Description:       "Id of the gateway, which is its name.",
		RequiredForImport: true,
	}
	return schema
}

// Import hands the identity of an object that is to be imported to Read, in
// state. What cannot be an id is an error that names it.
func (i InAccount) Import(ctx context.Context, resp *resource.ImportStateResponse) {
	hand(ctx, resp, i, map[string]types.String{"account_id": i.AccountID, "id": i.ID})
}

// Import is [InAccount.Import] for an object of a gateway.
func (i InGateway) Import(ctx context.Context, resp *resource.ImportStateResponse) {
	hand(ctx, resp, i, map[string]types.String{"account_id": i.AccountID, "gateway_id": i.GatewayID, "id": i.ID})
}

// ImportInGateway hands an object that is to be imported to Read: the one of the
// request's identity, or the one that lookUp finds by the import id.
func ImportInGateway(
	ctx context.Context, data *providerdata.Data, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
	lookUp func(ctx context.Context, id string, diags *diag.Diagnostics) InGateway,
) {
	var found InGateway
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &found)...)
		found.AccountID = data.KnownAccount(found.AccountID, &resp.Diagnostics)
	} else {
		found = lookUp(ctx, req.ID, &resp.Diagnostics)
	}
	if !resp.Diagnostics.HasError() {
		found.Import(ctx, resp)
	}
}

func checkParts(parts map[string]types.String, diags *diag.Diagnostics) {
	for _, name := range []string{"account_id", "gateway_id", "id"} {
		value, has := parts[name]
		switch {
		case !has:
		case name == "account_id" && !client.AccountIDPattern.MatchString(value.ValueString()):
			diags.AddError("Invalid import identity", fmt.Sprintf("account_id is %q, and must be 32 hexadecimal digits in lower case.", value.ValueString()))
		case name != "account_id" && !client.ValidID(value.ValueString()):
			diags.AddError("Invalid import identity", fmt.Sprintf("%s is %q, which cannot be the id of an object.", name, value.ValueString()))
		}
	}
}

func hand(ctx context.Context, resp *resource.ImportStateResponse, identity any, parts map[string]types.String) {
	if checkParts(parts, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	for name, value := range parts {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}
