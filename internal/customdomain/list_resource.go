package customdomain

import (
	"context"
	"errors"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customdomains"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

var (
	_ list.ListResourceWithConfigure        = (*ListResource)(nil)
	_ list.ListResourceWithConfigValidators = (*ListResource)(nil)
)

// A ListResource lists custom domains for `terraform query`.
type ListResource struct {
	Resource
	crud.GatewaysList
}

// NewListResource returns the list resource aigateway_custom_domain.
func NewListResource() list.ListResource {
	return &ListResource{GatewaysList: crud.GatewaysList{Objects: "custom domains", Description: beta +
		"Lists the custom domains of one gateway, or of all gateways of the account. A gateway takes one request for every 20 custom domains.\n\n" +
		"The API token needs the account permission *AI Gateway Read*."}}
}

// List lists the custom domains. The list has everything that the resource has.
func (r *ListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	subject := diagnostics.Subject{Object: "custom domains", Contents: contents}
	crud.ListInGateways(ctx, r.Data, support, req, stream, subject, func(api *client.Client, accountID, gatewayID string) iter.Seq2[crud.Listed[*model], error] {
		return crud.ListObjects(existing(ctx, api, accountID, gatewayID), func(domain *customdomains.Domain) crud.Listed[*model] {
			return crud.Listed[*model]{
				Name: domain.Hostname,
				Set: func(m *model) {
					m.AccountID, m.GatewayID = types.StringValue(accountID), types.StringValue(gatewayID)
					m.fromAPI(domain)
				},
			}
		})
	})
}

// existing iterates over the custom domains of a gateway. The error says whether the
// gateway or the whole endpoint is missing.
func existing(ctx context.Context, api *client.Client, accountID, gatewayID string) iter.Seq2[*customdomains.Domain, error] {
	return crud.RefineErrors(customdomains.List(ctx, api, accountID, gatewayID), func(err error) error {
		if errors.Is(err, client.ErrNotFound) {
			return noEndpoint(ctx, api, accountID, gatewayID)
		}
		return err
	})
}
