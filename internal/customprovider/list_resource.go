package customprovider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

var _ list.ListResourceWithConfigure = (*ListResource)(nil)

// A ListResource lists the custom providers of an account for `terraform query`.
type ListResource struct {
	Resource
}

// NewListResource returns the list resource aigateway_custom_provider.
func NewListResource() list.ListResource { return &ListResource{} }

// queryModel is the configuration of the list resource.
type queryModel struct {
	AccountID types.String `tfsdk:"account_id"`
	Search    types.String `tfsdk:"search"`
	Enable    types.Bool   `tfsdk:"enable"`
	Beta      types.Bool   `tfsdk:"beta"`
}

// Account implements [crud.DataModel].
func (m *queryModel) Account() *types.String { return &m.AccountID }

// ListResourceConfigSchema sets the attributes of the config block.
func (r *ListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the custom providers of an account, with one request for every 100 custom providers. Generated configuration does " +
			"not contain the headers, which are sensitive. They stay as they are.\n\n" +
			"The API token needs the account permission *AI Gateway Read*." + crud.ListNeeds,
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ListAccount(),
			"search": schema.StringAttribute{
				MarkdownDescription: "Lists only custom providers whose ID, name or slug contains this string. The service does the search.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"enable": schema.BoolAttribute{MarkdownDescription: "Lists only custom providers that are enabled, or that are not.", Optional: true},
			"beta":   schema.BoolAttribute{MarkdownDescription: "Lists only custom providers that are marked as beta, or that are not.", Optional: true},
		},
	}
}

// List lists the custom providers. The list has everything that the resource has.
func (r *ListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	subject := func(config *queryModel) diagnostics.Subject {
		return diagnostics.Subject{Verb: "list", Object: "custom providers", AccountID: config.AccountID.ValueString()}
	}
	crud.List(ctx, r.Data, support, req, stream, subject, func(api *client.Client, config *queryModel) iter.Seq2[crud.Listed[*model], error] {
		filter := customproviders.Filter{
			Search: config.Search.ValueString(), Enable: convert.Bool(config.Enable), Beta: convert.Bool(config.Beta),
		}
		found := customproviders.List(ctx, api, config.AccountID.ValueString(), filter)
		return crud.ListObjects(found, func(provider *customproviders.Provider) crud.Listed[*model] {
			return crud.Listed[*model]{
				Name: provider.Name + " (" + provider.Slug + ")",
				Set: func(m *model) {
					m.AccountID = config.AccountID
					m.fromAPI(provider)
				},
			}
		})
	})
}
