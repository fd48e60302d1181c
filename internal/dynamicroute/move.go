package dynamicroute

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// cloudflareType is the resource of Cloudflare's own provider.
const cloudflareType = "cloudflare_ai_gateway_dynamic_routing"

// cloudflareModel is the part of its state that is moved. The graph is not: that provider
// drops percentages and providers from it, so the next read takes it from the service.
type cloudflareModel struct {
	AccountID types.String `tfsdk:"account_id"`
	GatewayID types.String `tfsdk:"gateway_id"`
	ID        types.String `tfsdk:"id"`
	Name      types.String `tfsdk:"name"`
}

func cloudflareSchema() *schema.Schema {
	text := schema.StringAttribute{Optional: true}
	return &schema.Schema{Attributes: map[string]schema.Attribute{"account_id": text, "gateway_id": text, "id": text, "name": text}}
}

// MoveState moves routes from Cloudflare's own provider, for moved blocks. It sends no
// request.
func (r *Resource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{SourceSchema: cloudflareSchema(), StateMover: moveFromCloudflare}}
}

func moveFromCloudflare(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if req.SourceTypeName != cloudflareType || !crud.IsCloudflareProvider(req.SourceProviderAddress) {
		return // the framework reports that no StateMover handles it
	}
	refuse := func(why string) {
		resp.Diagnostics.AddError("Unable to move dynamic route", why+" Nothing was changed. You can import the route instead: remove the "+
			cloudflareType+" from state with a removed block (destroy = false), and import the route as "+ResourceType+
			" with an import block and the ID \"account_id/gateway_id/name\".")
	}
	if v := req.SourceSchemaVersion; !crud.IsCloudflareVersion(v) {
		refuse(fmt.Sprintf("The state of this %s has schema version %d, which this version of the provider does not know. "+
			"A newer version of one of the two providers may help.", cloudflareType, v))
		return
	}
	var source cloudflareModel
	if req.SourceState == nil || req.SourceState.Get(ctx, &source).HasError() {
		refuse("The state of this " + cloudflareType + " does not match its schema.")
		return
	}
	if source.AccountID.ValueString() == "" || source.GatewayID.ValueString() == "" || source.ID.ValueString() == "" {
		refuse("The state of this " + cloudflareType + " does not identify the route: account_id, gateway_id or id is missing. That provider " +
			"loses them when it renames a route.")
		return
	}
	moved := model{
		AccountID: source.AccountID, GatewayID: source.GatewayID, ID: source.ID,
		Elements:  types.MapNull(types.ObjectType{AttrTypes: elementTypes()}),
		CreatedAt: timetypes.NewRFC3339Null(), ModifiedAt: timetypes.NewRFC3339Null(),
	}
	if name := source.Name.ValueString(); name != "" {
		moved.setName(name)
	}
	resp.Diagnostics.Append(resp.TargetState.Set(ctx, &moved)...)
	resp.Diagnostics.Append(identity.Set(ctx, resp.TargetIdentity, moved.Identity())...)
	tflog.Info(ctx, "moved dynamic route from "+cloudflareType, moved.Identity().Fields())
}
