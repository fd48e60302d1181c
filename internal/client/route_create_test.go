package client_test

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
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
)

// storedRoute answers a look for the route: it was made age ago, by the
// server's own clock.
func storedRoute(age time.Duration, change fields) answer {
	return func(w http.ResponseWriter, r *http.Request) {
		now := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
		o := routeObject(fields{"created_at": now.Add(-age).Format(time.RFC3339Nano)})
		maps.Copy(o, change)
		reply(200, envelope(o), "Date: "+now.Format(http.TimeFormat))(w, r)
	}
}

const (
	listRequest   = "GET /demo/routes?page=1&per_page=100"
	routeNotThere = "the dynamic route was looked for afterwards and is not there"
	routeWasThere = "a dynamic route of this name was there before"
)

var (
	inList    = listed("routes", fields{"id": "r0", "name": "other"}, fields{"id": "r1", "name": "support"})
	notInList = listed("routes", fields{"id": "r0", "name": "other"})
)

func createRoute(t *testing.T, c *client.Client) (*routes.Route, error) {
	t.Helper()
	return routes.Create(t.Context(), c, account, "demo", "support", oneModel("a"))
}

// lostRoute are [lost] where routes are concerned.
func lostRoute() map[string]answer {
	all := maps.Clone(lost)
	all["200 bad field"] = reply(200, envelope(routeObject(fields{"name": 7})))
	return all
}

func TestCreateRouteRecoversLostAnswer(t *testing.T) {
	for name, answered := range lostRoute() {
		t.Run(name, func(t *testing.T) {
			server := serve(t, answered, inList, storedRoute(time.Second, nil))
			c, waits := newClient(t, server.URL)
			route, err := createRoute(t, c)
			if err != nil {
				t.Fatal(err)
			}
			if route.ID != "r1" || route.CreatedAt.Year() != 2031 || !route.Graph.Same(oneModel("a")) {
				t.Errorf("%+v", route)
			}
			server.requireSeen("POST /demo/routes", listRequest, "GET /demo/routes/r1")
			if asked := waits.all(); len(asked) != 0 {
				t.Errorf("paused %v", asked)
			}
		})
	}
}

// The list lags behind, and so may the graph.
func TestCreateRouteRecoversSlowly(t *testing.T) {
	server := serve(t, cut, notInList, inList, routeNotFound, inList, storedRoute(0, fields{"version": nil, "deployment": nil}), inList, storedRoute(0, nil))
	c, waits := newClient(t, server.URL)
	if _, err := createRoute(t, c); err != nil {
		t.Fatal(err)
	}
	get := "GET /demo/routes/r1"
	server.requireSeen("POST /demo/routes", listRequest, listRequest, get, listRequest, get, listRequest, get)
	if asked := waits.all(); !slices.Equal(asked, slices.Repeat([]time.Duration{time.Second}, 3)) {
		t.Errorf("paused %v", asked)
	}
}

func TestCreateRouteLostAndNotThere(t *testing.T) {
	for name, answered := range lostRoute() {
		t.Run(name, func(t *testing.T) {
			server := serve(t, append([]answer{answered}, repeat(5, notInList)...)...)
			c, waits := newClient(t, server.URL)
			route, err := createRoute(t, c)
			if route != nil {
				t.Errorf("%+v", route)
			}
			kind := client.ErrUnavailable
			if isUnreadable(name) {
				kind = client.ErrUnexpectedResponse
			}
			requireKind(t, err, kind)
			requireText(t, err.Error(), "create dynamic route: ", routeNotThere)
			server.requireSeen(append([]string{"POST /demo/routes"}, slices.Repeat([]string{listRequest}, 5)...)...)
			if asked := waits.all(); len(asked) != 4 {
				t.Errorf("paused %v", asked)
			}
		})
	}
}

