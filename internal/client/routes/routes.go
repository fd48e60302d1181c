package routes

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

const (
	codeNotFound = 7002
	codeRoute    = 7005 // a dynamic route does not exist, or its name is taken
)

var (
	errNoGraph    = errors.New("the response does not show the graph")
	errNotRenamed = errors.New("the service responded that the dynamic route was renamed, but it has its old name")
)

// Get reads one dynamic route with the graph of the version in force, which is
// never nil. The error is ErrNotFound if the route does not exist, and also
// ErrGatewayNotFound if its gateway does not.
func Get(ctx context.Context, c *client.Client, accountID, gatewayID, id string) (*Route, error) {
	route, _, err := get(ctx, c, accountID, gatewayID, id)
	return route, err
}

// Describe reads what one request tells of a dynamic route: its name and the version
// in force. Its graph is nil if the response does not show it, or not in a form that
// can be decoded. The error is that of [Get].
func Describe(ctx context.Context, c *client.Client, accountID, gatewayID, id string) (*Route, error) {
	read, _, err := readOnce(ctx, c, accountID, gatewayID, id)
	if err != nil {
		return nil, err
	}
	return read.routeAndGraph(), nil
}

// get also returns the time by the server's clock, or zero.
func get(ctx context.Context, c *client.Client, accountID, gatewayID, id string) (*Route, time.Time, error) {
	read, resp, err := readOnce(ctx, c, accountID, gatewayID, id)
	if err != nil {
		return nil, time.Time{}, err
	}
	route := read.route()
	route.Graph, err = read.graph()
	if err == nil && route.Graph == nil && client.ValidID(route.VersionID) {
		route.Graph, err = versionGraph(ctx, c, accountID, gatewayID, id, route.VersionID)
	}
	var failed *client.Error
	switch {
	case errors.As(err, &failed):
		return nil, time.Time{}, err
	case err != nil:
		return nil, time.Time{}, resp.Unexpected(err)
	case route.Graph == nil:
		return nil, time.Time{}, resp.Unexpected(errNoGraph)
	}
	return route, resp.Date(), nil
}

// readOnce reads what one request tells of a route.
func readOnce(ctx context.Context, c *client.Client, accountID, gatewayID, id string) (routeResponse, *client.Response, error) {
	if err := check(c, accountID, gatewayID, id); err != nil {
		return routeResponse{}, nil, err
	}
	call := client.Call2(c.AIGateway().DynamicRouting.Get, gatewayID, id, ai_gateway.DynamicRoutingGetParams(client.InAccount(accountID)))
	resp, err := c.Send(ctx, request("read dynamic route", nil), call)
	if err != nil {
		return routeResponse{}, nil, err
	}
	read, err := rawDecoder.Decode(resp, identity(accountID, gatewayID, id))
	return read, resp, err
}

// versionGraph reads the graph of one version. It returns nil if the response does
// not show it. A missing version does not mean that the route is missing.
func versionGraph(ctx context.Context, c *client.Client, accountID, gatewayID, id, versionID string) (*Graph, error) {
	call := client.Call3(c.AIGateway().DynamicRouting.GetVersion, gatewayID, id, versionID, ai_gateway.DynamicRoutingGetVersionParams(client.InAccount(accountID)))
	graph, _, err := client.Get(ctx, c, request("read dynamic route version", nil), call, client.Decoder[versionResponse, *Graph]{
		Noun: versionNoun, Loose: true, Identify: versionResponse.identity, Bare: true,
		Convert: func(r versionResponse) (*Graph, error) { return firstGraph(r.Data, r.Elements) },
	}, identity(accountID, gatewayID, versionID))
	var failed *client.Error
	if errors.Is(err, client.ErrNotFound) && errors.As(err, &failed) {
		return nil, failed.WithKind(client.ErrUnexpectedResponse, "the dynamic route names this version")
	}
	return graph, err
}

// Find reads the dynamic route with this name. The error is ErrNotFound if there
// is none. The service's lists lag behind by some seconds (observed), so it may
// not find a route that was just created or renamed. It does not return a route
// that is still in the list, but is deleted or has another name by now.
func Find(ctx context.Context, c *client.Client, accountID, gatewayID, name string) (*Route, error) {
	route, _, err := find(ctx, c, accountID, gatewayID, name)
	return route, err
}

