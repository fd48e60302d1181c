package main

import (
	"context"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// An other is a resource that the documentation uses together with this provider's. It
// has the attributes of version 5.22.0 that the documentation sets, and keeps their values.
type other struct {
	gateway

	name       string
	attributes map[string]schema.Attribute
}

// others returns the resources that the documentation uses.
func others() []other {
	required, optional := schema.StringAttribute{Required: true}, schema.StringAttribute{Optional: true}
	id := schema.StringAttribute{Computed: true}
	nested := func(attributes map[string]schema.Attribute) schema.NestedAttributeObject {
		return schema.NestedAttributeObject{Attributes: attributes}
	}
	return []other{
		{name: "cloudflare_account_token", attributes: map[string]schema.Attribute{
			"id": id, "account_id": required, "name": required, "expires_on": optional,
			"value": schema.StringAttribute{Computed: true, Sensitive: true},
			"policies": schema.ListNestedAttribute{Required: true, NestedObject: nested(map[string]schema.Attribute{
				"effect": required, "resources": required,
				"permission_groups": schema.ListNestedAttribute{Required: true, NestedObject: nested(map[string]schema.Attribute{"id": required})},
			})},
		}},
		{name: "cloudflare_dns_record", attributes: map[string]schema.Attribute{
			"id": id, "zone_id": required, "name": required, "type": required, "content": optional,
			"proxied": schema.BoolAttribute{Optional: true}, "ttl": schema.Float64Attribute{Required: true},
		}},
		{name: "cloudflare_zero_trust_access_policy", attributes: map[string]schema.Attribute{
			"id": id, "account_id": required, "name": required, "decision": required,
			"include": schema.SetNestedAttribute{Optional: true, NestedObject: nested(map[string]schema.Attribute{
				"email_domain": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{"domain": required}},
			})},
		}},
		{name: "cloudflare_zero_trust_access_application", attributes: map[string]schema.Attribute{
			"id": id, "account_id": optional, "name": optional, "type": optional, "domain": optional,
			"policies": schema.ListNestedAttribute{Optional: true, NestedObject: nested(map[string]schema.Attribute{
				"id": optional, "precedence": schema.Int64Attribute{Optional: true},
			})},
		}},
	}
}

func (o other) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = o.name
}

func (o other) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: o.attributes}
}

// Create chooses an ID, and the value of a token.
func (o other) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	o.gateway.Create(ctx, req, resp)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), "made-up-"+o.name)...)
	if _, isToken := o.attributes["value"]; isToken {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("value"), "made-up-token")...)
	}
}

type permissionGroup struct {
	ID   string `tfsdk:"id"`
	Name string `tfsdk:"name"`
}

// permissionGroups is cloudflare_account_api_token_permission_groups_list. It returns one
// group, whatever its name.
type permissionGroups struct{}

func (permissionGroups) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "cloudflare_account_api_token_permission_groups_list"
}

func (permissionGroups) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	computed := datasourceschema.StringAttribute{Computed: true}
	resp.Schema = datasourceschema.Schema{Attributes: map[string]datasourceschema.Attribute{
		"account_id": datasourceschema.StringAttribute{Optional: true},
		"name":       datasourceschema.StringAttribute{Optional: true},
		"result": datasourceschema.ListNestedAttribute{Computed: true, NestedObject: datasourceschema.NestedAttributeObject{
			Attributes: map[string]datasourceschema.Attribute{"id": computed, "name": computed},
		}},
	}}
}

func (permissionGroups) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	resp.State.Raw = req.Config.Raw.Copy()
	var name types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("name"), &name)...)
	decoded, err := url.QueryUnescape(name.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("Stub", err.Error())
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("result"), []permissionGroup{{"made-up-group", decoded}})...)
}
