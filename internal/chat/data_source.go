package chat

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// A DataSource sends one chat request through a gateway, for tests.
type DataSource struct {
	providerdata.DataSource
}

var (
	_ datasource.DataSourceWithConfigure        = (*DataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*DataSource)(nil)
)

// NewDataSource returns the data source aigateway_chat_completion.
func NewDataSource() datasource.DataSource { return &DataSource{} }

// Metadata sets the name of the data source.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_chat_completion"
}

// ConfigValidators returns the validators that compare attributes.
func (d *DataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("prompt"), path.MatchRoot("messages")),
		metadataOnce{},
		modelOfAPI{},
	}
}

// Read sends the request.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	diags := &resp.Diagnostics
	if checkDue(d.Data, eachRead, req.Config, diags); diags.HasError() {
		return
	}
	var m model
	diags.Append(req.Config.Get(ctx, &m)...)
	m.setDefaults()
	if response := m.send(ctx, d.Data, diags); response != nil {
		m.fromAPI(response)
		diags.Append(resp.State.Set(ctx, &m)...)
	}
}

// eachRead says when the data source sends its request, and what to do without it.
var eachRead = occasion{
	name: "aigateway_chat_completion", when: "each time it is read, with every plan, refresh and destroy",
	meant:     "It is meant for tests: terraform test, check blocks, and configurations made to try a gateway.",
	otherwise: "If this configuration is not a test, remove the data source.",
}