func TestCreateRouteLostAndAnotherIsThere(t *testing.T) {
	for name, there := range map[string]answer{
		"old":           storedRoute(time.Hour, nil),
		"some seconds":  storedRoute(10*time.Second, nil),
		"another graph": storedRoute(0, fields{"version": version(fields{"data": graphOf("b")})}),
		"no date":       withoutDate(storedRoute(0, nil)),
		"no time":       storedRoute(0, fields{"created_at": nil}),
		"an odd time":   storedRoute(0, fields{"created_at": "yesterday"}),
	} {
		for _, how := range []string{"cut", "504", "200 not JSON"} {
			t.Run(name+", "+how, func(t *testing.T) {
				server := serve(t, lost[how], inList, there)
				c, _ := newClient(t, server.URL)
				route, err := createRoute(t, c)
				if route != nil {
					t.Errorf("taken over: %+v", route)
				}
				requireKind(t, err, client.ErrAlreadyExists)
				requireText(t, err.Error(), "create dynamic route: ", routeWasThere)
				server.requireSeen("POST /demo/routes", listRequest, "GET /demo/routes/r1")
			})
		}
	}
}

func TestCreateRouteLostAndLookFails(t *testing.T) {
	for name, test := range map[string]struct {
		look answer
		kind error
		says string
	}{
		"refused":    {reply(403, failure(10000, "Authentication error")), client.ErrOutcomeUnknown, "looking for the dynamic route afterwards failed as well: list dynamic routes: HTTP 403"},
		"a page":     {reply(404, page404), client.ErrOutcomeUnknown, "looking for the dynamic route afterwards failed as well: list dynamic routes: HTTP 404"},
		"no gateway": {notFound, client.ErrUnavailable, routeNotThere},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, cut, test.look)
			c, _ := newClient(t, server.URL)
			_, err := createRoute(t, c)
			requireKind(t, err, test.kind)
			requireText(t, err.Error(), "create dynamic route: no response", test.says)
			server.requireSeen("POST /demo/routes", listRequest)
		})
	}
	page := reply(200, page404)
	server := serve(t, page, page)
	c, _ := newClient(t, server.URL)
	_, err := createRoute(t, c)
	requireKind(t, err, client.ErrUnexpectedResponse)
	requireText(t, err.Error(), "is the base URL right?")
	server.requireSeen("POST /demo/routes", listRequest)
}

// interrupting ends the context while a request is under way.
func interrupting(cancel context.CancelFunc) answer {
	return func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}
}

// An interrupt must not part state from service: the look outlives it.
func TestCreateRouteInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := serve(t, interrupting(cancel), inList, storedRoute(0, nil))
	c, _ := newClient(t, server.URL)
	if _, err := routes.Create(ctx, c, account, "demo", "support", oneModel("a")); err != nil {
		t.Error(err)
	}
	server.requireSeen("POST /demo/routes", listRequest, "GET /demo/routes/r1")

	ctx, cancel = context.WithCancel(t.Context())
	server = serve(t, interrupting(cancel), notInList)
	c, _ = newClient(t, server.URL, func(cfg *client.Config) {
		cfg.Wait = func(context.Context, time.Duration) error { return context.DeadlineExceeded }
	})
	_, err := routes.Create(ctx, c, account, "demo", "support", oneModel("a"))
	requireKind(t, err, client.ErrUnavailable)
	requireInterrupted(t, err, context.Canceled)
	requireText(t, err.Error(), routeNotThere)
	server.requireSeen("POST /demo/routes", listRequest)
}

// A route that was created must not be lost for what its answer does not tell.
func TestCreateRouteCompletes(t *testing.T) {
	bare := func(change fields) answer { return reply(200, envelope(routeObject(change))) }
	whole := reply(200, envelope(routeObject(nil)))
	for name, first := range map[string]answer{
		"no version": bare(fields{"version": nil}), "no deployment": bare(fields{"deployment": nil}),
		"no graph": bare(fields{"version": version(fields{"data": nil})}), "bad graph": bare(fields{"version": version(fields{"data": "?"})}),
	} {
		server := serve(t, first, whole)
		c, _ := newClient(t, server.URL)
		route, err := createRoute(t, c)
		requireRoute(t, wantRoute(), route, err)
		server.requireSeen("POST /demo/routes", "GET /demo/routes/r1")

		server = serve(t, first, reply(403, failure(10000, "Authentication error")))
		c, _ = newClient(t, server.URL)
		route, err = createRoute(t, c)
		if err != nil || route.ID != "r1" || route.Name != "support" {
			t.Errorf("%s: %+v, %v", name, route, err)
		}
	}
}

