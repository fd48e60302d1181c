package routes_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
)

const deployRequest = "POST /demo/routes/r1/deployments"

func deploy(t *testing.T, c *client.Client) (*routes.Route, error) {
	t.Helper()
	return routes.Deploy(t.Context(), c, clienttest.Account, "demo", "r1", "v2")
}

// inForce returns a response with a version in force and without a graph, which does
// not matter.
func inForce(versionID, deploymentID string) clienttest.Handler {
	return clienttest.Reply(200, clienttest.Envelope(routeObject(clienttest.Fields{
		"version": nil, "deployment": clienttest.Fields{"deployment_id": deploymentID, "version_id": versionID},
	})))
}

func wantDeployed() *routes.Route {
	return wantRoute(func(r *routes.Route) { r.VersionID, r.DeploymentID, r.Graph = "v2", "d2", nil })
}

func TestDeployRoute(t *testing.T) {
	whole := routeObject(clienttest.Fields{"version": nil, "deployment": clienttest.Fields{"deployment_id": "d2", "version_id": "v2"}})
	atTop := routeObject(clienttest.Fields{"version": nil, "deployment": nil, "deployment_id": "d2", "version_id": "v2"})
	without := routeObject(clienttest.Fields{"version": nil, "deployment": clienttest.Fields{"deployment_id": "d2"}})
	old := routeObject(nil)
	for name, test := range map[string]struct {
		response clienttest.Fields
		looks    []clienttest.Handler
	}{
		"in deployment":        {whole, nil},
		"at the top":           {atTop, nil},
		"no version":           {without, nil},
		"bare":                 {routeObject(clienttest.Fields{"version": clienttest.Absent, "deployment": clienttest.Absent}), []clienttest.Handler{inForce("v2", "d2")}},
		"the one before":       {old, []clienttest.Handler{inForce("v2", "d2")}},
		"bare, after a while":  {routeObject(clienttest.Fields{"version": nil, "deployment": nil}), []clienttest.Handler{inForce("v1", "d1"), inForce("v1", "d1"), inForce("v2", "d2")}},
		"bare, nothing at all": {clienttest.Fields{}, []clienttest.Handler{inForce("v2", "d2")}},
		"no version in force":  {clienttest.Fields{}, []clienttest.Handler{inForce("", "d2")}},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, append([]clienttest.Handler{clienttest.Reply(200, clienttest.Envelope(test.response))}, test.looks...)...)
			route, err := deploy(t, c)
			requireRoute(t, wantDeployed(), route, err)
			server.RequireRequests(append([]string{deployRequest}, slices.Repeat([]string{"GET /demo/routes/r1"}, len(test.looks))...)...)
			server.RequireWaits(max(0, len(test.looks)-1))
		})
	}
	_, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"deployment_id": "d2"})))
	route, err := deploy(t, c)
	requireRoute(t, &routes.Route{ID: "r1", VersionID: "v2", DeploymentID: "d2"}, route, err)
}

func TestDeployRouteNotInForce(t *testing.T) {
	_, c := clienttest.Start(t, append([]clienttest.Handler{clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "r1"}))}, clienttest.Repeat(3, inForce("v1", "d1"))...)...)
	_, err := deploy(t, c)
	clienttest.RequireError(t, err, client.ErrUnexpectedResponse, `deploy dynamic route: HTTP 200 OK: the response says that version "v2" was deployed, but "v1" is in force`)

	server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "r1"})), routeNotFound)
	_, err = deploy(t, c)
	clienttest.RequireError(t, err, client.ErrNotFound, "read dynamic route: HTTP 404", "the service had responded that the version was deployed")
	server.RequireRequests(deployRequest, "GET /demo/routes/r1")
}

func TestDeployRouteRecovers(t *testing.T) {
	for name, response := range lostRoute() {
		t.Run(name, func(t *testing.T) {
			tries := 2 // a deployment may be repeated
			if clienttest.SaysSuccess(name) {
				tries = 1
			}
			requests := append(slices.Repeat([]string{deployRequest}, tries), "GET /demo/routes/r1")
			server, c := clienttest.StartWith(t, clienttest.Retries(1), append(clienttest.Repeat(tries, response), inForce("v2", "d2"))...)
			route, err := deploy(t, c)
			requireRoute(t, wantDeployed(), route, err)
			server.RequireRequests(requests...)

			server, c = clienttest.StartWith(t, clienttest.Retries(1), append(clienttest.Repeat(tries, response), clienttest.Repeat(3, inForce("v1", "d1"))...)...)
			_, err = deploy(t, c)
			kind := client.ErrUnavailable
			if clienttest.SaysSuccess(name) {
				kind = client.ErrUnexpectedResponse
			}
			clienttest.RequireError(t, err, kind, "deploy dynamic route: ", `"v1" is in force`)
			server.RequireRequests(append(requests, "GET /demo/routes/r1", "GET /demo/routes/r1")...)
		})
	}
}

func TestDeployRouteLostAndLookFails(t *testing.T) {
	for name, test := range map[string]struct {
		first, look clienttest.Handler
		kind        error
		says        string
	}{
		"forbidden":    {clienttest.Cut, clienttest.Forbidden, client.ErrOutcomeUnknown, "looking for the dynamic route afterwards failed as well: read dynamic route: HTTP 403"},
		"no route":     {clienttest.Cut, routeNotFound, client.ErrNotFound, routeNotThere},
		"says nothing": {clienttest.Cut, clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "r1"})), client.ErrOutcomeUnknown, "the service does not say which version is in force"},
		"pages":        {clienttest.Reply(200, clienttest.Page404), clienttest.Reply(200, clienttest.Page404), client.ErrOutcomeUnknown, "is the base URL right?"},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.StartWith(t, clienttest.Retries(0), test.first, test.look)
			route, err := deploy(t, c)
			clienttest.RequireNil(t, route)
			clienttest.RequireError(t, err, test.kind, "deploy dynamic route: ", test.says)
			server.RequireRequests(deployRequest, "GET /demo/routes/r1")
		})
	}
}

// An attempt before the last may have been applied.
func TestDeployRouteRemembersEarlierAttempts(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(502, ""), clienttest.Forbidden, inForce("v2", "d2"))
	route, err := deploy(t, c)
	requireRoute(t, wantDeployed(), route, err)
	server.RequireRequests(deployRequest, deployRequest, "GET /demo/routes/r1")

	// Those that were refused for their rate were not.
	server, c = clienttest.StartWith(t, clienttest.Retries(1), clienttest.Repeat(2, clienttest.Reply(429, ""))...)
	_, err = deploy(t, c)
	clienttest.RequireKind(t, err, client.ErrRateLimited)
	server.RequireRequests(deployRequest, deployRequest)
}

func TestDeployRouteInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server, c := clienttest.Start(t, clienttest.Interrupting(cancel), inForce("v2", "d2"))
	route, err := routes.Deploy(ctx, c, clienttest.Account, "demo", "r1", "v2")
	requireRoute(t, wantDeployed(), route, err)
	server.RequireRequests(deployRequest, "GET /demo/routes/r1")

	ctx, cancel = context.WithCancel(t.Context())
	server, c = clienttest.StartWith(t, clienttest.Waiting(func(context.Context, time.Duration) error { return context.DeadlineExceeded }), clienttest.Interrupting(cancel), inForce("v1", "d1"))
	_, err = routes.Deploy(ctx, c, clienttest.Account, "demo", "r1", "v2")
	clienttest.RequireKind(t, err, client.ErrUnavailable)
	clienttest.RequireInterrupted(t, err, context.Canceled)
	server.RequireRequests(deployRequest, "GET /demo/routes/r1")
}
