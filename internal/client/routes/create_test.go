package routes_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
)

// storedRoute answers a look for the route: it was made age ago, by the
// server's own clock.
func storedRoute(age time.Duration, change clienttest.Fields) clienttest.Handler {
	return func(w http.ResponseWriter, r *http.Request) {
		now := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
		o := routeObject(clienttest.Fields{"created_at": now.Add(-age).Format(time.RFC3339Nano)})
		maps.Copy(o, change)
		clienttest.Reply(200, clienttest.Envelope(o), "Date: "+now.Format(http.TimeFormat))(w, r)
	}
}

const (
	listRequest   = "GET /demo/routes?page=1&per_page=100"
	routeNotThere = "the dynamic route was looked for afterwards and is not there"
	routeWasThere = "a dynamic route of this name was there before"
)

var (
	inList    = listed("routes", clienttest.Fields{"id": "r0", "name": "other"}, clienttest.Fields{"id": "r1", "name": "support"})
	notInList = listed("routes", clienttest.Fields{"id": "r0", "name": "other"})
)

func createRoute(t *testing.T, c *client.Client) (*routes.Route, error) {
	t.Helper()
	return routes.Create(t.Context(), c, clienttest.Account, "demo", "support", oneModel("a"))
}

// lostRoute are [lost] where routes are concerned.
func lostRoute() map[string]clienttest.Handler {
	all := maps.Clone(clienttest.Lost)
	all["200 bad field"] = clienttest.Reply(200, clienttest.Envelope(routeObject(clienttest.Fields{"name": 7})))
	return all
}

func TestCreateRouteRecoversLostAnswer(t *testing.T) {
	for name, answered := range lostRoute() {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, answered, inList, storedRoute(time.Second, nil))
			route, err := createRoute(t, c)
			clienttest.RequireNoError(t, err)
			if route.ID != "r1" || route.CreatedAt.Year() != 2031 || !route.Graph.Same(oneModel("a")) {
				t.Errorf("%+v", route)
			}
			server.RequireRequests("POST /demo/routes", listRequest, "GET /demo/routes/r1")
			server.RequireWaits(0)
		})
	}
}

// The list lags behind, and so may the graph.
func TestCreateRouteRecoversSlowly(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Cut, notInList, inList, routeNotFound, inList, storedRoute(0, clienttest.Fields{"version": nil, "deployment": nil}), inList, storedRoute(0, nil))
	clienttest.RequireNoError(t, clienttest.ErrorOf(createRoute(t, c)))
	get := "GET /demo/routes/r1"
	server.RequireRequests("POST /demo/routes", listRequest, listRequest, get, listRequest, get, listRequest, get)
	server.RequireWaitsOf(slices.Repeat([]time.Duration{time.Second}, 3)...)
}

func TestCreateRouteLostAndNotThere(t *testing.T) {
	for name, answered := range lostRoute() {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, append([]clienttest.Handler{answered}, clienttest.Repeat(5, notInList)...)...)
			route, err := createRoute(t, c)
			clienttest.RequireNil(t, route)
			kind := client.ErrUnavailable
			if clienttest.SaysSuccess(name) {
				kind = client.ErrUnexpectedResponse
			}
			clienttest.RequireError(t, err, kind, "create dynamic route: ", routeNotThere)
			server.RequireRequests(append([]string{"POST /demo/routes"}, slices.Repeat([]string{listRequest}, 5)...)...)
			server.RequireWaits(4)
		})
	}
}

func TestCreateRouteLostAndAnotherIsThere(t *testing.T) {
	for name, there := range map[string]clienttest.Handler{
		"old":           storedRoute(time.Hour, nil),
		"some seconds":  storedRoute(10*time.Second, nil),
		"another graph": storedRoute(0, clienttest.Fields{"version": version(clienttest.Fields{"data": graphOf("b")})}),
		"no date":       clienttest.WithoutDate(storedRoute(0, nil)),
		"no time":       storedRoute(0, clienttest.Fields{"created_at": nil}),
		"an odd time":   storedRoute(0, clienttest.Fields{"created_at": "yesterday"}),
	} {
		for _, how := range []string{"cut", "504", "200 not JSON"} {
			t.Run(name+", "+how, func(t *testing.T) {
				server, c := clienttest.Start(t, clienttest.Lost[how], inList, there)
				route, err := createRoute(t, c)
				clienttest.RequireNil(t, route)
				clienttest.RequireError(t, err, client.ErrAlreadyExists, "create dynamic route: ", routeWasThere)
				server.RequireRequests("POST /demo/routes", listRequest, "GET /demo/routes/r1")
			})
		}
	}
}

