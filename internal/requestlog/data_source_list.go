package requestlog

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/logs"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

type logsDataSource struct {
	providerdata.DataSource
}

var (
	_ datasource.DataSourceWithConfigure        = (*logsDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*logsDataSource)(nil)
)

// NewListDataSource is the data source aigateway_logs: the logs of a gateway
// that a search finds.
func NewListDataSource() datasource.DataSource { return &logsDataSource{} }

func (d *logsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_logs"
}

func (d *logsDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{boundsInOrder{}}
}

func (d *logsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	diags := &resp.Diagnostics
	if !req.Config.Raw.IsFullyKnown() {
		addUnknown(diags) // an unknown filter would be none
		return
	}
	var m listModel
	diags.Append(req.Config.Get(ctx, &m)...)
	api := d.Data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	m.AccountID = d.Data.KnownAccount(m.AccountID, diags)
	if diags.HasError() {
		return
	}
	m.setDefaults()
	m.read(ctx, api, diags)
	if diags.HasError() {
		return
	}
	diags.Append(resp.State.Set(ctx, &m)...)
}

func (m *listModel) read(ctx context.Context, api *client.Client, diags *diag.Diagnostics) {
	accountID, gatewayID := m.AccountID.ValueString(), m.GatewayID.ValueString()
	query := m.toAPI()
	query.OnTotal = func(total int64) { m.TotalCount = types.Int64Value(total) }
	m.Logs = []logModel{} // none found is a list without elements, not null
	for log, err := range logs.List(ctx, api, accountID, gatewayID, query) {
		if errors.Is(err, client.ErrNotFound) {
			addGatewayNotFound(diags, accountID, gatewayID)
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
	// The service may say of a gateway that does not exist that it has no logs.
	if len(m.Logs) == 0 && gatewayIsMissing(ctx, api, accountID, gatewayID) {
		addGatewayNotFound(diags, accountID, gatewayID)
	}
}
