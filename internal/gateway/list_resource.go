package gateway

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

var _ list.ListResourceWithConfigure = (*ListResource)(nil)

// A ListResource lists the gateways of an account for `terraform query`.
type ListResource struct {
	Resource
}

// NewListResource returns the list resource aigateway_gateway.
func NewListResource() list.ListResource { return &ListResource{} }

// queryModel is the configuration of the list resource.
type queryModel struct {
	AccountID      types.String `tfsdk:"account_id"`
	Search         types.String `tfsdk:"search"`
	IncludeDefault types.Bool   `tfsdk:"include_default"`
}

// Account implements [crud.DataModel].
func (m *queryModel) Account() *types.String { return &m.AccountID }

// ListResourceConfigSchema sets the attributes of the config block.
func (r *ListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the gateways of an account, with one request for every 100 gateways.\n\n" +
			"The API token needs the account permission *AI Gateway Read*." + crud.ListNeeds,
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ListAccount(),
			"search": schema.StringAttribute{
				MarkdownDescription: "Lists only gateways whose ID contains this string. The service does the search.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"include_default": attributes.IncludeDefault("Whether the gateway `default` is listed, too."),
		},
	}
}

// List lists the gateways. The list has everything that the resource has.
func (r *ListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	described := func(config *queryModel) diagnostics.Subject {
		listed := subject("list", config.AccountID.ValueString(), "")
		listed.Object = "gateways"
		return listed
	}
	crud.List(ctx, r.Data, crud.Support{}, req, stream, described, func(api *client.Client, config *queryModel) iter.Seq2[crud.Listed[*model], error] {
		found := gateways.List(ctx, api, config.AccountID.ValueString(), config.Search.ValueString())
		if !crud.IncludesDefault(config.IncludeDefault) {
			found = withoutDefault(found)
		}
		return crud.ListObjects(found, func(gateway *gateways.Gateway) crud.Listed[*model] {
			return crud.Listed[*model]{
				Name: gateway.Name,
				Set:  func(m *model) { m.fromAPI(config.AccountID, r.Data.GatewayBaseURL, gateway) },
			}
		})
	})
}

// withoutDefault iterates over all gateways but the one called default.
func withoutDefault(all iter.Seq2[*gateways.Gateway, error]) iter.Seq2[*gateways.Gateway, error] {
	return func(yield func(*gateways.Gateway, error) bool) {
		for gateway, err := range all {
			if err == nil && gateway.Default() {
				continue
			}
			if !yield(gateway, err) {
				return
			}
		}
	}
}
