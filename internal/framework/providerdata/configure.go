package providerdata

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resource is what every resource embeds, to be handed the provider's
// configuration.
type Resource struct {
	// Data is nil before the provider is configured, as in validation.
	Data *Data
}

// Configure takes the provider's configuration.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Data = From(req.ProviderData, &resp.Diagnostics)
}

// DataSource is [Resource] for data sources.
type DataSource struct {
	// Data is as in [Resource].
	Data *Data
}

// Configure takes the provider's configuration.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Data = From(req.ProviderData, &resp.Diagnostics)
}