func newVersion(t *testing.T, c *client.Client) (string, error) {
	t.Helper()
	return routes.CreateVersion(t.Context(), c, account, "demo", "r1", oneModel("a"))
}

const (
	versionRequest  = "POST /demo/routes/r1/versions"
	versionsRequest = "GET /demo/routes/r1/versions?page=1&per_page=100"
)

// versionAt is a version in a list.
func versionAt(second int, id string, data any) fields {
	return fields{"version_id": id, "data": data, "created_at": fmt.Sprintf("2026-08-03T10:00:%02dZ", second)}
}

func TestCreateRouteVersion(t *testing.T) {
	for name, result := range map[string]fields{
		"at the top":           {"id": "r1", "version_id": "v2"},
		"nothing else":         {"version_id": "v2"},
		"in version":           {"id": "r1", "version": fields{"version_id": "v2"}},
		"in version with data": {"id": "r1", "version": fields{"version_id": "v2", "data": wireOneModel}},
		"both":                 {"version_id": "v2", "version": fields{"version_id": "v1", "data": graphOf("b")}},
	} {
		server := serve(t, reply(200, envelope(result)))
		c, _ := newClient(t, server.URL)
		if id, err := newVersion(t, c); err != nil || id != "v2" {
			t.Errorf("%s: %q, %v", name, id, err)
		}
		server.requireSeen(versionRequest)
	}
}

// lostVersion are the answers that do not tell which version was made.
func lostVersion() map[string]answer {
	all := lostRoute()
	all["200 bare"] = reply(200, envelope(fields{"id": "r1", "name": "support", "elements": graphOf("a")}))
	all["200 another version"] = reply(200, envelope(fields{"id": "r1", "version": fields{"version_id": "v1", "data": graphOf("b")}}))
	all["200 bad field"] = reply(200, envelope(fields{"version_id": 7}))
	return all
}

