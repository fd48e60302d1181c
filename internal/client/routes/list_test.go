package routes_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
)

// routePage returns a page with numbered routes. perPage is the size that it reports,
// as JSON.
func routePage(from, to int, perPage any) clienttest.Handler {
	items := []any{}
	for i := from; i <= to; i++ {
		items = append(items, clienttest.Fields{"id": fmt.Sprintf("r%d", i), "name": "n"})
	}
	return clienttest.Reply(200, clienttest.Encode(clienttest.Fields{"success": true, "data": clienttest.Fields{"routes": items, "per_page": perPage}}))
}

func TestListRoutesPages(t *testing.T) {
	for name, test := range map[string]struct {
		responses []clienttest.Handler
		want      int
	}{
		"none":                         {[]clienttest.Handler{routePage(1, 0, 100)}, 0},
		"one":                          {[]clienttest.Handler{routePage(1, 1, 100)}, 1},
		"99":                           {[]clienttest.Handler{routePage(1, 99, 100)}, 99},
		"100":                          {[]clienttest.Handler{routePage(1, 100, 100), routePage(1, 0, 100)}, 100},
		"250":                          {[]clienttest.Handler{routePage(1, 100, 100), routePage(101, 200, 100), routePage(201, 250, 100)}, 250},
		"pages of 20":                  {[]clienttest.Handler{routePage(1, 20, 20), routePage(21, 40, "20"), routePage(41, 45, 20.0)}, 45},
		"pages of 20, full":            {[]clienttest.Handler{routePage(1, 20, 20), routePage(21, 40, 20), routePage(1, 0, 20)}, 40},
		"says nothing of its size":     {[]clienttest.Handler{routePage(1, 100, nil), routePage(101, 110, nil)}, 110},
		"says nonsense of its size":    {[]clienttest.Handler{routePage(1, 100, "many"), routePage(101, 110, 0)}, 110},
		"says more than asked for":     {[]clienttest.Handler{routePage(1, 100, 1000), routePage(101, 110, 1000)}, 110},
		"knows no pages":               {[]clienttest.Handler{routePage(1, 100, 100), routePage(1, 100, 100)}, 100},
		"knows no pages, large":        {[]clienttest.Handler{routePage(1, 150, nil), routePage(1, 150, nil)}, 150},
		"created meanwhile":            {[]clienttest.Handler{routePage(1, 100, 100), routePage(100, 120, 100)}, 120},
		"a list without more":          {[]clienttest.Handler{clienttest.Reply(200, clienttest.Envelope([]any{clienttest.Fields{"id": "r1"}, clienttest.Fields{"id": "r2"}}))}, 2},
		"a result in place of data":    {[]clienttest.Handler{clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"routes": []any{clienttest.Fields{"id": "r1"}}}))}, 1},
		"data besides a result":        {[]clienttest.Handler{clienttest.Reply(200, `{"success":true,"result":{},"data":{"routes":[{"id":"r1"}]}}`)}, 1},
		"the same twice in one page":   {[]clienttest.Handler{clienttest.Reply(200, clienttest.Envelope([]any{clienttest.Fields{"id": "r1"}, clienttest.Fields{"id": "r1"}}))}, 1},
		"a page that must be repeated": {[]clienttest.Handler{routePage(1, 100, 100), routePage(101, 101, 100)}, 101},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.responses...)
			var got, want, requests []string
			for route, err := range routes.List(t.Context(), c, clienttest.Account, "demo") {
				clienttest.RequireNoError(t, err)
				got = append(got, route.ID)
			}
			for i := range test.want {
				want = append(want, fmt.Sprintf("r%d", i+1))
			}
			clienttest.RequireEqual(t, want, got)
			for i := range test.responses {
				requests = append(requests, fmt.Sprintf("GET /demo/routes?page=%d&per_page=100", i+1))
			}
			server.RequireRequests(requests...)
		})
	}
}

