package main

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// dynamicRouting is cloudflare_ai_gateway_dynamic_routing. It keeps what it is
// told as [gateway] does; what the service chooses is null, but for an id that
// was imported.
type dynamicRouting struct{ gateway }

func (dynamicRouting) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "cloudflare_ai_gateway_dynamic_routing"
}

func (dynamicRouting) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	resp.Schema = schema.Schema{Version: 500, Attributes: map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"account_id":  schema.StringAttribute{Required: true, PlanModifiers: replace},
		"gateway_id":  schema.StringAttribute{Required: true, PlanModifiers: replace},
		"name":        schema.StringAttribute{Required: true},
		"elements":    elements(),
		"created_at":  schema.StringAttribute{Computed: true},
		"modified_at": schema.StringAttribute{Computed: true},
		"success":     schema.BoolAttribute{Computed: true},
		"deployment":  told("created_at", "deployment_id", "version_id", "comment"),
		"route":       told("id", "account_tag", "created_at", "gateway_id", "modified_at", "name"),
		"version":     told("active", "created_at", "data", "version_id", "comment"),
	}}
}

// elements returns those of the wire. There is no place for the shares of a
// percentage, and the provider of a model has a name of its own.
func elements() schema.Attribute {
	outputs := map[string]schema.Attribute{"element_id": schema.StringAttribute{Optional: true}}
	for _, name := range []string{"next", "true", "false", "success", "fallback"} {
		outputs[name] = schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
			"element_id": schema.StringAttribute{Required: true},
		}}
	}
	properties := map[string]schema.Attribute{}
	for _, name := range []string{"conditions", "key", "limit_type", "model", "ai_gateway_dynamic_routing_provider"} {
		properties[name] = schema.StringAttribute{Optional: true}
	}
	for _, name := range []string{"limit", "window", "retries", "timeout"} {
		properties[name] = schema.Float64Attribute{Optional: true}
	}
	return schema.ListNestedAttribute{Required: true, NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
		"id":         schema.StringAttribute{Required: true},
		"type":       schema.StringAttribute{Required: true},
		"outputs":    schema.SingleNestedAttribute{Required: true, Attributes: outputs},
		"properties": schema.SingleNestedAttribute{Optional: true, Attributes: properties},
	}}}
}

// told returns what the service says and nobody configures.
func told(names ...string) schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, name := range names {
		attributes[name] = schema.StringAttribute{Computed: true}
	}
	return schema.SingleNestedAttribute{Computed: true, Attributes: attributes}
}

// ImportState takes "account_id/gateway_id/id", as the real one does, and knows
// nothing of the rest.
func (dynamicRouting) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	accountID, rest, _ := strings.Cut(req.ID, "/")
	gatewayID, id, _ := strings.Cut(rest, "/")
	for name, value := range map[string]string{"account_id": accountID, "gateway_id": gatewayID, "id": id, "created_at": created, "modified_at": created} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), types.StringValue(value))...)
	}
}