func find(ctx context.Context, c *client.Client, accountID, gatewayID, name string) (*Route, time.Time, error) {
	for route, err := range List(ctx, c, accountID, gatewayID) {
		if err != nil {
			return nil, time.Time{}, err
		}
		if route.Name != name {
			continue
		}
		found, now, err := get(ctx, c, accountID, gatewayID, route.ID)
		if stale := client.MayAppear(err) || err == nil && found.Name != name; !stale {
			return found, now, err
		}
	}
	return nil, time.Time{}, client.ErrNotFound
}

// Rename renames a dynamic route and returns it as the service describes it then.
// Its graph does not change, and is nil if the response does not show it. The
// error is ErrAlreadyExists if another route has the name, and ErrNotFound as that
// of [Get].
func Rename(ctx context.Context, c *client.Client, accountID, gatewayID, id, name string) (*Route, error) {
	if err := check(c, accountID, gatewayID, id); err != nil {
		return nil, err
	}
	params := ai_gateway.DynamicRoutingUpdateParams{AccountID: client.InAccount(accountID).AccountID}
	call := client.Call2(c.AIGateway().DynamicRouting.Update, gatewayID, id, params)
	want := identity(accountID, gatewayID, id)
	return client.Change(ctx, c, request("rename dynamic route", wire.Body{"name": name}), call, routeDecoder, want, func(ctx context.Context) (*Route, error) {
		read, resp, err := readOnce(ctx, c, accountID, gatewayID, id)
		switch {
		case err != nil:
			return nil, err
		case read.Name != name:
			return nil, resp.Unexpected(errNotRenamed)
		default:
			return read.routeAndGraph(), nil
		}
	})
}

// Delete deletes a dynamic route with its versions. It is no error if there is
// none, or no such gateway.
func Delete(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
	if err := check(c, accountID, gatewayID, id); err != nil {
		return err
	}
	call := client.Call2(c.AIGateway().DynamicRouting.Delete, gatewayID, id, ai_gateway.DynamicRoutingDeleteParams(client.InAccount(accountID)))
	return c.Delete(ctx, request("delete dynamic route", nil), call, identity(accountID, gatewayID, id), func(ctx context.Context) error {
		_, _, err := readOnce(ctx, c, accountID, gatewayID, id)
		return err
	})
}

func request(operation string, body wire.Body) client.Request {
	r := client.Request{Operation: operation, Refine: explain}
	if body != nil {
		r.Body = body
	}
	return r
}

// explain gives errors the meaning that they have for dynamic routes.
func explain(failed *client.Error) *client.Error {
	switch {
	case errors.Is(failed, client.ErrNotFound) && failed.HasCode(codeNotFound) && !failed.HasCode(codeRoute):
		return failed.WithKind(client.ErrGatewayNotFound, failed.Note())
	case saysNameTaken(failed):
		return failed.WithKind(client.ErrAlreadyExists, "a dynamic route of this name existed before this request")
	default:
		return failed
	}
}

// saysNameTaken reports whether the service refused the name of a route: with its
// code for routes, or with the error of its database (both observed).
func saysNameTaken(e *client.Error) bool {
	return slices.ContainsFunc(e.Items, func(item client.ErrorItem) bool {
		switch e.Status {
		case http.StatusBadRequest:
			return (item.Code == codeRoute || item.Field == "name") && strings.Contains(strings.ToLower(item.Message), "already exists")
		case http.StatusInternalServerError:
			return strings.Contains(item.Message, "UNIQUE constraint failed: routes.name")
		default:
			return false
		}
	})
}

// check refuses wire formats without dynamic routes, and ids that cannot be those
// of a gateway and, if they are given, of a route and a version.
func check(c *client.Client, accountID, gatewayID string, ids ...string) error {
	can := c.Capabilities()
	err := cmp.Or(can.CheckCapability(can.Routes, "dynamic routes"), client.CheckGateway(accountID, gatewayID))
	for i, id := range ids {
		err = cmp.Or(err, client.CheckID([]string{noun, versionNoun}[i], id))
	}
	return err
}