func TestCreateRouteLostAndLookFails(t *testing.T) {
	for name, test := range map[string]struct {
		look clienttest.Handler
		kind error
		says string
	}{
		"refused":    {clienttest.Forbidden, client.ErrOutcomeUnknown, "looking for the dynamic route afterwards failed as well: list dynamic routes: HTTP 403"},
		"a page":     {clienttest.Reply(404, clienttest.Page404), client.ErrOutcomeUnknown, "looking for the dynamic route afterwards failed as well: list dynamic routes: HTTP 404"},
		"no gateway": {clienttest.NotFound, client.ErrUnavailable, routeNotThere},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, clienttest.Cut, test.look)
			_, err := createRoute(t, c)
			clienttest.RequireError(t, err, test.kind, "create dynamic route: no response", test.says)
			server.RequireRequests("POST /demo/routes", listRequest)
		})
	}
	page := clienttest.Reply(200, clienttest.Page404)
	server, c := clienttest.Start(t, page, page)
	_, err := createRoute(t, c)
	clienttest.RequireError(t, err, client.ErrUnexpectedResponse, "is the base URL right?")
	server.RequireRequests("POST /demo/routes", listRequest)
}

// interrupting ends the context while a request is under way.
func interrupting(cancel context.CancelFunc) clienttest.Handler {
	return clienttest.Interrupting(cancel)
}

// An interrupt must not part state from service: the look outlives it.
func TestCreateRouteInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server, c := clienttest.Start(t, interrupting(cancel), inList, storedRoute(0, nil))
	clienttest.RequireNoError(t, clienttest.ErrorOf(routes.Create(ctx, c, clienttest.Account, "demo", "support", oneModel("a"))))
	server.RequireRequests("POST /demo/routes", listRequest, "GET /demo/routes/r1")

	ctx, cancel = context.WithCancel(t.Context())
	server, c = clienttest.StartWith(t, func(cfg *client.Config) {
		cfg.Wait = func(context.Context, time.Duration) error { return context.DeadlineExceeded }
	}, interrupting(cancel), notInList)
	_, err := routes.Create(ctx, c, clienttest.Account, "demo", "support", oneModel("a"))
	clienttest.RequireKind(t, err, client.ErrUnavailable)
	clienttest.RequireInterrupted(t, err, context.Canceled)
	clienttest.RequireText(t, err.Error(), routeNotThere)
	server.RequireRequests("POST /demo/routes", listRequest)
}

// A route that was created must not be lost for what its answer does not tell.
func TestCreateRouteCompletes(t *testing.T) {
	bare := func(change clienttest.Fields) clienttest.Handler {
		return clienttest.Reply(200, clienttest.Envelope(routeObject(change)))
	}
	whole := clienttest.Reply(200, clienttest.Envelope(routeObject(nil)))
	for name, first := range map[string]clienttest.Handler{
		"no version": bare(clienttest.Fields{"version": nil}), "no deployment": bare(clienttest.Fields{"deployment": nil}),
		"no graph": bare(clienttest.Fields{"version": version(clienttest.Fields{"data": nil})}), "bad graph": bare(clienttest.Fields{"version": version(clienttest.Fields{"data": "?"})}),
	} {
		server, c := clienttest.Start(t, first, whole)
		route, err := createRoute(t, c)
		requireRoute(t, wantRoute(), route, err)
		server.RequireRequests("POST /demo/routes", "GET /demo/routes/r1")

		server, c = clienttest.Start(t, first, clienttest.Forbidden)
		route, err = createRoute(t, c)
		if err != nil || route.ID != "r1" || route.Name != "support" {
			t.Errorf("%s: %+v, %v", name, route, err)
		}
	}
}

func newVersion(t *testing.T, c *client.Client) (string, error) {
	t.Helper()
	return routes.CreateVersion(t.Context(), c, clienttest.Account, "demo", "r1", oneModel("a"))
}

