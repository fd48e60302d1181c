package routes_test

import (
	"encoding/json"
	"errors"
	"math"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
)

// The body of every type is asserted byte by byte: elements sorted by id, plain
// numbers.
func TestGraphBodies(t *testing.T) {
	graph := sampleGraph()
	graph.Elements["budget"].Rate.Limit, graph.Elements["budget"].Rate.Window = 1e21, 0.5
	graph.Elements["small"].Model.Retries = math.Copysign(0, -1)
	graph.Elements["plan"].Conditional.Conditions = " {\"b\" : 1e2, \"a\": 1.0} "
	graph.Elements["none"] = routes.Element{Conditional: &routes.Conditional{OnTrue: "nowhere", OnFalse: "end"}}
	want := `{"elements":[` +
		`{"id":"start","type":"start","outputs":{"next":{"elementId":"plan"}}},` +
		`{"id":"budget","type":"rate","properties":{"key":"metadata.user_id","limit":1000000000000000000000,"limitType":"count","window":0.5},` +
		`"outputs":{"fallback":{"elementId":"small"},"success":{"elementId":"large"}}},` +
		`{"id":"large","type":"model","properties":{"provider":"anthropic","model":"claude-sonnet-4-5","timeout":10000,"retries":1},` +
		`"outputs":{"fallback":{"elementId":"small"},"success":{"elementId":"end"}}},` +
		`{"id":"none","type":"conditional","properties":{"conditions":{}},"outputs":{"false":{"elementId":"end"},"true":{"elementId":"nowhere"}}},` +
		`{"id":"plan","type":"conditional","properties":{"conditions":{"b":1e2,"a":1.0}},"outputs":{"false":{"elementId":"split"},"true":{"elementId":"small"}}},` +
		`{"id":"small","type":"model","properties":{"provider":"openai","model":"gpt-4o-mini","timeout":10000,"retries":0},` +
		`"outputs":{"fallback":{"elementId":"end"},"success":{"elementId":"end"}}},` +
		`{"id":"split","type":"percentage","outputs":{"10%":{"elementId":"small"},"else":{"elementId":"budget"}}},` +
		`{"id":"end","type":"end","outputs":{}}]`
	server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(routeObject(clienttest.Fields{"name": "a name"}))), clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"version_id": "v2"})))
	clienttest.RequireNoError(t, clienttest.ErrorOf(routes.Create(t.Context(), c, clienttest.Account, "demo", "a name", graph)))
	clienttest.RequireNoError(t, clienttest.ErrorOf(createVersion(t.Context(), c, clienttest.Account, "demo", "r1", graph)))
	server.RequireBodies(want+`,"name":"a name"}`, want+`}`)
}

// A graph that cannot be encoded is refused before a request is sent.
func TestGraphsThatCannotBeWritten(t *testing.T) {
	model := routes.Element{Model: &routes.ModelCall{OnSuccess: "end", OnFallback: "end"}}
	conditional := func(conditions string) routes.Element {
		return routes.Element{Conditional: &routes.Conditional{Conditions: conditions, OnTrue: "end", OnFalse: "end"}}
	}
	for name, test := range map[string]struct {
		graph routes.Graph
		says  string
	}{
		"no entry":              {routes.Graph{}, `start: its output "next" leads to "", which is no target`},
		"entry is start":        {routes.Graph{Entry: "start"}, `start: its output "next" leads to "start", which is no target`},
		"called start":          {ofElement("start", model), `element "start": no element of a graph can have this id`},
		"called end":            {routes.Graph{Entry: "end", Elements: map[string]routes.Element{"end": model}}, `element "end": no element of a graph can have this id`},
		"called nothing":        {routes.Graph{Entry: "end", Elements: map[string]routes.Element{"": model}}, `element "": no element of a graph can have this id`},
		"no type":               {ofElement("m", routes.Element{}), `element "m": it has no type`},
		"other type":            {ofElement("m", routes.Element{Other: &routes.OtherElement{Type: "switch"}}), `element "m": elements of the type "switch" can be read, not written`},
		"conditions no JSON":    {ofElement("m", conditional("{")), `element "m": its conditions are not a JSON object`},
		"conditions no object":  {ofElement("m", conditional("[{}]")), `element "m": its conditions are not a JSON object`},
		"conditions two":        {ofElement("m", conditional("{}{}")), `element "m": its conditions are not a JSON object`},
		"no target":             {ofElement("m", routes.Element{Model: &routes.ModelCall{OnSuccess: "end"}}), `element "m": its output "fallback" leads to "", which is no target`},
		"back to the start":     {ofElement("m", routes.Element{Percentage: &routes.Percentage{Outputs: map[string]string{"else": "start"}}}), `element "m": its output "else" leads to "start", which is no target`},
		"timeout is no number":  {ofElement("m", routes.Element{Model: &routes.ModelCall{Timeout: math.NaN(), OnSuccess: "end", OnFallback: "end"}}), `element "m": it has a number that JSON cannot write`},
		"limit without a bound": {ofElement("m", routes.Element{Rate: &routes.Rate{Limit: math.Inf(1), OnSuccess: "end", OnFallback: "end"}}), `element "m": it has a number that JSON cannot write`},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t)
			route, err := routes.Create(t.Context(), c, clienttest.Account, "demo", "support", test.graph)
			versionID, versionErr := createVersion(t.Context(), c, clienttest.Account, "demo", "r1", test.graph)
			if route != nil || versionID != "" {
				t.Errorf("%+v, %q", route, versionID)
			}
			for _, err := range []error{err, versionErr} {
				var failed *client.Error
				if err == nil || errors.As(err, &failed) {
					t.Fatalf("%v", err)
				}
				if want := test.says + ", so no request was sent"; err.Error() != want {
					t.Errorf("%q, want %q", err, want)
				}
			}
			server.RequireRequests()
		})
	}
}

