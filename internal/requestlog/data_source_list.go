package requestlog

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/logs"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

var (
	_ datasource.DataSourceWithConfigure        = (*ListDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*ListDataSource)(nil)
)

// A ListDataSource lists the logs of a gateway that match a search.
type ListDataSource struct {
	providerdata.DataSource
}

// NewListDataSource returns the data source aigateway_logs.
func NewListDataSource() datasource.DataSource { return &ListDataSource{} }

// Metadata sets the name of the data source.
func (d *ListDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_logs"
}

// ConfigValidators returns the validators that compare attributes.
func (d *ListDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{boundsInOrder{}}
}

// Read reads the logs.
func (d *ListDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	diags := &resp.Diagnostics
	if !req.Config.Raw.IsFullyKnown() {
		addUnknown(diags) // an unknown filter would be no filter
		return
	}
	crud.ReadDataSource(ctx, d.Data, crud.Support{}, req, resp, func(api *client.Client, m *listModel) {
		m.setDefaults()
		m.read(ctx, api, diags)
	})
}

func (m *listModel) read(ctx context.Context, api *client.Client, diags *diag.Diagnostics) {
	accountID, gatewayID := m.AccountID.ValueString(), m.GatewayID.ValueString()
	query := m.toAPI()
	query.OnTotal = func(total int64) { m.TotalCount = types.Int64Value(total) }
	m.Logs = []logModel{} // an empty list, not null, if there are none
	for log, err := range logs.List(ctx, api, accountID, gatewayID, query) {
		if errors.Is(err, client.ErrNotFound) {
			addGatewayNotFound(accountID, gatewayID, diags)
			return
		}
		if err != nil {
			diags.Append(diagnostics.FromError(diagnostics.Subject{
				Verb: "list", Object: "logs of gateway", AccountID: accountID, ID: gatewayID,
			}, err)...)
			return
		}
		var found logModel
		found.fromAPI(log)
		m.Logs = append(m.Logs, found)
		if int64(len(m.Logs)) == m.Limit.ValueInt64() {
			return
		}
	}
	// The service may return an empty list even if the gateway does not exist.
	if len(m.Logs) == 0 && gatewayIsMissing(ctx, api, accountID, gatewayID) {
		addGatewayNotFound(accountID, gatewayID, diags)
	}
}
