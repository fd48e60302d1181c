package policy

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/policies"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

var (
	_ list.ListResourceWithConfigure        = (*ListResource)(nil)
	_ list.ListResourceWithConfigValidators = (*ListResource)(nil)
)

// A ListResource lists policies for `terraform query`.
type ListResource struct {
	Resource
	crud.GatewaysList
}

// NewListResource returns the list resource aigateway_policy.
func NewListResource() list.ListResource {
	return &ListResource{GatewaysList: crud.GatewaysList{Objects: "policies", Description: beta +
		"Lists the policies that are in force, of one gateway or of all gateways of the account. A gateway takes one request.\n\n" +
		readPermission}}
}

// List lists the policies. The list has everything that the resource has.
func (r *ListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	subject := diagnostics.Subject{Object: "policies", Contents: contents}
	crud.ListInGateways(ctx, r.Data, support, req, stream, subject, func(api *client.Client, accountID, gatewayID string) iter.Seq2[crud.Listed[*model], error] {
		return crud.ListObjects(policies.List(ctx, api, accountID, gatewayID, false), func(policy *policies.Policy) crud.Listed[*model] {
			return crud.Listed[*model]{
				Name: gatewayID + "/" + policy.Name,
				Set: func(m *model) {
					m.AccountID, m.GatewayID = types.StringValue(accountID), types.StringValue(gatewayID)
					m.fromAPI(policy)
				},
				Complete: func(m *model, diags *diag.Diagnostics) error {
					warn(*m, policy, diags)
					return nil
				},
			}
		})
	})
}