func TestListRoutesIsLazy(t *testing.T) {
	server, c := clienttest.Start(t, routePage(1, 100, 100))
	list := routes.List(t.Context(), c, clienttest.Account, "demo")
	server.RequireRequests()
	for route, err := range list {
		clienttest.RequireNoError(t, err)
		if route.ID == "r100" {
			break
		}
	}
	server.RequireRequests("GET /demo/routes?page=1&per_page=100")
}

func TestListRoutesFailsOnLaterPage(t *testing.T) {
	_, c := clienttest.Start(t, routePage(1, 100, 100), clienttest.Forbidden)
	n, failures := 0, 0
	for route, err := range routes.List(t.Context(), c, clienttest.Account, "demo") {
		if err == nil {
			n++
			continue
		}
		failures++
		clienttest.RequireKind(t, err, client.ErrUnauthorized)
		clienttest.RequireNil(t, route)
	}
	if n != 100 || failures != 1 {
		t.Errorf("%d routes and %d errors", n, failures)
	}
}

// A list has the graphs that the service returns, and none that cannot be decoded.
func TestListRoutesGraphs(t *testing.T) {
	_, c := clienttest.Start(t, listed("routes", routeObject(nil), routeObject(clienttest.Fields{"id": "r2", "version": nil}),
		routeObject(clienttest.Fields{"id": "r3", "version": version(clienttest.Fields{"data": "?"})})))
	for route, err := range routes.List(t.Context(), c, clienttest.Account, "demo") {
		clienttest.RequireNoError(t, err)
		if (route.Graph != nil) != (route.ID == "r1") {
			t.Errorf("%s: %+v", route.ID, route.Graph)
		}
	}
}

func TestListRouteVersions(t *testing.T) {
	graph := oneModel("a")
	clock := func(second int) time.Time { return time.Date(2026, 8, 3, 10, 0, second, 0, time.UTC) }
	_, c := clienttest.Start(t, listed("versions",
		clienttest.Fields{"version_id": "v1", "active": "false", "is_valid": "true", "data": wireOneModel, "created_at": "2026-08-03T10:00:01Z"},
		clienttest.Fields{"version_id": "v3", "active": true, "is_valid": 0, "created_at": "2026-08-03 10:00:03"},
		clienttest.Fields{"version_id": "v2", "active": nil, "elements": graphOf("a"), "created_at": "2026-08-03T10:00:02Z"},
		clienttest.Fields{"version_id": "v0", "data": "?", "created_at": clienttest.Fields{}},
	))
	got, err := routes.ListVersions(t.Context(), c, clienttest.Account, "demo", "r1")
	clienttest.RequireNoError(t, err)
	want := []routes.Version{
		{ID: "v3", Active: clienttest.Ptr(true), Valid: clienttest.Ptr(false), CreatedAt: clock(3)},
		{ID: "v2", Graph: &graph, CreatedAt: clock(2)},
		{ID: "v1", Active: clienttest.Ptr(false), Valid: clienttest.Ptr(true), Graph: &graph, CreatedAt: clock(1)},
		{ID: "v0"},
	}
	clienttest.RequireEqual(t, want, got)
}

// historyPage returns a page with numbered versions or deployments. perPage is the size
// that it reports.
func historyPage(key, id string, from, to int, perPage any) clienttest.Handler {
	items := []any{}
	for i := from; i <= to; i++ {
		items = append(items, clienttest.Fields{id: fmt.Sprint(i), "version_id": fmt.Sprint(i), "created_at": 1785751200 + i})
	}
	return clienttest.Reply(200, clienttest.Encode(clienttest.Fields{"success": true, "data": clienttest.Fields{key: items, "per_page": perPage}}))
}

// requireHistory checks that a list is complete and the newest first, and which requests
// it takes: the first without query parameters, the others with the page alone.
func requireHistory(t *testing.T, list func(*client.Client) ([]string, error), request string, responses []clienttest.Handler, count int) {
	t.Helper()
	server, c := clienttest.Start(t, responses...)
	got, err := list(c)
	clienttest.RequireNoError(t, err)
	var want []string
	for i := count; i > 0; i-- {
		want = append(want, fmt.Sprint(i))
	}
	clienttest.RequireEqual(t, want, got)
	requests := []string{request}
	for i := range len(responses) - 1 {
		requests = append(requests, fmt.Sprintf("%s?page=%d", request, i+2))
	}
	server.RequireRequests(requests...)
}

