package crud

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// DataModel is the constraint of pointers to a data source's model, a struct with
// tfsdk tags.
type DataModel[M any] interface {
	*M
	// Account returns the model's account_id, which ReadDataSource sets to the
	// provider's account if the configuration has none.
	Account() *types.String
}

// ReadDataSource reads the configuration of a data source, lets read complete it,
// and writes the result to state. It does not call read, and so sends no request,
// as long as the account or another part of the provider's configuration is unknown.
func ReadDataSource[M any, P DataModel[M]](
	ctx context.Context, data *providerdata.Data, support Support, req datasource.ReadRequest, resp *datasource.ReadResponse,
	read func(api *client.Client, model P),
) {
	diags := &resp.Diagnostics
	model := P(new(M))
	diags.Append(req.Config.Get(ctx, model)...)
	api := data.ControlPlane(diags)
	if diags.HasError() || !support.Check(data, diags) {
		return
	}
	account := model.Account()
	if *account = data.KnownAccount(*account, diags); diags.HasError() {
		return
	}
	if read(api, model); !diags.HasError() {
		diags.Append(resp.State.Set(ctx, model)...)
	}
}