// The recordings mean one graph in all their forms, and that graph is encoded as it
// was recorded.
// goldenRoute is the id of the recorded route.
const goldenRoute = "01987654-3210-7abc-8def-0123456789a0"

func TestGoldenRoutes(t *testing.T) {
	for _, name := range []string{"route_live.json", "route_documented.json"} {
		t.Run(name, func(t *testing.T) {
			response := clienttest.Golden(t, name)
			server, c := clienttest.Start(t, clienttest.Reply(200, response), clienttest.Reply(200, response))
			read, err := routes.Get(t.Context(), c, clienttest.Account, "my-gateway", goldenRoute)
			clienttest.RequireNoError(t, err)
			graph := sampleGraph()
			if read.Name != "support" || read.GatewayID != "my-gateway" || read.ID == "" || read.VersionID == "" || read.DeploymentID == "" ||
				read.CreatedAt.Year() != 2026 || read.ModifiedAt.Year() != 2026 {
				t.Errorf("%+v", read)
			}
			clienttest.RequireEqual(t, &graph, read.Graph)
			created, err := routes.Create(t.Context(), c, clienttest.Account, "my-gateway", "support", graph)
			requireRoute(t, read, created, err)
			server.RequireRequests("GET /my-gateway/routes/"+goldenRoute, "POST /my-gateway/routes")
			requireElements(t, response, server.Seen()[1].Body)
		})
	}
}

// requireElements fails the test unless the elements of a request are those of
// a recording, in any order.
func requireElements(t *testing.T, recorded, sent string) {
	t.Helper()
	var was struct {
		Result struct {
			Elements []clienttest.Fields
			Version  struct{ Data json.RawMessage }
		}
	}
	var is struct{ Elements []clienttest.Fields }
	for text, into := range map[string]any{recorded: &was, sent: &is} {
		clienttest.RequireNoError(t, json.Unmarshal([]byte(text), into))
	}
	want := was.Result.Elements
	if want == nil {
		clienttest.RequireNoError(t, json.Unmarshal(was.Result.Version.Data, &want))
	}
	byID := func(elements []clienttest.Fields) clienttest.Fields {
		all := clienttest.Fields{}
		for _, element := range elements {
			all[clienttest.Encode(element["id"])] = element
		}
		return all
	}
	clienttest.RequireEqual(t, byID(want), byID(is.Elements))
}

// A new recording must be tested.
func TestGoldenRoutesAreComplete(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(clienttest.Observed, "route_*.json"))
	clienttest.RequireNoError(t, err)
	var got []string
	for _, file := range files {
		got = append(got, filepath.Base(file))
	}
	want := []string{
		"route_deployment.json", "route_documented.json", "route_list.json", "route_live.json", "route_patch.json", "route_version.json",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-tested +recorded):\n%s", diff)
	}
}

func TestGoldenRouteResponses(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Golden(t, "route_patch.json")), clienttest.Reply(200, clienttest.Golden(t, "route_version.json")),
		clienttest.Reply(200, clienttest.Golden(t, "route_deployment.json")), clienttest.Reply(200, clienttest.Golden(t, "route_list.json")))
	renamed, err := routes.Rename(t.Context(), c, clienttest.Account, "my-gateway", goldenRoute, "help")
	clienttest.RequireNoError(t, err)
	if renamed.Name != "help" || !renamed.ModifiedAt.After(renamed.CreatedAt) || renamed.Graph == nil || !renamed.Graph.Same(sampleGraph()) {
		t.Errorf("%+v", renamed)
	}
	versionID, err := createVersion(t.Context(), c, clienttest.Account, "my-gateway", goldenRoute, sampleGraph())
	if err != nil || versionID == "" || versionID == renamed.VersionID {
		t.Errorf("%q, %v", versionID, err)
	}
	deployed, err := routes.Deploy(t.Context(), c, clienttest.Account, "my-gateway", goldenRoute, versionID)
	clienttest.RequireNoError(t, err)
	if deployed.VersionID != versionID || deployed.DeploymentID == "" || deployed.DeploymentID == renamed.DeploymentID || deployed.ModifiedAt.IsZero() {
		t.Errorf("%+v", deployed)
	}
	for route, err := range routes.List(t.Context(), c, clienttest.Account, "my-gateway") {
		clienttest.RequireNoError(t, err)
		if route.ID != renamed.ID || route.Name != "support" || route.VersionID != renamed.VersionID || route.Graph != nil {
			t.Errorf("%+v", route)
		}
	}
	path := "/my-gateway/routes/" + goldenRoute
	server.RequireRequests("PATCH "+path, "POST "+path+"/versions", "POST "+path+"/deployments", "GET /my-gateway/routes?page=1&per_page=100")
}
