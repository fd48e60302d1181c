package dynamicroute

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/move"
)

// cloudflareType is the resource of Cloudflare's own provider.
const cloudflareType = "cloudflare_ai_gateway_dynamic_routing"

// cloudflareModel is what is taken over from its state. The graph is not: that
// provider drops percentages and providers from it, so the next read takes it
// from the service.
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

// MoveState takes over routes that Cloudflare's own provider manages, as a
// moved block asks for. No request is sent.
func (r *routeResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{SourceSchema: cloudflareSchema(), StateMover: moveFromCloudflare}}
}

func moveFromCloudflare(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if req.SourceTypeName != cloudflareType || !move.IsCloudflareProvider(req.SourceProviderAddress) {
		return // for others to answer, or for the framework to refuse
	}
	refuse := func(why string) {
		resp.Diagnostics.AddError("Unable to move dynamic route", why+" Nothing was changed. The route can be taken over without its state: let "+
			"a removed block forget the "+cloudflareType+" (with destroy = false), and an import block import it as "+ResourceType+
			", by \"account_id/gateway_id/name\".")
	}
	if v := req.SourceSchemaVersion; !move.IsKnownVersion(v) {
		refuse(fmt.Sprintf("The state of this %s has schema version %d, which this version of the provider does not know. "+
			"A newer version of one of the two providers may help.", cloudflareType, v))
		return
	}
	var source cloudflareModel
	if req.SourceState == nil || req.SourceState.Get(ctx, &source).HasError() {
		refuse("The state of this " + cloudflareType + " does not have the form that its schema has.")
		return
	}
	if source.AccountID.ValueString() == "" || source.GatewayID.ValueString() == "" || source.ID.ValueString() == "" {
		refuse("The state of this " + cloudflareType + " does not say which route it is: account_id, gateway_id or id is missing, as after " +
			"a rename by that provider.")
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
	resp.Diagnostics.Append(resp.TargetIdentity.Set(ctx, moved.identity())...)
	tflog.Info(ctx, "moved dynamic route from "+cloudflareType,
		map[string]any{"account_id": moved.AccountID.ValueString(), "gateway_id": moved.GatewayID.ValueString(), "id": moved.ID.ValueString()})
}
