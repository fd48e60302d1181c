// Package models implements the data source aigateway_models: the models that a gateway
// can reach.
package models

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// A DataSource lists the models that a gateway can reach.
type DataSource struct {
	providerdata.DataSource
}

// NewDataSource returns the data source aigateway_models.
func NewDataSource() datasource.DataSource { return &DataSource{} }

type listModel struct {
	AccountID    types.String `tfsdk:"account_id"`
	GatewayID    types.String `tfsdk:"gateway_id"`
	ProviderName types.String `tfsdk:"provider_name"`
	Models       []model      `tfsdk:"models"`
}

type model struct {
	ID           types.String `tfsdk:"id"`
	ProviderName types.String `tfsdk:"provider_name"`
	OwnedBy      types.String `tfsdk:"owned_by"`
}

// Metadata sets the name of the data source.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_models"
}

// Schema sets the attributes of the data source.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the models that a gateway can reach, for checks before a deployment: a route to a model that is not in the list " +
			"would fail. It asks the gateway itself (`GET …/{gateway_id}/compat/models`), which is free, so `allow_test_requests` does not " +
			"matter. The list has no context lengths and no prices. Cloudflare does not document in detail which models it has.\n\n" +
			"The provider's `gateway_token`, or `api_token` without one, needs the account permission *AI Gateway Run* if the gateway " +
			"requires authentication.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"gateway_id": attributes.GatewayID("the models are listed when the gateway exists. If there is no gateway `default` and the token is valid, " +
				"this request creates it, like any other"),
			"provider_name": schema.StringAttribute{
				MarkdownDescription: "Lists the models of this provider only, such as `openai` or `workers-ai`.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"models": schema.ListNestedAttribute{
				MarkdownDescription: "Models in order of `id`.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id": attributes.ComputedString("Name of the model as `{provider}/{model}`: `model` of an `aigateway_chat_completion`, and in a dynamic " +
						"route `provider` and `model`, joined by a slash."),
					"provider_name": attributes.ComputedString("Provider of the model: the part of `id` before the first slash. Null without a slash."),
					"owned_by":      attributes.ComputedString("Owner of the model as the gateway tells it. Null if it does not."),
				}},
			},
		},
	}
}

// Read lists the models.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	diags := &resp.Diagnostics
	var list listModel
	diags.Append(req.Config.Get(ctx, &list)...)
	api := d.Data.DataPlane(diags)
	if diags.HasError() {
		return
	}
	if list.AccountID = d.Data.KnownAccount(list.AccountID, diags); diags.HasError() {
		return
	}
	at := place{account: list.AccountID.ValueString(), gateway: list.GatewayID.ValueString()}
	found, err := chat.ListModels(ctx, api, at.account, at.gateway)
	if err != nil {
		at.addError(diags, err)
		return
	}
	list.fromAPI(found)
	diags.Append(resp.State.Set(ctx, &list)...)
}

// fromAPI sets the models: an empty list, not null, if there are none.
func (m *listModel) fromAPI(found []chat.Model) {
	m.Models = []model{}
	for _, f := range found {
		next := model{ID: types.StringValue(f.ID), OwnedBy: types.StringPointerValue(f.OwnedBy)}
		if provider, _, ok := strings.Cut(f.ID, "/"); ok {
			next.ProviderName = types.StringValue(provider)
		}
		if m.ProviderName.IsNull() || next.ProviderName.Equal(m.ProviderName) {
			m.Models = append(m.Models, next)
		}
	}
}