const (
	versionRequest  = "POST /demo/routes/r1/versions"
	versionsRequest = "GET /demo/routes/r1/versions?page=1&per_page=100"
)

// versionAt is a version in a list.
func versionAt(second int, id string, data any) clienttest.Fields {
	return clienttest.Fields{"version_id": id, "data": data, "created_at": fmt.Sprintf("2026-08-03T10:00:%02dZ", second)}
}

func TestCreateRouteVersion(t *testing.T) {
	for name, result := range map[string]clienttest.Fields{
		"at the top":           {"id": "r1", "version_id": "v2"},
		"nothing else":         {"version_id": "v2"},
		"in version":           {"id": "r1", "version": clienttest.Fields{"version_id": "v2"}},
		"in version with data": {"id": "r1", "version": clienttest.Fields{"version_id": "v2", "data": wireOneModel}},
		"both":                 {"version_id": "v2", "version": clienttest.Fields{"version_id": "v1", "data": graphOf("b")}},
	} {
		server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(result)))
		if id, err := newVersion(t, c); err != nil || id != "v2" {
			t.Errorf("%s: %q, %v", name, id, err)
		}
		server.RequireRequests(versionRequest)
	}
}

// lostVersion are the answers that do not tell which version was made.
func lostVersion() map[string]clienttest.Handler {
	all := lostRoute()
	all["200 bare"] = clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "r1", "name": "support", "elements": graphOf("a")}))
	all["200 another version"] = clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "r1", "version": clienttest.Fields{"version_id": "v1", "data": graphOf("b")}}))
	all["200 bad field"] = clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"version_id": 7}))
	return all
}

func TestCreateRouteVersionRecovers(t *testing.T) {
	single := func(model string) clienttest.Handler {
		return clienttest.Reply(200, clienttest.Envelope(version(clienttest.Fields{"data": graphOf(model)})))
	}
	for name, test := range map[string]struct {
		looks []clienttest.Handler
		want  []string
	}{
		"in the list": {[]clienttest.Handler{listed("versions", versionAt(1, "v1", graphOf("b")), versionAt(3, "v2", graphOf("a")), versionAt(2, "v0", graphOf("a")))}, []string{versionsRequest}},
		"as a text":   {[]clienttest.Handler{listed("versions", versionAt(2, "v2", wireOneModel), versionAt(1, "v1", wireOneModel))}, []string{versionsRequest}},
		"after a lag": {[]clienttest.Handler{listed("versions", versionAt(1, "v1", graphOf("b"))), listed("versions"), listed("versions", versionAt(2, "v2", graphOf("a")))},
			[]string{versionsRequest, versionsRequest, versionsRequest}},
		"without data": {[]clienttest.Handler{listed("versions", versionAt(1, "v1", nil), versionAt(2, "v2", nil)), single("a")}, []string{versionsRequest, "GET /demo/routes/r1/versions/v2"}},
		// Each is read once.
		"without data, after a lag": {[]clienttest.Handler{
			listed("versions", versionAt(1, "v1", nil), versionAt(1, "v0", nil)), single("b"), routeNotFound,
			listed("versions", versionAt(1, "v1", nil), versionAt(1, "v0", nil), versionAt(2, "v2", nil)), single("a"),
		}, []string{
			versionsRequest, "GET /demo/routes/r1/versions/v1", "GET /demo/routes/r1/versions/v0",
			versionsRequest, "GET /demo/routes/r1/versions/v2",
		}},
	} {
		for how, answered := range lostVersion() {
			t.Run(name+", "+how, func(t *testing.T) {
				server, c := clienttest.Start(t, append([]clienttest.Handler{answered}, test.looks...)...)
				id, err := newVersion(t, c)
				if err != nil || id != "v2" {
					t.Errorf("%q, %v", id, err)
				}
				server.RequireRequests(append([]string{versionRequest}, test.want...)...)
				for _, asked := range server.Waits() {
					if asked != time.Second {
						t.Errorf("paused %v", asked)
					}
				}
			})
		}
	}
}

