package routes_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
)

// sampleGraph returns the graph of the golden recordings, which has every type.
func sampleGraph() routes.Graph {
	return routes.Graph{Entry: "plan", Elements: map[string]routes.Element{
		"plan":   {Conditional: &routes.Conditional{Conditions: `{"metadata.plan":{"$eq":"free"}}`, OnTrue: "small", OnFalse: "split"}},
		"split":  {Percentage: &routes.Percentage{Outputs: map[string]string{"10%": "small", "else": "budget"}}},
		"budget": {Rate: &routes.Rate{Key: "metadata.user_id", Limit: 100, LimitType: "count", Window: 60, OnSuccess: "large", OnFallback: "small"}},
		"small": {Model: &routes.ModelCall{
			Provider: "openai", Model: "gpt-4o-mini", Timeout: 10000, OnSuccess: routes.End, OnFallback: routes.End,
		}},
		"large": {Model: &routes.ModelCall{
			Provider: "anthropic", Model: "claude-sonnet-4-5", Timeout: 10000, Retries: 1, OnSuccess: routes.End, OnFallback: "small",
		}},
	}}
}

// oneModel returns a graph of one model.
func oneModel(model string) routes.Graph {
	return routes.Graph{Entry: "m", Elements: map[string]routes.Element{
		"m": {Model: &routes.ModelCall{Provider: "openai", Model: model, Timeout: 1000, OnSuccess: "end", OnFallback: "end"}},
	}}
}

// wireOneModel is oneModel("a") on the wire.
const wireOneModel = `[{"id":"start","type":"start","outputs":{"next":{"elementId":"m"}}},` +
	`{"id":"m","type":"model","properties":{"provider":"openai","model":"a","timeout":1000,"retries":0},` +
	`"outputs":{"fallback":{"elementId":"end"},"success":{"elementId":"end"}}},` +
	`{"id":"end","type":"end","outputs":{}}]`

// graphOf returns wireOneModel with another model.
func graphOf(model string) json.RawMessage {
	return json.RawMessage(strings.ReplaceAll(wireOneModel, `"model":"a"`, `"model":"`+model+`"`))
}

// routeObject returns a route with the graph of oneModel, as observed.
func routeObject(change clienttest.Fields) clienttest.Fields {
	o := clienttest.Fields{
		"id": "r1", "name": "support", "gateway_id": "demo",
		"created_at": "2026-08-03T10:00:00.000Z", "modified_at": "2026-08-03T10:01:00.000Z",
		"deployment": clienttest.Fields{"deployment_id": "d1", "version_id": "v1", "created_at": "2026-08-03T10:00:00.000Z"},
		"version":    clienttest.Fields{"version_id": "v1", "active": true, "data": graphOf("a"), "created_at": "2026-08-03T10:00:00.000Z"},
	}
	maps.Copy(o, change)
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == clienttest.Absent })
	return o
}

func wantRoute(change ...func(*routes.Route)) *routes.Route {
	graph := oneModel("a")
	r := &routes.Route{
		ID: "r1", Name: "support", GatewayID: "demo", Graph: &graph, VersionID: "v1", DeploymentID: "d1",
		CreatedAt: time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC), ModifiedAt: time.Date(2026, 8, 3, 10, 1, 0, 0, time.UTC),
	}
	for _, f := range change {
		f(r)
	}
	return r
}

func requireRoute(t *testing.T, want, got *routes.Route, err error) {
	t.Helper()
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, want, got)
}

// listed returns a page of a list about routes.
func listed(key string, items ...any) clienttest.Handler {
	return clienttest.Reply(200, clienttest.Encode(clienttest.Fields{"success": true, "data": clienttest.Fields{key: append([]any{}, items...), "page": 1, "per_page": 100}}))
}

var (
	routeNotFound = clienttest.Reply(404, clienttest.Failure(7005, "Route not found"))
	routeTaken    = clienttest.Failure(7005, "Route already exists")
	routeUnique   = clienttest.Failure(7000, "D1_ERROR: UNIQUE constraint failed: routes.name")
)

