package customdomain

import (
	"context"
	"errors"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customdomains"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// errUnavailable is the error for an account whose gateway exists and whose API has no
// custom domains.
var errUnavailable = errors.New("the gateway exists, but the API has no custom domains for it. Cloudflare is rolling custom domains out " +
	"gradually, and this account does not seem to have them: the settings of the gateway in the dashboard then show no custom domains either. " +
	"Ask your Cloudflare account team, and run it again when the account has them. Nothing was changed")

// missing returns the error for a custom domain that was not found. It is a
// [client.ErrNotFound] if the domain is gone, with a [client.ErrGatewayNotFound] if the
// gateway is, and errUnavailable if the whole endpoint is not there: that must not be
// taken for a domain that is gone.
func missing(ctx context.Context, api *client.Client, accountID, gatewayID string) error {
	for _, err := range customdomains.List(ctx, api, accountID, gatewayID) {
		if errors.Is(err, client.ErrNotFound) {
			return noEndpoint(ctx, api, accountID, gatewayID)
		}
		if err != nil {
			return err
		}
		break
	}
	return client.ErrNotFound
}

// noEndpoint returns the error for a gateway whose custom domains were not found.
func noEndpoint(ctx context.Context, api *client.Client, accountID, gatewayID string) error {
	_, err := gateways.Get(ctx, api, accountID, gatewayID)
	switch {
	case errors.Is(err, client.ErrNotFound):
		return client.ErrGatewayNotFound
	case err != nil:
		return err
	default:
		return errUnavailable
	}
}