// All pages are read, newest first, and a list that is incomplete is an error.
func TestListRouteHistoryPages(t *testing.T) {
	page := func(key, id string, from, to int) clienttest.Handler { return historyPage(key, id, from, to, nil) }
	for key, history := range map[string]struct {
		id   string
		list func(c *client.Client) ([]string, error)
	}{
		"versions": {"version_id", func(c *client.Client) ([]string, error) {
			var ids []string
			versions, err := routes.ListVersions(t.Context(), c, clienttest.Account, "demo", "r1")
			for _, v := range versions {
				ids = append(ids, v.ID)
			}
			return ids, err
		}},
		"deployments": {"deployment_id", func(c *client.Client) ([]string, error) {
			var ids []string
			deployments, err := routes.ListDeployments(t.Context(), c, clienttest.Account, "demo", "r1")
			for _, d := range deployments {
				if d.VersionID != d.ID {
					t.Errorf("%+v", d)
				}
				ids = append(ids, d.ID)
			}
			return ids, err
		}},
	} {
		t.Run(key, func(t *testing.T) {
			request := "GET /demo/routes/r1/" + key
			none := clienttest.Reply(200, `{"success":true,"result":{}}`)
			for name, test := range map[string]struct {
				responses []clienttest.Handler
				want      int
			}{
				"short":                     {[]clienttest.Handler{page(key, history.id, 1, 19)}, 19},
				"two pages":                 {[]clienttest.Handler{page(key, history.id, 1, 20), page(key, history.id, 21, 25)}, 25},
				"full pages":                {[]clienttest.Handler{page(key, history.id, 1, 20), page(key, history.id, 21, 40), page(key, history.id, 1, 0)}, 40},
				"knows no pages":            {[]clienttest.Handler{page(key, history.id, 1, 30), page(key, history.id, 1, 30)}, 30},
				"refuses pages":             {[]clienttest.Handler{page(key, history.id, 1, 20), none}, 20},
				"refuses pages with a null": {[]clienttest.Handler{page(key, history.id, 1, 20), clienttest.Reply(200, `{"success":true,"data":{"`+key+`":null}}`)}, 20},
				"no result later":           {[]clienttest.Handler{page(key, history.id, 1, 20), clienttest.Reply(200, `{"success":true}`)}, 20},
				"says a larger size":        {[]clienttest.Handler{historyPage(key, history.id, 1, 99, 100)}, 99},
				"says a larger size, full":  {[]clienttest.Handler{historyPage(key, history.id, 1, 50, 50), page(key, history.id, 51, 60)}, 60},
				"says a smaller size":       {[]clienttest.Handler{historyPage(key, history.id, 1, 5, 5), historyPage(key, history.id, 6, 7, 5)}, 7},
			} {
				t.Run(name, func(t *testing.T) {
					requireHistory(t, history.list, request, test.responses, test.want)
				})
			}
			for name, last := range map[string]struct {
				handler clienttest.Handler
				kind    error
			}{
				"deleted meanwhile": {routeNotFound, client.ErrNotFound},
				"a failure in 200":  {clienttest.Reply(200, `{"success":false,"result":{}}`), client.ErrUnexpectedResponse},
				"no envelope":       {clienttest.Reply(200, `{}`), client.ErrUnexpectedResponse},
			} {
				t.Run(name, func(t *testing.T) {
					_, c := clienttest.Start(t, page(key, history.id, 1, 20), last.handler)
					ids, err := history.list(c)
					clienttest.RequireKind(t, err, last.kind)
					if ids != nil {
						t.Error(ids)
					}
				})
			}
			t.Run("no list at first", func(t *testing.T) {
				server, c := clienttest.Start(t, none)
				_, err := history.list(c)
				clienttest.RequireKind(t, err, client.ErrUnexpectedResponse)
				server.RequireRequests(request)
			})
		})
	}
}
