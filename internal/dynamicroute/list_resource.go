package dynamicroute

import (
	"context"
	"errors"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

var (
	_ list.ListResourceWithConfigure        = (*ListResource)(nil)
	_ list.ListResourceWithConfigValidators = (*ListResource)(nil)
)

// A ListResource lists dynamic routes for `terraform query`.
type ListResource struct {
	Resource
	crud.GatewaysList
}

// NewListResource returns the list resource aigateway_dynamic_route.
func NewListResource() list.ListResource {
	return &ListResource{GatewaysList: crud.GatewaysList{Objects: "dynamic routes", Description: "Lists the dynamic routes of one gateway, or of all gateways of the account. A gateway takes one request for every 100 routes. The list " +
		"has no graphs: the whole resource, as for generated configuration, takes one more request for each route. Recent changes may be missing " +
		"from the list for some seconds.\n\n" +
		"The API token needs the account permission *AI Gateway Read*."}}
}

// List lists the routes.
func (r *ListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	subject := diagnostics.Subject{Object: "dynamic routes", Contents: contents}
	crud.ListInGateways(ctx, r.Data, support, req, stream, subject, func(api *client.Client, accountID, gatewayID string) iter.Seq2[crud.Listed[*model], error] {
		return crud.ListObjects(existing(ctx, api, accountID, gatewayID), func(route *routes.Route) crud.Listed[*model] {
			return crud.Listed[*model]{
				Name: gatewayID + "/" + route.Name,
				Set: func(m *model) {
					m.AccountID, m.GatewayID = types.StringValue(accountID), types.StringValue(gatewayID)
					m.fromAPI(route)
				},
				Complete: func(m *model, diags *diag.Diagnostics) error { return m.read(ctx, api, diags) },
			}
		})
	})
}

// existing iterates over the routes of a gateway. If it does not exist, the error is
// [client.ErrGatewayNotFound].
func existing(ctx context.Context, api *client.Client, accountID, gatewayID string) iter.Seq2[*routes.Route, error] {
	return crud.RefineErrors(routes.List(ctx, api, accountID, gatewayID), func(err error) error {
		if errors.Is(err, client.ErrNotFound) {
			return client.ErrGatewayNotFound
		}
		return err
	})
}
