package secretsstore

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*ListDataSource)(nil)

// A ListDataSource lists the Secrets Stores of an account.
type ListDataSource struct {
	providerdata.DataSource
}

// NewListDataSource returns the data source aigateway_secrets_stores.
func NewListDataSource() datasource.DataSource { return &ListDataSource{} }

type listModel struct {
	AccountID     types.String `tfsdk:"account_id"`
	SecretsStores []facts      `tfsdk:"secrets_stores"`
}

// Account implements [crud.DataModel].
func (m *listModel) Account() *types.String { return &m.AccountID }

// Metadata sets the name of the data source.
func (d *ListDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_secrets_stores"
}

// Schema sets the attributes of the data source.
func (d *ListDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the Secrets Stores of an account, for the `store_id` of a gateway that uses keys of providers. As far as is known, " +
			"an account has at most one, so `one(data.aigateway_secrets_stores.….secrets_stores).id` is its ID. An account without a Secrets " +
			"Store gives an empty list and a warning. The resource `aigateway_secrets_store` creates one.\n\n" +
			"The API token needs the account permission *Secrets Store Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"secrets_stores": schema.ListNestedAttribute{
				MarkdownDescription: "Stores in the order in which the service returns them.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":          attributes.ComputedString(descriptions["id"]),
					"name":        attributes.ComputedString("Name of the store."),
					"created_at":  attributes.ComputedTime(descriptions["created_at"]),
					"modified_at": attributes.ComputedTime(descriptions["modified_at"]),
				}},
			},
		},
	}
}

// support says which wire formats have Secrets Stores.
var support = crud.Support{
	Objects: "Secrets Stores", In: func(c client.Capabilities) bool { return c.Providers },
}

// Read reads the Secrets Stores.
func (d *ListDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	crud.ReadDataSource(ctx, d.Data, support, req, resp, func(api *client.Client, list *listModel) {
		accountID := list.AccountID.ValueString()
		list.SecretsStores = []facts{} // an empty list, not null, if there are none
		for store, err := range secretsstores.List(ctx, api, accountID) {
			if err != nil {
				resp.Diagnostics.Append(diagnostics.FromError(diagnostics.Subject{
					Verb: "list", Object: "Secrets Stores", AccountID: accountID, Permission: "Secrets Store Read",
				}, err)...)
				return
			}
			var listed facts
			listed.fromAPI(store)
			list.SecretsStores = append(list.SecretsStores, listed)
		}
		if len(list.SecretsStores) == 0 {
			resp.Diagnostics.AddWarning("No Secrets Store", fmt.Sprintf(
				"Account %s has no Secrets Store yet. The resource aigateway_secrets_store creates it: use its id, and remove this data source. Until "+
					"then, secrets_stores is an empty list: one(…) of it is null, and one(…).id fails.", accountID))
		}
	})
}
