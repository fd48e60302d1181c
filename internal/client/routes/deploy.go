package routes

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// Deploy puts a version of a dynamic route into force and returns what the service
// tells of the route then: its VersionID is that version, its DeploymentID is empty
// only if the service tells none, and its Graph is nil.
//
// If the response is lost, or tells no deployment, it looks at the route, even if
// ctx has ended in the meantime: if the version is in force, that is a success.
// Otherwise the error is ErrNotFound if the route, or the version, does not exist,
// ErrOutcomeUnknown if that cannot be told, or what the service responded.
func Deploy(ctx context.Context, c *client.Client, accountID, gatewayID, id, versionID string) (*Route, error) {
	if err := check(c, accountID, gatewayID, id, versionID); err != nil {
		return nil, err
	}
	deployment := request("deploy dynamic route", wire.Body{"version_id": versionID})
	deployment.RepeatPOST = true // to deploy a version twice does no harm
	params := ai_gateway.DynamicRoutingNewDeploymentParams{AccountID: client.InAccount(accountID).AccountID}
	resp, err := c.Send(ctx, deployment, client.Call2(c.AIGateway().DynamicRouting.NewDeployment, gatewayID, id, params))
	if err == nil {
		var deployed routeResponse
		if deployed, err = deploymentDecoder.Decode(resp, identity(accountID, gatewayID, id)); err == nil {
			route := deployed.route()
			route.ID = cmp.Or(route.ID, id)
			if route.DeploymentID != "" && cmp.Or(route.VersionID, versionID) == versionID {
				route.VersionID = versionID
				return route, nil
			}
			return confirmDeployed(ctx, c, accountID, gatewayID, id, versionID, resp)
		}
	}
	return recoverDeployment(ctx, c, accountID, gatewayID, id, versionID, resp, err)
}

// confirmDeployed reads the route after a response that says that the version was
// deployed.
func confirmDeployed(ctx context.Context, c *client.Client, accountID, gatewayID, id, versionID string, resp *client.Response) (*Route, error) {
	ctx, cancel := c.Recovery(ctx)
	defer cancel()
	route, err := lookForDeployed(ctx, c, accountID, gatewayID, id, versionID)
	var failed *client.Error
	switch {
	case errors.As(err, &failed):
		return nil, failed.WithKind(failed.Kind(), "the service had responded that the version was deployed")
	case err != nil:
		return nil, err
	case cmp.Or(route.VersionID, versionID) != versionID:
		return nil, resp.Unexpected(fmt.Errorf("the response says that version %q was deployed, but %q is in force", versionID, route.VersionID))
	}
	route.VersionID = versionID
	return route, nil
}

// recoverDeployment decides what became of a deployment that failed with err. It is
// not a [client.Search]: there is nothing to find but the version in force.
func recoverDeployment(ctx context.Context, c *client.Client, accountID, gatewayID, id, versionID string, resp *client.Response, err error) (*Route, error) {
	failed, lost := resp.LostResponse(err)
	// An attempt before the last may have been applied, unless all were turned
	// away.
	if again := resp.Attempts > 1 && resp.Status != http.StatusTooManyRequests; failed == nil || !lost && !again {
		return nil, err
	}
	ctx, cancel := c.Recovery(ctx)
	defer cancel()
	route, err := lookForDeployed(ctx, c, accountID, gatewayID, id, versionID)
	switch {
	case err == nil && route.VersionID == versionID:
		return route, nil
	case err == nil && route.VersionID == "":
		return nil, failed.WithKind(client.ErrOutcomeUnknown, "the service does not say which version is in force")
	case err == nil:
		return nil, failed.WithKind(failed.Kind(), fmt.Sprintf("the dynamic route was looked at afterwards, and version %q is in force", route.VersionID))
	case errors.Is(err, client.ErrNotFound):
		return nil, failed.NotThere(noun)
	default:
		return nil, failed.AfterLook(noun, resp, err)
	}
}

// lookForDeployed reads the route, more than once while another version is in
// force.
func lookForDeployed(ctx context.Context, c *client.Client, accountID, gatewayID, id, versionID string) (*Route, error) {
	var read routeResponse
	var err error
	c.Look(ctx, client.ReadLooks, func() bool {
		read, _, err = readOnce(ctx, c, accountID, gatewayID, id)
		return err == nil && cmp.Or(read.route().VersionID, versionID) != versionID
	})
	if err != nil {
		return nil, err
	}
	return read.route(), nil
}
