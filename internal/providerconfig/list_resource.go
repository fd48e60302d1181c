package providerconfig

import (
	"context"
	"errors"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

var (
	_ list.ListResourceWithConfigure        = (*ListResource)(nil)
	_ list.ListResourceWithConfigValidators = (*ListResource)(nil)
)

// A ListResource lists provider configs for `terraform query`.
type ListResource struct {
	Resource
	crud.GatewaysList
}

// NewListResource returns the list resource aigateway_provider_config.
func NewListResource() list.ListResource {
	return &ListResource{GatewaysList: crud.GatewaysList{Objects: "provider configs", Description: "Lists the provider configs, the keys of providers, of one gateway or of all gateways of the account. A gateway takes one request for " +
		"every 100 provider configs. Keys cannot be read: a result, and the configuration that Terraform generates from it, names the secret that " +
		"holds the key (`secret_id`). It can be applied unchanged, and sends no key.\n\n" +
		"The API token needs the account permission *AI Gateway Read*."}}
}

// List lists the provider configs. The list has everything that the resource has.
func (r *ListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	subject := diagnostics.Subject{Object: "provider configs", Contents: contents}
	crud.ListInGateways(ctx, r.Data, support, req, stream, subject, func(api *client.Client, accountID, gatewayID string) iter.Seq2[crud.Listed[*model], error] {
		return crud.ListObjects(existing(ctx, api, accountID, gatewayID), func(config *keys.Config) crud.Listed[*model] {
			return crud.Listed[*model]{
				Name: gatewayID + "/" + config.ProviderSlug + "/" + config.Alias,
				Set: func(m *model) {
					m.AccountID, m.GatewayID = types.StringValue(accountID), types.StringValue(gatewayID)
					m.fromAPI(config)
				},
			}
		})
	})
}

// existing iterates over the provider configs of a gateway. For a gateway that does not
// exist, the service returns an empty list; the error is [client.ErrGatewayNotFound].
func existing(ctx context.Context, api *client.Client, accountID, gatewayID string) iter.Seq2[*keys.Config, error] {
	return func(yield func(*keys.Config, error) bool) {
		empty := true
		for config, err := range keys.List(ctx, api, accountID, gatewayID) {
			empty = false
			if !yield(config, err) {
				return
			}
		}
		if !empty {
			return
		}
		if _, err := gateways.Get(ctx, api, accountID, gatewayID); errors.Is(err, client.ErrNotFound) {
			yield(nil, client.ErrGatewayNotFound)
		}
	}
}