func TestCreateRouteVersionRecovers(t *testing.T) {
	single := func(model string) answer { return reply(200, envelope(version(fields{"data": graphOf(model)}))) }
	for name, test := range map[string]struct {
		looks []answer
		want  []string
	}{
		"in the list": {[]answer{listed("versions", versionAt(1, "v1", graphOf("b")), versionAt(3, "v2", graphOf("a")), versionAt(2, "v0", graphOf("a")))}, []string{versionsRequest}},
		"as a text":   {[]answer{listed("versions", versionAt(2, "v2", wireOneModel), versionAt(1, "v1", wireOneModel))}, []string{versionsRequest}},
		"after a lag": {[]answer{listed("versions", versionAt(1, "v1", graphOf("b"))), listed("versions"), listed("versions", versionAt(2, "v2", graphOf("a")))},
			[]string{versionsRequest, versionsRequest, versionsRequest}},
		"without data": {[]answer{listed("versions", versionAt(1, "v1", nil), versionAt(2, "v2", nil)), single("a")}, []string{versionsRequest, "GET /demo/routes/r1/versions/v2"}},
		// Each is read once.
		"without data, after a lag": {[]answer{
			listed("versions", versionAt(1, "v1", nil), versionAt(1, "v0", nil)), single("b"), routeNotFound,
			listed("versions", versionAt(1, "v1", nil), versionAt(1, "v0", nil), versionAt(2, "v2", nil)), single("a"),
		}, []string{
			versionsRequest, "GET /demo/routes/r1/versions/v1", "GET /demo/routes/r1/versions/v0",
			versionsRequest, "GET /demo/routes/r1/versions/v2",
		}},
	} {
		for how, answered := range lostVersion() {
			t.Run(name+", "+how, func(t *testing.T) {
				server := serve(t, append([]answer{answered}, test.looks...)...)
				c, waits := newClient(t, server.URL)
				id, err := newVersion(t, c)
				if err != nil || id != "v2" {
					t.Errorf("%q, %v", id, err)
				}
				server.requireSeen(append([]string{versionRequest}, test.want...)...)
				for _, asked := range waits.all() {
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
			server := serve(t, append([]answer{answered}, repeat(5, listed("versions", versionAt(1, "v1", graphOf("b"))))...)...)
			c, waits := newClient(t, server.URL)
			id, err := newVersion(t, c)
			kind := client.ErrUnavailable
			if isUnreadable(name) {
				kind = client.ErrUnexpectedResponse
			}
			requireKind(t, err, kind)
			requireText(t, err.Error(), "create dynamic route version: ", "the version of a dynamic route was looked for afterwards and is not there")
			if id != "" || len(waits.all()) != 4 {
				t.Errorf("%q, paused %v", id, waits.all())
			}
			server.requireSeen(append([]string{versionRequest}, slices.Repeat([]string{versionsRequest}, 5)...)...)
		})
	}
}

func TestCreateRouteVersionLostAndLookFails(t *testing.T) {
	for name, test := range map[string]struct {
		looks []answer
		want  []string
	}{
		"list":    {[]answer{reply(403, failure(10000, "Authentication error"))}, []string{versionsRequest}},
		"version": {[]answer{listed("versions", versionAt(1, "v1", nil)), reply(403, failure(10000, "Authentication error"))}, []string{versionsRequest, "GET /demo/routes/r1/versions/v1"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, append([]answer{cut}, test.looks...)...)
			c, _ := newClient(t, server.URL)
			_, err := newVersion(t, c)
			requireKind(t, err, client.ErrOutcomeUnknown)
			requireText(t, err.Error(), "create dynamic route version: no response", "afterwards failed as well", "HTTP 403")
			server.requireSeen(append([]string{versionRequest}, test.want...)...)
		})
	}
}

// A route may have more versions than are worth reading.
func TestCreateRouteVersionReadsSome(t *testing.T) {
	versions, answers := []any{}, []answer{cut}
	for i := range 30 {
		versions = append(versions, versionAt(59-i, fmt.Sprintf("v%d", i), nil))
	}
	answers = append(answers, listed("versions", versions...))
	answers = append(answers, repeat(10, reply(200, envelope(version(fields{"data": graphOf("b")}))))...)
	server := serve(t, append(answers, repeat(4, listed("versions", versions...))...)...)
	c, _ := newClient(t, server.URL)
	_, err := newVersion(t, c)
	requireKind(t, err, client.ErrUnavailable)
	reads := 0
	for _, r := range server.seen() {
		if strings.Contains(r.URI, "/versions/v") {
			reads++
		}
	}
	if reads != 10 || len(server.seen()) != 16 {
		t.Errorf("%d versions of %d requests", reads, len(server.seen()))
	}
}

func TestCreateRouteVersionInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := serve(t, interrupting(cancel), listed("versions", versionAt(1, "v2", graphOf("a"))))
	c, _ := newClient(t, server.URL)
	if id, err := routes.CreateVersion(ctx, c, account, "demo", "r1", oneModel("a")); err != nil || id != "v2" {
		t.Errorf("%q, %v", id, err)
	}
	server.requireSeen(versionRequest, versionsRequest)
}

func TestFindRoute(t *testing.T) {
	server := serve(t, inList, reply(200, envelope(routeObject(nil))))
	c, _ := newClient(t, server.URL)
	route, err := routes.Find(t.Context(), c, account, "demo", "support")
	requireRoute(t, wantRoute(), route, err)
	server.requireSeen(listRequest, "GET /demo/routes/r1")

	for name, test := range map[string]struct {
		answers []answer
		kind    error
		gateway bool
	}{
		"none":       {[]answer{notInList}, client.ErrNotFound, false},
		"gone since": {[]answer{inList, routeNotFound}, client.ErrNotFound, false},
		"no gateway": {[]answer{notFound}, client.ErrNotFound, true},
		"forbidden":  {[]answer{reply(403, failure(10000, "Authentication error"))}, client.ErrUnauthorized, false},
	} {
		server := serve(t, test.answers...)
		c, _ := newClient(t, server.URL)
		route, err := routes.Find(t.Context(), c, account, "demo", "support")
		if route != nil || !errors.Is(err, test.kind) || errors.Is(err, client.ErrGatewayNotFound) != test.gateway {
			t.Errorf("%s: %+v, %v", name, route, err)
		}
	}
}