// routeOperations are all operations on dynamic routes.
var routeOperations = []clienttest.Operation{
	{
		Name: "create dynamic route", Request: "POST /demo/routes", Body: `{"elements":` + wireOneModel + `,"name":"support"}`,
		Success:      clienttest.Reply(200, clienttest.Envelope(routeObject(nil))),
		TakesGateway: true,
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(routes.Create(ctx, c, accountID, gatewayID, "support", oneModel("a")))
		},
	},
	{
		Name: "read dynamic route", Request: "GET /demo/routes/r1",
		Success:      clienttest.Reply(200, clienttest.Envelope(routeObject(nil))),
		TakesGateway: true, ID: "r1", Noun: "dynamic route",
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(routes.Get(ctx, c, accountID, gatewayID, id))
		},
	},
	{
		Name: "read dynamic route", Request: "GET /demo/routes/r1",
		Success:      clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "r1", "name": "support", "elements": "not a graph"})),
		TakesGateway: true, ID: "r1", Noun: "dynamic route",
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(routes.Describe(ctx, c, accountID, gatewayID, id))
		},
	},
	{
		Name: "read dynamic route version", Request: "GET /demo/routes/r1/versions/v1",
		Success:      clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"version_id": "v1", "data": "not a graph"})),
		IDField:      "version_id",
		TakesGateway: true, ID: "r1", Noun: "dynamic route",
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(routes.GetVersion(ctx, c, accountID, gatewayID, id, "v1"))
		},
	},
	{
		Name: "rename dynamic route", Request: "PATCH /demo/routes/r1", Body: `{"name":"help"}`,
		Success:      clienttest.Reply(200, clienttest.Encode(clienttest.Fields{"success": true, "route": routeObject(nil)})),
		TakesGateway: true, ID: "r1", Noun: "dynamic route",
		Look: "GET /demo/routes/r1", There: clienttest.Reply(200, clienttest.Envelope(routeObject(clienttest.Fields{"name": "help"}))),
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(routes.Rename(ctx, c, accountID, gatewayID, id, "help"))
		},
	},
	{
		Name: "create dynamic route version", Request: "POST /demo/routes/r1/versions", Body: `{"elements":` + wireOneModel + `}`,
		Success:      clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "r1", "version_id": "v2"})),
		TakesGateway: true, ID: "r1", Noun: "dynamic route",
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(createVersion(ctx, c, accountID, gatewayID, id, oneModel("a")))
		},
	},
	{
		Name: "deploy dynamic route", Request: "POST /demo/routes/r1/deployments", Body: `{"version_id":"v2"}`, RepeatsPOST: true,
		Success:      clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "r1", "deployment_id": "d2", "version_id": "v2"})),
		TakesGateway: true, ID: "r1", Noun: "dynamic route",
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(routes.Deploy(ctx, c, accountID, gatewayID, id, "v2"))
		},
	},
	{
		Name: "delete dynamic route", Request: "DELETE /demo/routes/r1",
		Success:      clienttest.Reply(200, clienttest.Envelope(routeObject(nil))),
		TakesGateway: true, ID: "r1", Noun: "dynamic route",
		Look: "GET /demo/routes/r1", There: clienttest.Reply(200, clienttest.Envelope(routeObject(nil))), Gone: routeNotFound,
		Do: routes.Delete,
	},
	{
		Name: "list dynamic routes", Request: "GET /demo/routes?page=1&per_page=100",
		Success:      listed("routes", routeObject(nil)),
		TakesGateway: true,
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(clienttest.Collect(routes.List(ctx, c, accountID, gatewayID)))
		},
	},
	{
		Name: "list dynamic route versions", Request: "GET /demo/routes/r1/versions",
		Success:      listed("versions", clienttest.Fields{"version_id": "v1"}),
		IDField:      "version_id",
		TakesGateway: true, ID: "r1", Noun: "dynamic route",
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(routes.ListVersions(ctx, c, accountID, gatewayID, id))
		},
	},
	{
		Name: "list dynamic route deployments", Request: "GET /demo/routes/r1/deployments",
		Success:      listed("deployments", clienttest.Fields{"deployment_id": "d1"}),
		IDField:      "deployment_id",
		TakesGateway: true, ID: "r1", Noun: "dynamic route",
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(routes.ListDeployments(ctx, c, accountID, gatewayID, id))
		},
	},
}

