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

// storedRoute returns a response with the route, of this age by the server's clock.
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
	routeWasThere = "a dynamic route of this name existed before this request"
)

var (
	inList    = listed("routes", clienttest.Fields{"id": "r0", "name": "other"}, clienttest.Fields{"id": "r1", "name": "support"})
	notInList = listed("routes", clienttest.Fields{"id": "r0", "name": "other"})
)

func createRoute(t *testing.T, c *client.Client) (*routes.Route, error) {
	t.Helper()
	return routes.Create(t.Context(), c, clienttest.Account, "demo", "support", oneModel("a"))
}

// lostRoute returns [clienttest.Lost] for routes.
func lostRoute() map[string]clienttest.Handler {
	all := maps.Clone(clienttest.Lost)
	all["200 bad field"] = clienttest.Reply(200, clienttest.Envelope(routeObject(clienttest.Fields{"name": 7})))
	return all
}

func TestCreateRouteRecovery(t *testing.T) {
	clienttest.Creation{
		Name: "create dynamic route", Request: "POST /demo/routes", Noun: "dynamic route", Lost: lostRoute(),
		Looks: client.ListLooks, Look: []string{listRequest, "GET /demo/routes/r1"}, LookName: "list dynamic routes",
		Before: []clienttest.Handler{inList}, Found: storedRoute(time.Second, nil), Missing: notInList, WasThere: routeWasThere, Lags: true,
		Created: storedRoute(0, nil), Taken: clienttest.Reply(400, clienttest.Failure(7005, "Route already exists")), NameFields: []string{"name", "gateway_id"},
		Others: map[string]clienttest.Handler{
			"old":           storedRoute(time.Hour, nil),
			"some seconds":  storedRoute(10*time.Second, nil),
			"another graph": storedRoute(0, clienttest.Fields{"version": version(clienttest.Fields{"data": graphOf("b")})}),
			"no date":       clienttest.WithoutDate(storedRoute(0, nil)),
			"no time":       storedRoute(0, clienttest.Fields{"created_at": nil}),
			"an odd time":   storedRoute(0, clienttest.Fields{"created_at": "yesterday"}),
		},
		Create: func(ctx context.Context, t *testing.T, c *client.Client) error {
			t.Helper()
			route, err := routes.Create(ctx, c, clienttest.Account, "demo", "support", oneModel("a"))
			if (route == nil) != (err != nil) || route != nil && (route.ID != "r1" || route.CreatedAt.Year() != 2031 || !route.Graph.Same(oneModel("a"))) {
				t.Errorf("%+v, %v", route, err)
			}
			return err
		},
	}.TestRecovery(t)
	// A gateway that does not exist has no route, and needs no other look.
	server, c := clienttest.Start(t, clienttest.Cut, clienttest.NotFound)
	clienttest.RequireError(t, clienttest.ErrorOf(createRoute(t, c)), client.ErrUnavailable, "create dynamic route: no response", routeNotThere)
	server.RequireRequests("POST /demo/routes", listRequest)
}

// The list lags behind, and the graph may lag as well.
func TestCreateRouteRecoversSlowly(t *testing.T) {
	server, c := clienttest.StartWith(t, clienttest.Retries(0), clienttest.Cut, notInList, inList, routeNotFound, inList, storedRoute(0, clienttest.Fields{"version": nil, "deployment": nil}), inList, storedRoute(0, nil))
	clienttest.RequireNoError(t, clienttest.ErrorOf(createRoute(t, c)))
	get := "GET /demo/routes/r1"
	server.RequireRequests("POST /demo/routes", listRequest, listRequest, get, listRequest, get, listRequest, get)
	server.RequireWaitsOf(slices.Repeat([]time.Duration{time.Second}, 3)...)
}

// A route that was created must not get lost because its response is incomplete.
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

		_, c = clienttest.Start(t, first, clienttest.Forbidden)
		route, err = createRoute(t, c)
		if err != nil || route.ID != "r1" || route.Name != "support" {
			t.Errorf("%s: %+v, %v", name, route, err)
		}
	}
}

func newVersion(t *testing.T, c *client.Client) (string, error) {
	t.Helper()
	return createVersion(t.Context(), c, clienttest.Account, "demo", "r1", oneModel("a"))
}

const (
	versionRequest  = "POST /demo/routes/r1/versions"
	versionsRequest = "GET /demo/routes/r1/versions"
)

// versionAt returns a version of a list.
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

