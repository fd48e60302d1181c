// Command stub-cloudflare stands in for Cloudflare's own provider in tests of
// moving from it: it has the resources cloudflare_ai_gateway and
// cloudflare_ai_gateway_dynamic_routing with the names and types of the real
// ones in version 5.29.0, in the same schema versions, and keeps what it is told.
// For examples in the documentation it has parts of a few other resources. It talks
// to nobody.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return stub{} }, providerserver.ServeOpts{
		Address: "registry.terraform.io/cloudflare/cloudflare",
	})
	if err != nil {
		log.Fatal(err)
	}
}

type stub struct{}

func (stub) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "cloudflare"
}

func (stub) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"api_token": schema.StringAttribute{Optional: true, Sensitive: true},
	}}
}

// Configure refuses to go without a token, so that a test notices when the
// provider is not only looked at for its schema.
func (stub) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var token types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("api_token"), &token)...)
	if token.ValueString() == "" {
		resp.Diagnostics.AddError("No token", "The stub of Cloudflare's provider was configured without a token.")
	}
}

func (stub) Resources(context.Context) []func() resource.Resource {
	all := []func() resource.Resource{
		func() resource.Resource { return gateway{} },
		func() resource.Resource { return dynamicRouting{} },
	}
	for _, other := range others() {
		all = append(all, func() resource.Resource { return other })
	}
	return all
}

func (stub) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return permissionGroups{} }}
}