func TestOperations(t *testing.T) {
	clienttest.TestOperations(t, routeOperations)
	clienttest.TestRefusedByGatewayInput(t, "dynamic routes", routeOperations)
	c := clienttest.NewGatewayInput(t, "http://api.invalid")
	clienttest.RequireError(t, clienttest.ErrorOf(routes.Find(t.Context(), c, clienttest.Account, "demo", "support")), nil, "has no dynamic routes")
	server, c := clienttest.Start(t)
	for _, bad := range clienttest.BadIDs {
		clienttest.RequireError(t, clienttest.ErrorOf(routes.Deploy(t.Context(), c, clienttest.Account, "demo", "r1", bad)), nil, "cannot be the ID of a version of a dynamic route, so no request was sent")
	}
	server.RequireRequests()
}

func TestRouteErrors(t *testing.T) {
	for name, test := range map[string]struct {
		response clienttest.Handler
		kind     error
		gateway  bool
		says     string
	}{
		"no route":         {routeNotFound, client.ErrNotFound, false, ": HTTP 404 Not Found: Route not found (code 7005)"},
		"no gateway":       {clienttest.NotFound, client.ErrNotFound, true, ": HTTP 404 Not Found: Not Found (code 7002)"},
		"no path":          {clienttest.Reply(404, clienttest.RouteError), client.ErrCouldNotRoute, false, ": HTTP 404"},
		"a page":           {clienttest.Reply(404, clienttest.Page404), client.ErrUnexpectedResponse, false, "does not come from the API"},
		"name taken":       {clienttest.Reply(400, routeTaken), client.ErrAlreadyExists, false, "Route already exists (code 7005); a dynamic route of this name existed before this request"},
		"name invalid":     {clienttest.Reply(400, clienttest.Failure(7001, "Name already exists", "body", "name")), client.ErrAlreadyExists, false, "existed before this request"},
		"element invalid":  {clienttest.Reply(400, clienttest.Failure(7001, "Element already exists", "body", "elements", 1)), client.ErrInvalid, false, "Element already exists (code 7001, at elements.1)"},
		"other 7005":       {clienttest.Reply(400, clienttest.Failure(7005, "no")), client.ErrInvalid, false, "no (code 7005)"},
		"without a code":   {clienttest.Reply(400, `{"success":false,"errors":[{"message":"no"}],"result":{}}`), client.ErrInvalid, false, "HTTP 400 Bad Request: no"},
		"conflict":         {clienttest.Reply(409, clienttest.Failure(7006, "Conflict")), client.ErrAlreadyExists, false, "HTTP 409 Conflict: Conflict (code 7006)"},
		"unauthorized":     {clienttest.Forbidden, client.ErrUnauthorized, false, "HTTP 403"},
		"newer 7005, 405":  {clienttest.Reply(405, clienttest.Failure(7005, "Method Not Allowed")), client.ErrCouldNotRoute, false, "HTTP 405"},
		"both codes":       {clienttest.Reply(404, `{"success":false,"errors":[{"code":7002},{"code":7005}]}`), client.ErrNotFound, false, "HTTP 404"},
		"404 without code": {clienttest.Reply(404, `{"success":false,"errors":[]}`), client.ErrNotFound, false, "HTTP 404"},
	} {
		for _, op := range routeOperations {
			t.Run(name+", "+op.Name, func(t *testing.T) {
				server, c := clienttest.Start(t, test.response, clienttest.Forbidden)
				err := op.Call(t.Context(), c)
				if op.Name == "create dynamic route" && test.kind == client.ErrAlreadyExists {
					server.RequireRequests(op.Request, listRequest) // how old the other one is
				} else {
					server.RequireRequests(op.Request)
				}
				server.RequireWaits(0)
				if op.Name == "delete dynamic route" && test.kind == client.ErrNotFound {
					clienttest.RequireNoError(t, err)
					return
				}
				clienttest.RequireError(t, err, test.kind, op.Name+": ", test.says)
				if errors.Is(err, client.ErrGatewayNotFound) != test.gateway {
					t.Errorf("the gateway is missing: %t; %v", !test.gateway, err)
				}
			})
		}
	}
}

