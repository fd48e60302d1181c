package providerdata

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resource is embedded in every resource and list resource. It receives the provider's configuration.
type Resource struct {
	// Data is nil before the provider is configured, as during validation.
	Data *Data
}

// Configure stores the provider's configuration.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Data = From(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded in every data source. It receives the provider's
// configuration.
type DataSource struct {
	// Data is nil before the provider is configured, as during validation.
	Data *Data
}

// Configure stores the provider's configuration.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Data = From(req.ProviderData, &resp.Diagnostics)
}

// Action is embedded in every action. It receives the provider's configuration.
type Action struct {
	// Data is nil before the provider is configured, as during validation.
	Data *Data
}

// Configure stores the provider's configuration.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.Data = From(req.ProviderData, &resp.Diagnostics)
}
