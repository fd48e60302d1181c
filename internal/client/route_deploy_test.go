package client_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
)

const deployRequest = "POST /demo/routes/r1/deployments"

func deploy(t *testing.T, c *client.Client) (*routes.Route, error) {
	t.Helper()
	return routes.Deploy(t.Context(), c, account, "demo", "r1", "v2")
}

// inForce answers a look with a version in force, and no graph, which does not
// matter.
func inForce(versionID, deploymentID string) answer {
	return reply(200, envelope(routeObject(fields{
		"version": nil, "deployment": fields{"deployment_id": deploymentID, "version_id": versionID},
	})))
}

func wantDeployed() *routes.Route {
	return wantRoute(func(r *routes.Route) { r.VersionID, r.DeploymentID, r.Graph = "v2", "d2", nil })
}

func TestDeployRoute(t *testing.T) {
	whole := routeObject(fields{"version": nil, "deployment": fields{"deployment_id": "d2", "version_id": "v2"}})
	atTop := routeObject(fields{"version": nil, "deployment": nil, "deployment_id": "d2", "version_id": "v2"})
	without := routeObject(fields{"version": nil, "deployment": fields{"deployment_id": "d2"}})
	old := routeObject(nil)
	for name, test := range map[string]struct {
		answer fields
		looks  []answer
	}{
		"in deployment":        {whole, nil},
		"at the top":           {atTop, nil},
		"no version":           {without, nil},
		"bare":                 {routeObject(fields{"version": absent, "deployment": absent}), []answer{inForce("v2", "d2")}},
		"the one before":       {old, []answer{inForce("v2", "d2")}},
		"bare, after a while":  {routeObject(fields{"version": nil, "deployment": nil}), []answer{inForce("v1", "d1"), inForce("v1", "d1"), inForce("v2", "d2")}},
		"bare, nothing at all": {fields{}, []answer{inForce("v2", "d2")}},
		"no version in force":  {fields{}, []answer{inForce("", "d2")}},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, append([]answer{reply(200, envelope(test.answer))}, test.looks...)...)
			c, waits := newClient(t, server.URL)
			route, err := deploy(t, c)
			requireRoute(t, wantDeployed(), route, err)
			server.requireSeen(append([]string{deployRequest}, slices.Repeat([]string{"GET /demo/routes/r1"}, len(test.looks))...)...)
			if asked := waits.all(); len(asked) != max(0, len(test.looks)-1) {
				t.Errorf("paused %v", asked)
			}
		})
	}
	server := serve(t, reply(200, envelope(fields{"deployment_id": "d2"})))
	c, _ := newClient(t, server.URL)
	route, err := deploy(t, c)
	requireRoute(t, &routes.Route{ID: "r1", VersionID: "v2", DeploymentID: "d2"}, route, err)
}

func TestDeployRouteNotInForce(t *testing.T) {
	server := serve(t, append([]answer{reply(200, envelope(fields{"id": "r1"}))}, repeat(3, inForce("v1", "d1"))...)...)
	c, _ := newClient(t, server.URL)
	_, err := deploy(t, c)
	requireKind(t, err, client.ErrUnexpectedResponse)
	requireText(t, err.Error(), `deploy dynamic route: HTTP 200 OK: the response says that version "v2" was deployed, but "v1" is in force`)

	server = serve(t, reply(200, envelope(fields{"id": "r1"})), routeNotFound)
	c, _ = newClient(t, server.URL)
	_, err = deploy(t, c)
	requireKind(t, err, client.ErrNotFound)
	requireText(t, err.Error(), "read dynamic route: HTTP 404", "the service had responded that the version was deployed")
	server.requireSeen(deployRequest, "GET /demo/routes/r1")
}