func TestCreateRouteVersionLostAndNotThere(t *testing.T) {
	for name, answered := range lostVersion() {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, append([]clienttest.Handler{answered}, clienttest.Repeat(5, listed("versions", versionAt(1, "v1", graphOf("b"))))...)...)
			id, err := newVersion(t, c)
			kind := client.ErrUnavailable
			if clienttest.SaysSuccess(name) {
				kind = client.ErrUnexpectedResponse
			}
			clienttest.RequireError(t, err, kind, "create dynamic route version: ", "the version of a dynamic route was looked for afterwards and is not there")
			if id != "" || len(server.Waits()) != 4 {
				t.Errorf("%q, paused %v", id, server.Waits())
			}
			server.RequireRequests(append([]string{versionRequest}, slices.Repeat([]string{versionsRequest}, 5)...)...)
		})
	}
}

func TestCreateRouteVersionLostAndLookFails(t *testing.T) {
	for name, test := range map[string]struct {
		looks []clienttest.Handler
		want  []string
	}{
		"list":    {[]clienttest.Handler{clienttest.Forbidden}, []string{versionsRequest}},
		"version": {[]clienttest.Handler{listed("versions", versionAt(1, "v1", nil)), clienttest.Forbidden}, []string{versionsRequest, "GET /demo/routes/r1/versions/v1"}},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, append([]clienttest.Handler{clienttest.Cut}, test.looks...)...)
			_, err := newVersion(t, c)
			clienttest.RequireError(t, err, client.ErrOutcomeUnknown, "create dynamic route version: no response", "afterwards failed as well", "HTTP 403")
			server.RequireRequests(append([]string{versionRequest}, test.want...)...)
		})
	}
}

// A route may have more versions than are worth reading.
func TestCreateRouteVersionReadsSome(t *testing.T) {
	versions, answers := []any{}, []clienttest.Handler{clienttest.Cut}
	for i := range 30 {
		versions = append(versions, versionAt(59-i, fmt.Sprintf("v%d", i), nil))
	}
	answers = append(answers, listed("versions", versions...))
	answers = append(answers, clienttest.Repeat(10, clienttest.Reply(200, clienttest.Envelope(version(clienttest.Fields{"data": graphOf("b")}))))...)
	server, c := clienttest.Start(t, append(answers, clienttest.Repeat(4, listed("versions", versions...))...)...)
	_, err := newVersion(t, c)
	clienttest.RequireKind(t, err, client.ErrUnavailable)
	reads := 0
	for _, r := range server.Seen() {
		if strings.Contains(r.URI, "/versions/v") {
			reads++
		}
	}
	if reads != 10 || len(server.Seen()) != 16 {
		t.Errorf("%d versions of %d requests", reads, len(server.Seen()))
	}
}

func TestCreateRouteVersionInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server, c := clienttest.Start(t, interrupting(cancel), listed("versions", versionAt(1, "v2", graphOf("a"))))
	if id, err := routes.CreateVersion(ctx, c, clienttest.Account, "demo", "r1", oneModel("a")); err != nil || id != "v2" {
		t.Errorf("%q, %v", id, err)
	}
	server.RequireRequests(versionRequest, versionsRequest)
}

func TestFindRoute(t *testing.T) {
	server, c := clienttest.Start(t, inList, clienttest.Reply(200, clienttest.Envelope(routeObject(nil))))
	route, err := routes.Find(t.Context(), c, clienttest.Account, "demo", "support")
	requireRoute(t, wantRoute(), route, err)
	server.RequireRequests(listRequest, "GET /demo/routes/r1")

	for name, test := range map[string]struct {
		answers []clienttest.Handler
		kind    error
		gateway bool
	}{
		"none":       {[]clienttest.Handler{notInList}, client.ErrNotFound, false},
		"gone since": {[]clienttest.Handler{inList, routeNotFound}, client.ErrNotFound, false},
		"no gateway": {[]clienttest.Handler{clienttest.NotFound}, client.ErrNotFound, true},
		"forbidden":  {[]clienttest.Handler{clienttest.Forbidden}, client.ErrUnauthorized, false},
	} {
		_, c := clienttest.Start(t, test.answers...)
		route, err := routes.Find(t.Context(), c, clienttest.Account, "demo", "support")
		if route != nil || !errors.Is(err, test.kind) || errors.Is(err, client.ErrGatewayNotFound) != test.gateway {
			t.Errorf("%s: %+v, %v", name, route, err)
		}
	}
}
