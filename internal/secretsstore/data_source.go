// Package secretsstore is the data source aigateway_secrets_stores: where an
// account keeps the keys of providers.
package secretsstore

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

type storesDataSource struct {
	providerdata.DataSource
}

var _ datasource.DataSourceWithConfigure = (*storesDataSource)(nil)

// NewListDataSource is the data source aigateway_secrets_stores: all Secrets
// Stores of an account.
func NewListDataSource() datasource.DataSource { return &storesDataSource{} }

type listModel struct {
	AccountID     types.String `tfsdk:"account_id"`
	SecretsStores []storeModel `tfsdk:"secrets_stores"`
}

type storeModel struct {
	ID         types.String      `tfsdk:"id"`
	Name       types.String      `tfsdk:"name"`
	CreatedAt  timetypes.RFC3339 `tfsdk:"created_at"`
	ModifiedAt timetypes.RFC3339 `tfsdk:"modified_at"`
}

func (d *storesDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_secrets_stores"
}

func (d *storesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	timestamp := func(description string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true, CustomType: timetypes.RFC3339Type{}}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Secrets Stores of an account, for the `store_id` of a gateway that keeps keys of providers. An account has one at " +
			"most, as far as was observed, so `one(data.aigateway_secrets_stores.….secrets_stores).id` is its id. The dashboard makes the first " +
			"one: an account that has none yet gives an empty list and a warning.\n\n" +
			"The API token needs the account permission *Secrets Store Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"secrets_stores": schema.ListNestedAttribute{
				MarkdownDescription: "The stores, in the service's order.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":          schema.StringAttribute{MarkdownDescription: "Id of the store; a gateway's `store_id`.", Computed: true},
					"name":        schema.StringAttribute{MarkdownDescription: "Name of the store.", Computed: true},
					"created_at":  timestamp("When the store was created (RFC 3339, UTC)."),
					"modified_at": timestamp("When the store was last changed (RFC 3339, UTC)."),
				}},
			},
		},
	}
}

func (d *storesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var list listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &list)...)
	api := d.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if d.Data.AddUnsupported("Secrets Stores", api.Capabilities().Providers, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	list.AccountID = d.Data.KnownAccount(list.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	list.SecretsStores = []storeModel{} // none found is a list without elements, not null
	for store, err := range secretsstores.List(ctx, api, list.AccountID.ValueString()) {
		if err != nil {
			resp.Diagnostics.Append(diagnostics.FromError(diagnostics.Subject{
				Verb: "list", Object: "Secrets Stores", AccountID: list.AccountID.ValueString(), Permission: "Secrets Store Read",
			}, err)...)
			return
		}
		list.SecretsStores = append(list.SecretsStores, storeModel{
			ID: types.StringValue(store.ID), Name: types.StringValue(store.Name),
			CreatedAt: convert.Time(store.CreatedAt), ModifiedAt: convert.Time(store.ModifiedAt),
		})
	}
	if len(list.SecretsStores) == 0 {
		resp.Diagnostics.AddWarning("No Secrets Store", fmt.Sprintf(
			"Account %s has no Secrets Store yet. Opening Secrets Store once in the dashboard makes one. Until then secrets_stores is an empty list, "+
				"of which one(…) is null, so that one(…).id fails.", list.AccountID.ValueString()))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &list)...)
}
