package secretsstore

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

var _ list.ListResourceWithConfigure = (*ListResource)(nil)

// A ListResource lists the Secrets Stores of an account for `terraform query`.
type ListResource struct {
	Resource
}

// NewListResource returns the list resource aigateway_secrets_store.
func NewListResource() list.ListResource { return &ListResource{} }

// queryModel is the configuration of the list resource.
type queryModel struct {
	AccountID types.String `tfsdk:"account_id"`
}

// Account implements [crud.DataModel].
func (m *queryModel) Account() *types.String { return &m.AccountID }

// ListResourceConfigSchema sets the attributes of the config block.
func (r *ListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the Secrets Stores of an account. As far as is known, an account has at most one.\n\n" +
			"The API token needs the account permission *Secrets Store Read*." + crud.ListNeeds,
		Attributes: map[string]schema.Attribute{"account_id": attributes.ListAccount()},
	}
}

// List lists the Secrets Stores. The list has everything that the resource has.
func (r *ListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	subject := func(config *queryModel) diagnostics.Subject {
		return diagnostics.Subject{
			Verb: "list", Object: "Secrets Stores", AccountID: config.AccountID.ValueString(), Permission: "Secrets Store Read",
		}
	}
	crud.List(ctx, r.Data, support, req, stream, subject, func(api *client.Client, config *queryModel) iter.Seq2[crud.Listed[*model], error] {
		found := secretsstores.List(ctx, api, config.AccountID.ValueString())
		return crud.ListObjects(found, func(store *secretsstores.Store) crud.Listed[*model] {
			return crud.Listed[*model]{
				Name: store.Name,
				Set: func(m *model) {
					m.AccountID = config.AccountID
					m.fromAPI(store)
				},
			}
		})
	})
}