// lostVersion returns responses that do not tell which version was created.
func lostVersion() map[string]clienttest.Handler {
	all := lostRoute()
	all["200 bare"] = clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "r1", "name": "support", "elements": graphOf("a")}))
	all["200 another version"] = clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "r1", "version": clienttest.Fields{"version_id": "v1", "data": graphOf("b")}}))
	all["200 bad field"] = clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"version_id": 7}))
	return all
}

func TestCreateRouteVersionLooks(t *testing.T) {
	single := func(model string) clienttest.Handler {
		return clienttest.Reply(200, clienttest.Envelope(version(clienttest.Fields{"version_id": clienttest.Absent, "data": graphOf(model)})))
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
		for how, response := range lostVersion() {
			t.Run(name+", "+how, func(t *testing.T) {
				server, c := clienttest.Start(t, append([]clienttest.Handler{response}, test.looks...)...)
				id, err := newVersion(t, c)
				if err != nil || id != "v2" {
					t.Errorf("%q, %v", id, err)
				}
				server.RequireRequests(append([]string{versionRequest}, test.want...)...)
				for _, asked := range server.Waits() {
					if asked != time.Second {
						t.Errorf("waited %v", asked)
					}
				}
			})
		}
	}
}

func TestCreateRouteVersionRecovery(t *testing.T) {
	clienttest.Creation{
		Name: "create dynamic route version", Request: versionRequest, Noun: "version of a dynamic route", Lost: lostVersion(),
		Looks: client.ListLooks, Look: []string{versionsRequest}, LookName: "list dynamic route versions",
		Found: listed("versions", versionAt(1, "v2", graphOf("a"))), Missing: listed("versions", versionAt(1, "v1", graphOf("b"))), Lags: true,
		Create: func(ctx context.Context, t *testing.T, c *client.Client) error {
			t.Helper()
			id, err := createVersion(ctx, c, clienttest.Account, "demo", "r1", oneModel("a"))
			if want := map[bool]string{true: "v2", false: ""}[err == nil]; id != want {
				t.Errorf("%q, %v", id, err)
			}
			return err
		},
	}.TestRecovery(t)
	server, c := clienttest.Start(t, clienttest.Cut, listed("versions", versionAt(1, "v1", nil)), clienttest.Forbidden)
	clienttest.RequireError(t, clienttest.ErrorOf(newVersion(t, c)), client.ErrOutcomeUnknown, "create dynamic route version: no response", "afterwards failed as well", "HTTP 403")
	server.RequireRequests(versionRequest, versionsRequest, "GET /demo/routes/r1/versions/v1")
}

// Only some of many versions are read.
func TestCreateRouteVersionReadsSome(t *testing.T) {
	versions, responses := []any{}, []clienttest.Handler{clienttest.Cut}
	for i := range 30 {
		versions = append(versions, versionAt(59-i, fmt.Sprintf("v%d", i), nil))
	}
	responses = append(responses, listed("versions", versions...))
	responses = append(responses, clienttest.Repeat(10, clienttest.Reply(200, clienttest.Envelope(version(clienttest.Fields{"version_id": clienttest.Absent, "data": graphOf("b")}))))...)
	server, c := clienttest.Start(t, append(responses, clienttest.Repeat(4, listed("versions", versions...))...)...)
	clienttest.RequireKind(t, clienttest.ErrorOf(newVersion(t, c)), client.ErrOutcomeUnknown)
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

func TestFindRoute(t *testing.T) {
	server, c := clienttest.Start(t, inList, clienttest.Reply(200, clienttest.Envelope(routeObject(nil))))
	route, err := routes.Find(t.Context(), c, clienttest.Account, "demo", "support")
	requireRoute(t, wantRoute(), route, err)
	server.RequireRequests(listRequest, "GET /demo/routes/r1")

	for name, test := range map[string]struct {
		responses []clienttest.Handler
		kind      error
		gateway   bool
	}{
		"none":       {[]clienttest.Handler{notInList}, client.ErrNotFound, false},
		"gone since": {[]clienttest.Handler{inList, routeNotFound}, client.ErrNotFound, false},
		"no gateway": {[]clienttest.Handler{clienttest.NotFound}, client.ErrNotFound, true},
		"forbidden":  {[]clienttest.Handler{clienttest.Forbidden}, client.ErrUnauthorized, false},
	} {
		_, c := clienttest.Start(t, test.responses...)
		route, err := routes.Find(t.Context(), c, clienttest.Account, "demo", "support")
		if route != nil || !errors.Is(err, test.kind) || errors.Is(err, client.ErrGatewayNotFound) != test.gateway {
			t.Errorf("%s: %+v, %v", name, route, err)
		}
	}
}