// The message of the database is clear enough: a create is not repeated. It is looked at
// how old the other route is.
func TestRouteNameTakenInOtherWords(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(500, routeUnique), clienttest.Forbidden)
	route, err := routes.Create(t.Context(), c, clienttest.Account, "demo", "support", oneModel("a"))
	clienttest.RequireNil(t, route)
	clienttest.RequireError(t, err, client.ErrAlreadyExists, "HTTP 500 Internal Server Error", "UNIQUE constraint failed", "existed before this request")
	server.RequireRequests("POST /demo/routes", listRequest)
	server.RequireWaits(0)

	server, c = clienttest.StartWith(t, clienttest.Retries(1), clienttest.Repeat(2, clienttest.Reply(500, routeUnique))...)
	_, err = routes.Rename(t.Context(), c, clienttest.Account, "demo", "r1", "help")
	clienttest.RequireKind(t, err, client.ErrAlreadyExists)
	server.RequireRequests("PATCH /demo/routes/r1", "PATCH /demo/routes/r1")
}

// A response that is not plainly a success is an error.
func TestRouteUnreadableResponses(t *testing.T) {
	for _, op := range routeOperations {
		if op.IsPOST() {
			continue // see the tests of the recovery
		}
		for name, body := range map[string]string{
			"not success": clienttest.Failure(7001, "Required"), "a page": clienttest.Page404, "no result": `{"success":true}`, "null": `{"success":true,"result":null}`,
			"a list of null": `{"success":true,"data":[null]}`, "no id": `{"success":true,"result":{"routes":[{}],"versions":[{}],"deployments":[{}]}}`,
			"bad name": `{"success":true,"result":{"id":7,"routes":[{"id":7}],"versions":[{"version_id":7}],"deployments":[7]}}`,
			"a number": `{"success":true,"result":7}`, "no list": `{"success":true,"data":{"routes":null,"versions":7}}`,
		} {
			if op.Name == "delete dynamic route" && name != "not success" && name != "a page" {
				continue // the result does not matter
			}
			responses, want := []clienttest.Handler{clienttest.Reply(200, body)}, []string{op.Request}
			if op.Method() == "DELETE" {
				responses, want = append(responses, op.There), append(want, op.Look)
			}
			if op.Name == "rename dynamic route" && slices.Contains([]string{"no result", "null", "no id", "a list of null", "no list"}, name) {
				continue // is confirmed by another request
			}
			server, c := clienttest.Start(t, responses...)
			clienttest.RequireError(t, op.Call(t.Context(), c), client.ErrUnexpectedResponse, op.Name+": HTTP 200 OK: ")
			server.RequireRequests(want...)
		}
	}
}

// createVersion creates a version that carries nothing over.
func createVersion(ctx context.Context, c *client.Client, accountID, gatewayID, id string, graph routes.Graph) (string, error) {
	versionID, carried, err := routes.CreateVersion(ctx, c, accountID, gatewayID, id, graph, routes.Shown{})
	if len(carried.Appeared)+len(carried.Masked)+len(carried.Refused) > 0 {
		return versionID, fmt.Errorf("carried %v", carried)
	}
	return versionID, err
}
