package client

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

// DeployRoute puts a version of a dynamic route to work and returns what the
// service tells of the route then: its VersionID is that version, its
// DeploymentID is empty only where the service tells no route's, and its Graph
// is nil.
//
// When the answer is lost, or tells no deployment, it looks at the route before
// it gives up, even if ctx has ended in the meantime: if the version is in
// force, that is a success. Otherwise the error is ErrNotFound if the route, or
// the version, does not exist, ErrOutcomeUnknown if nobody can tell, or what
// the service answered.
func (c *Client) DeployRoute(ctx context.Context, accountID, gatewayID, id, versionID string) (*Route, error) {
	if err := c.checkRoute(accountID, gatewayID, id, versionID); err != nil {
		return nil, err
	}
	body, err := json.Marshal(body{"version_id": versionID})
	if err != nil {
		return nil, err
	}
	// To deploy a version twice does no harm, so the POST is repeatable.
	op := operation{name: "deploy dynamic route"}
	ex, err := c.sendRoute(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.DynamicRoutingNewDeploymentParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.DynamicRouting.NewDeployment(ctx, gatewayID, id, params, append(opts, option.WithRequestBody("application/json", body))...)
		return err
	})
	if err == nil {
		var answer routeAnswer
		if answer, err = decodeAs[routeAnswer](op.name, ex, aDeployment); err == nil {
			route := answer.route()
			route.ID = cmp.Or(route.ID, id)
			if route.DeploymentID != "" && cmp.Or(route.VersionID, versionID) == versionID {
				route.VersionID = versionID
				return route, nil
			}
			return c.confirmDeployed(ctx, accountID, gatewayID, id, versionID, op.name, ex)
		}
	}
	return c.recoverDeployment(ctx, accountID, gatewayID, id, versionID, ex, err)
}

// confirmDeployed reads the route after an answer that says that the version
// was deployed.
func (c *Client) confirmDeployed(ctx context.Context, accountID, gatewayID, id, versionID, op string, ex *exchange) (*Route, error) {
	ctx, cancel := recovery(ctx)
	defer cancel()
	route, err := c.lookForDeployed(ctx, accountID, gatewayID, id, versionID)
	var failed *Error
	switch {
	case errors.As(err, &failed):
		return nil, failed.withKind(failed.kind, "the service had answered that the version was deployed")
	case err != nil:
		return nil, err
	case cmp.Or(route.VersionID, versionID) != versionID:
		return nil, unexpected(op, ex, fmt.Errorf("the answer says that version %q was deployed, but %q is in force", versionID, route.VersionID))
	}
	route.VersionID = versionID
	return route, nil
}

// recoverDeployment decides what became of a deployment that did not succeed
// plainly: failure is what is known so far.
func (c *Client) recoverDeployment(ctx context.Context, accountID, gatewayID, id, versionID string, ex *exchange, failure error) (*Route, error) {
	failed, lost := lostAnswer(ex, failure)
	// An attempt before the last may have been carried out, unless all were
	// turned away.
	if again := ex.attempts > 1 && ex.status != http.StatusTooManyRequests; failed == nil || !lost && !again {
		return nil, failure
	}
	ctx, cancel := recovery(ctx)
	defer cancel()
	route, err := c.lookForDeployed(ctx, accountID, gatewayID, id, versionID)
	switch {
	case err == nil && route.VersionID == versionID:
		return route, nil
	case err == nil && route.VersionID == "":
		return nil, failed.withKind(ErrOutcomeUnknown, "the service does not say which version is in force")
	case err == nil:
		return nil, failed.withKind(failed.kind, fmt.Sprintf("the dynamic route was looked at afterwards, and version %q is in force", route.VersionID))
	case errors.Is(err, ErrNotFound):
		return nil, failed.withKind(ErrNotFound, notThere(aRoute))
	default:
		return nil, failed.lookedInVain(aRoute, ex, err)
	}
}

// lookForDeployed reads the route, more than once if another version is still
// in force.
func (c *Client) lookForDeployed(ctx context.Context, accountID, gatewayID, id, versionID string) (*Route, error) {
	var answer routeAnswer
	var err error
	c.patiently(ctx, recoveryLooks, func() bool {
		answer, _, err = c.readRoute(ctx, accountID, gatewayID, id)
		return err == nil && cmp.Or(answer.route().VersionID, versionID) != versionID
	})
	if err != nil {
		return nil, err
	}
	return answer.route(), nil
}
