package client

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

// CreateRoute creates a dynamic route whose first version has this graph; the
// service deploys it at once (observed). It returns the route as the service
// tells it; the graph is nil where the service does not show it, or not in a
// form that can be read.
//
// The error is ErrAlreadyExists if there is a route of this name, and
// ErrGatewayNotFound if there is no such gateway. When the answer is lost, it
// looks for the route before it gives up, even if ctx has ended in the
// meantime: one of this name that is as new as the request and has the graph
// that was sent is the one that was asked for. Otherwise the error is
// ErrAlreadyExists if another one has the name, ErrOutcomeUnknown if nobody can
// tell, or what the service answered.
func (c *Client) CreateRoute(ctx context.Context, accountID, gatewayID, name string, graph Graph) (*Route, error) {
	if err := c.checkRoute(accountID, gatewayID); err != nil {
		return nil, err
	}
	elements, err := encodeGraph(graph)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(body{"name": name, "elements": elements})
	if err != nil {
		return nil, err
	}
	op := operation{name: "create dynamic route", policy: once}
	began := time.Now()
	ex, err := c.sendRoute(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.DynamicRoutingNewParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.DynamicRouting.New(ctx, gatewayID, params, append(opts, option.WithRequestBody("application/json", body))...)
		return err
	})
	if err == nil {
		answer, decodeErr := decodeRoute(op.name, ex)
		if decodeErr == nil {
			return c.complete(ctx, accountID, gatewayID, answer.routeAndGraph()), nil
		}
		err = decodeErr
	}
	return recoverCreated(ctx, c, search[Route]{
		what: aRoute, unique: "of this name",
		find: func(ctx context.Context) (*Route, time.Time, error) {
			return c.findRoute(ctx, accountID, gatewayID, name)
		},
		made:   func(route *Route) time.Time { return route.CreatedAt },
		asSent: func(route *Route) bool { return route.Graph.Same(graph) },
	}, began, ex, err)
}

// complete reads a route that was just created where the answer did not tell
// all of it. That it exists is certain, whatever comes of that.
func (c *Client) complete(ctx context.Context, accountID, gatewayID string, route *Route) *Route {
	if route.Graph != nil && route.VersionID != "" && route.DeploymentID != "" {
		return route
	}
	if read, err := c.GetRoute(ctx, accountID, gatewayID, route.ID); err == nil {
		return read
	}
	return route
}

// CreateRouteVersion adds a version with this graph to a dynamic route and
// returns the version's id. It is not in force before it is deployed.
//
// Where the answer does not tell the id, or is lost, the newest version with
// this graph is the one, even if an earlier request made it: to deploy that has
// the same effect. The errors are those of [Client.CreateRoute], with
// ErrNotFound if the route does not exist.
func (c *Client) CreateRouteVersion(ctx context.Context, accountID, gatewayID, id string, graph Graph) (string, error) {
	if err := c.checkRoute(accountID, gatewayID, id); err != nil {
		return "", err
	}
	elements, err := encodeGraph(graph)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(body{"elements": elements})
	if err != nil {
		return "", err
	}
	op := operation{name: "create dynamic route version", policy: once}
	ex, err := c.sendRoute(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.DynamicRoutingNewVersionParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.DynamicRouting.NewVersion(ctx, gatewayID, id, params, append(opts, option.WithRequestBody("application/json", body))...)
		return err
	})
	if err == nil {
		var answer routeAnswer
		if answer, err = decodeAs[routeAnswer](op.name, ex, aVersion); err == nil {
			if versionID := answer.newVersion(graph); versionID != "" {
				return versionID, nil
			}
			err = unexpected(op.name, ex, withoutID(aVersion))
		}
	}
	return c.recoverVersion(ctx, accountID, gatewayID, id, graph, ex, err)
}

// newVersion is the id of the version that an answer says was made, or empty.
// What it says of a version with another graph is about the one in force.
func (a routeAnswer) newVersion(sent Graph) string {
	if a.VersionID != "" || a.Version == nil {
		return a.VersionID
	}
	if version := a.Version.version(); version.Graph == nil || version.Graph.Same(sent) {
		return version.ID
	}
	return ""
}

// recoverVersion is [recoverCreated] for a version, of which there may be
// several with the same graph.
func (c *Client) recoverVersion(ctx context.Context, accountID, gatewayID, id string, sent Graph, ex *exchange, failure error) (string, error) {
	failed, lost := lostAnswer(ex, failure)
	if !lost {
		return "", failure
	}
	ctx, cancel := recovery(ctx)
	defer cancel()

	search := versionSearch{client: c, accountID: accountID, gatewayID: gatewayID, id: id, read: map[string]*Graph{}}
	var versionID string
	var err error
	c.patiently(ctx, listLooks, func() bool {
		versionID, err = search.newest(ctx, sent)
		return notYet(err)
	})
	if err != nil {
		return "", failed.lookedInVain(aVersion, ex, err)
	}
	return versionID, nil
}

// mostVersionsRead bounds how many versions a search reads one by one.
const mostVersionsRead = 10

// versionSearch looks for a version by its graph.
type versionSearch struct {
	client                   *Client
	accountID, gatewayID, id string
	read                     map[string]*Graph // those that the list does not show
}

// newest is the newest version with this graph. The error is ErrNotFound if
// there is none.
func (s versionSearch) newest(ctx context.Context, graph Graph) (string, error) {
	versions, err := s.client.ListRouteVersions(ctx, s.accountID, s.gatewayID, s.id)
	if err != nil {
		return "", err
	}
	for _, version := range versions {
		found := version.Graph
		if found == nil {
			if found, err = s.graph(ctx, version.ID); err != nil {
				return "", err
			}
		}
		if found != nil && found.Same(graph) {
			return version.ID, nil
		}
	}
	return "", ErrNotFound
}

// graph reads a version, once, and no more than are worth it.
func (s versionSearch) graph(ctx context.Context, versionID string) (*Graph, error) {
	graph, known := s.read[versionID]
	if known || len(s.read) == mostVersionsRead || !ValidID(versionID) {
		return graph, nil
	}
	graph, err := s.client.versionGraph(ctx, s.accountID, s.gatewayID, s.id, versionID)
	if err != nil && !errors.Is(err, ErrUnexpectedAnswer) {
		return nil, err
	}
	s.read[versionID] = graph
	return graph, nil
}

// routeNameTaken tells whether the service refused a route's name: with its
// code for routes, or with what its database says (both observed).
func (e *Error) routeNameTaken() bool {
	return slices.ContainsFunc(e.Items, func(item ErrorItem) bool {
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
