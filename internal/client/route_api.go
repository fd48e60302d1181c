package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

const routeWasThere = "a dynamic route of this name was there before"

var errNoGraph = errors.New("the answer does not show the graph")

// GetRoute reads one dynamic route with the graph of the version in force,
// which is never nil. The error is ErrNotFound if the route does not exist, and
// also ErrGatewayNotFound if its gateway does not.
func (c *Client) GetRoute(ctx context.Context, accountID, gatewayID, id string) (*Route, error) {
	route, _, err := c.getRoute(ctx, accountID, gatewayID, id)
	return route, err
}

// FindRoute reads the dynamic route of a name. The error is ErrNotFound if
// there is none. The service's lists lag behind by some seconds (observed), so
// one that was just made or renamed may not be found; one that they still have,
// but that is gone or has another name by now, is not taken for it.
func (c *Client) FindRoute(ctx context.Context, accountID, gatewayID, name string) (*Route, error) {
	route, _, err := c.findRoute(ctx, accountID, gatewayID, name)
	return route, err
}

func (c *Client) findRoute(ctx context.Context, accountID, gatewayID, name string) (*Route, time.Time, error) {
	for route, err := range c.ListRoutes(ctx, accountID, gatewayID) {
		if err != nil {
			return nil, time.Time{}, err
		}
		if route.Name != name {
			continue
		}
		found, now, err := c.getRoute(ctx, accountID, gatewayID, route.ID)
		if stale := notYet(err) || err == nil && found.Name != name; !stale {
			return found, now, err
		}
	}
	return nil, time.Time{}, ErrNotFound
}

// getRoute also returns the time by the server's clock, or zero.
func (c *Client) getRoute(ctx context.Context, accountID, gatewayID, id string) (*Route, time.Time, error) {
	answer, ex, err := c.readRoute(ctx, accountID, gatewayID, id)
	if err != nil {
		return nil, time.Time{}, err
	}
	route := answer.route()
	route.Graph, err = answer.graph()
	if err == nil && route.Graph == nil && ValidID(route.VersionID) {
		route.Graph, err = c.versionGraph(ctx, accountID, gatewayID, id, route.VersionID)
	}
	var failed *Error
	switch {
	case errors.As(err, &failed):
		return nil, time.Time{}, err
	case err != nil:
		return nil, time.Time{}, unexpected(readRoute, ex, err)
	case route.Graph == nil:
		return nil, time.Time{}, unexpected(readRoute, ex, errNoGraph)
	}
	return route, ex.date(), nil
}

const readRoute = "read dynamic route"

// readRoute is a route as one request tells it.
func (c *Client) readRoute(ctx context.Context, accountID, gatewayID, id string) (routeAnswer, *exchange, error) {
	if err := c.checkRoute(accountID, gatewayID, id); err != nil {
		return routeAnswer{}, nil, err
	}
	ex, err := c.sendRoute(ctx, operation{name: readRoute}, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.DynamicRoutingGetParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.DynamicRouting.Get(ctx, gatewayID, id, params, opts...)
		return err
	})
	if err != nil {
		return routeAnswer{}, nil, err
	}
	answer, err := decodeRoute(readRoute, ex)
	return answer, ex, err
}

// versionGraph reads the graph of one version; nil if the answer does not show
// it. That there is no such version does not mean that there is no route.
func (c *Client) versionGraph(ctx context.Context, accountID, gatewayID, id, versionID string) (*Graph, error) {
	op := operation{name: "read dynamic route version"}
	ex, err := c.sendRoute(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.DynamicRoutingGetVersionParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.DynamicRouting.GetVersion(ctx, gatewayID, id, versionID, params, opts...)
		return err
	})
	var failed *Error
	if errors.Is(err, ErrNotFound) && errors.As(err, &failed) {
		return nil, failed.withKind(ErrUnexpectedAnswer, "the dynamic route names this version")
	}
	if err != nil {
		return nil, err
	}
	answer, err := decodeAs[versionAnswer](op.name, ex, aVersion)
	if err != nil {
		return nil, err
	}
	graph, err := firstGraph(answer.Data, answer.Elements)
	if err != nil {
		return nil, unexpected(op.name, ex, err)
	}
	return graph, nil
}

// RenameRoute gives a dynamic route another name and returns it as the service
// tells it then. Its graph, which stays as it is, is nil where the answer does
// not show it. The error is ErrAlreadyExists if another route has the name, and
// ErrNotFound as of [Client.GetRoute].
func (c *Client) RenameRoute(ctx context.Context, accountID, gatewayID, id, name string) (*Route, error) {
	if err := c.checkRoute(accountID, gatewayID, id); err != nil {
		return nil, err
	}
	body, err := json.Marshal(body{"name": name})
	if err != nil {
		return nil, err
	}
	op := operation{name: "rename dynamic route"}
	ex, err := c.sendRoute(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.DynamicRoutingUpdateParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.DynamicRouting.Update(ctx, gatewayID, id, params, append(opts, option.WithRequestBody("application/json", body))...)
		return err
	})
	if err != nil {
		return nil, err
	}
	answer, err := decodeRoute(op.name, ex)
	if err != nil {
		return nil, err
	}
	return answer.routeAndGraph(), nil
}

// DeleteRoute deletes a dynamic route with its versions. It is no error if
// there is none, or no such gateway.
func (c *Client) DeleteRoute(ctx context.Context, accountID, gatewayID, id string) error {
	if err := c.checkRoute(accountID, gatewayID, id); err != nil {
		return err
	}
	op := operation{name: "delete dynamic route"}
	ex, err := c.sendRoute(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.DynamicRoutingDeleteParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.DynamicRouting.Delete(ctx, gatewayID, id, params, opts...)
		return err
	})
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	default:
		return checkDone(op.name, ex)
	}
}

// sendRoute is send with what errors mean where dynamic routes are concerned.
func (c *Client) sendRoute(ctx context.Context, op operation, do call) (*exchange, error) {
	ex, err := c.send(ctx, op, do)
	var failed *Error
	switch {
	case !errors.As(err, &failed):
		return ex, err
	case errors.Is(failed, ErrNotFound) && failed.HasCode(codeNotFound) && !failed.HasCode(codeRoute):
		return ex, failed.withKind(ErrGatewayNotFound, failed.note)
	case failed.routeNameTaken():
		return ex, failed.withKind(ErrAlreadyExists, routeWasThere)
	default:
		return ex, failed
	}
}

// checkRoute refuses wire formats without dynamic routes, and ids that cannot
// be those of a gateway and, where they are given, of a route and a version.
func (c *Client) checkRoute(accountID, gatewayID string, ids ...string) error {
	if can := c.format.capabilities; !can.Routes {
		return fmt.Errorf("the wire format %q has no dynamic routes, so no request was sent", can.Format)
	}
	if err := checkIDs(accountID, gatewayID); err != nil {
		return err
	}
	for i, id := range ids {
		if err := checkID([]string{aRoute, aVersion}[i], id); err != nil {
			return err
		}
	}
	return nil
}
