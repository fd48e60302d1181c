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
		"deployment":  deployment(),
		"route":       route(),
		"version":     version(),
	}}
}

// elements returns those of the wire. There is no place for the shares of a
// percentage, and the provider of a model has a name of its own. The real one
// replaces the route when they change; this one does not, since it imports without
// them.
func elements() schema.Attribute {
	outputs := map[string]schema.Attribute{"element_id": schema.StringAttribute{Optional: true}}
	for _, name := range outputNames {
		outputs[name] = schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
			"element_id": schema.StringAttribute{Required: true},
		}}
	}
	properties := map[string]schema.Attribute{}
	for _, name := range propertyTexts {
		properties[name] = schema.StringAttribute{Optional: true}
	}
	for _, name := range propertyNumbers {
		properties[name] = schema.Float64Attribute{Optional: true}
	}
	return schema.ListNestedAttribute{Required: true, NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
		"id":         schema.StringAttribute{Required: true},
		"type":       schema.StringAttribute{Required: true},
		"outputs":    schema.SingleNestedAttribute{Required: true, Attributes: outputs},
		"properties": schema.SingleNestedAttribute{Optional: true, Attributes: properties},
	}}}
}

var (
	outputNames     = []string{"next", "true", "false", "success", "fallback"}
	propertyTexts   = []string{"conditions", "key", "limit_type", "model", "ai_gateway_dynamic_routing_provider"}
	propertyNumbers = []string{"limit", "window", "retries", "timeout"}
)

func deployment() schema.SingleNestedAttribute {
	return told("created_at", "deployment_id", "version_id")
}

func version() schema.SingleNestedAttribute {
	version := told("active", "created_at", "data", "version_id")
	version.Attributes["is_valid"] = schema.BoolAttribute{Computed: true}
	return version
}

func route() schema.SingleNestedAttribute {
	outputs := told("element_id")
	for _, name := range outputNames {
		outputs.Attributes[name] = told("element_id")
	}
	properties := told(propertyTexts...)
	for _, name := range propertyNumbers {
		properties.Attributes[name] = schema.Float64Attribute{Computed: true}
	}
	route := told("id", "account_tag", "created_at", "gateway_id", "modified_at", "name")
	route.Attributes["deployment"], route.Attributes["version"] = deployment(), version()
	route.Attributes["elements"] = schema.ListNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{Computed: true}, "type": schema.StringAttribute{Computed: true},
			"outputs": outputs, "properties": properties,
		},
	}}
	return route
}

// told returns what the service says and nobody configures.
func told(names ...string) schema.SingleNestedAttribute {
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