func TestDeployRouteRecovers(t *testing.T) {
	for name, answered := range lostRoute() {
		t.Run(name, func(t *testing.T) {
			tries := 2 // a deployment may be repeated
			if isUnreadable(name) {
				tries = 1
			}
			requests := append(slices.Repeat([]string{deployRequest}, tries), "GET /demo/routes/r1")
			server := serve(t, append(repeat(tries, answered), inForce("v2", "d2"))...)
			c, _ := newClient(t, server.URL, retries(1))
			route, err := deploy(t, c)
			requireRoute(t, wantDeployed(), route, err)
			server.requireSeen(requests...)

			server = serve(t, append(repeat(tries, answered), repeat(3, inForce("v1", "d1"))...)...)
			c, _ = newClient(t, server.URL, retries(1))
			_, err = deploy(t, c)
			kind := client.ErrUnavailable
			if isUnreadable(name) {
				kind = client.ErrUnexpectedResponse
			}
			requireKind(t, err, kind)
			requireText(t, err.Error(), "deploy dynamic route: ", `"v1" is in force`)
			server.requireSeen(append(requests, "GET /demo/routes/r1", "GET /demo/routes/r1")...)
		})
	}
}

func TestDeployRouteLostAndLookFails(t *testing.T) {
	for name, test := range map[string]struct {
		first, look answer
		kind        error
		says        string
	}{
		"forbidden":    {cut, reply(403, failure(10000, "Authentication error")), client.ErrOutcomeUnknown, "looking for the dynamic route afterwards failed as well: read dynamic route: HTTP 403"},
		"no route":     {cut, routeNotFound, client.ErrNotFound, routeNotThere},
		"says nothing": {cut, reply(200, envelope(fields{"id": "r1"})), client.ErrOutcomeUnknown, "the service does not say which version is in force"},
		"pages":        {reply(200, page404), reply(200, page404), client.ErrUnexpectedResponse, "is the base URL right?"},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, test.first, test.look)
			c, _ := newClient(t, server.URL, retries(0))
			route, err := deploy(t, c)
			if route != nil {
				t.Errorf("%+v", route)
			}
			requireKind(t, err, test.kind)
			requireText(t, err.Error(), "deploy dynamic route: ", test.says)
			server.requireSeen(deployRequest, "GET /demo/routes/r1")
		})
	}
}

// An attempt before the last may have been carried out.
func TestDeployRouteRemembersEarlierAttempts(t *testing.T) {
	server := serve(t, reply(502, ""), reply(403, failure(10000, "Authentication error")), inForce("v2", "d2"))
	c, _ := newClient(t, server.URL)
	route, err := deploy(t, c)
	requireRoute(t, wantDeployed(), route, err)
	server.requireSeen(deployRequest, deployRequest, "GET /demo/routes/r1")

	// Those that were turned away were not.
	server = serve(t, repeat(2, reply(429, ""))...)
	c, _ = newClient(t, server.URL, retries(1))
	_, err = deploy(t, c)
	requireKind(t, err, client.ErrRateLimited)
	server.requireSeen(deployRequest, deployRequest)
}

func TestDeployRouteInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := serve(t, interrupting(cancel), inForce("v2", "d2"))
	c, _ := newClient(t, server.URL)
	route, err := routes.Deploy(ctx, c, account, "demo", "r1", "v2")
	requireRoute(t, wantDeployed(), route, err)
	server.requireSeen(deployRequest, "GET /demo/routes/r1")

	ctx, cancel = context.WithCancel(t.Context())
	server = serve(t, interrupting(cancel), inForce("v1", "d1"))
	c, _ = newClient(t, server.URL, func(cfg *client.Config) {
		cfg.Wait = func(context.Context, time.Duration) error { return context.DeadlineExceeded }
	})
	_, err = routes.Deploy(ctx, c, account, "demo", "r1", "v2")
	requireKind(t, err, client.ErrUnavailable)
	requireInterrupted(t, err, context.Canceled)
	server.requireSeen(deployRequest, "GET /demo/routes/r1")
}
