package emulator_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// drawGraph draws elements of all types whose outputs lead anywhere.
func drawGraph(t *rapid.T) []object {
	n := rapid.IntRange(0, 6).Draw(t, "elements")
	target := rapid.Custom(func(t *rapid.T) object {
		return to(fmt.Sprint("e", rapid.IntRange(0, 7).Draw(t, "target")))
	})
	graph := make([]object, 0, n)
	for i := range n {
		kind := rapid.SampledFrom([]string{"start", "conditional", "percentage", "rate", "model", "end"}).Draw(t, "type")
		e := elementOf(kind, object{"id": fmt.Sprint("e", i)})
		outputs := e["outputs"].(object)
		for name := range outputs {
			outputs[name] = target.Draw(t, name)
		}
		if properties, ok := e["properties"].(object); ok && rapid.Bool().Draw(t, "unknown property") {
			properties["unknown"] = jsonValue(2).Draw(t, "unknown")
		}
		graph = append(graph, e)
	}
	return graph
}

// TestAnyGraphIsKept shows that a route has the graph that it was given, over HTTP or
// directly, and that is_valid is the same everywhere.
func TestAnyGraphIsKept(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := withQuirks(t)
		h.PutGateway(accountID, object{"id": "gw"})
		path := "gateways/gw/routes/"
		var ids []string
		for i := range rapid.IntRange(1, 3).Draw(rt, "routes") {
			graph := drawGraph(rt)
			id := h.newRoute("gw", fmt.Sprint("r", i), graph)
			ids = append([]string{id}, ids...)
			want := h.api("GET", path+id, nil).result(t)
			if diff := cmp.Diff(toJSON(t, graph), toJSON(t, want["version"].(object)["data"])); diff != "" {
				rt.Fatalf("created (-want +got):\n%s", diff)
			}

			graph = drawGraph(rt)
			version := h.DeployRoute(accountID, "gw", id, graph)
			stored, _ := h.Route(accountID, "gw", id)
			if stored.Deployed != version || toJSON(t, stored.Elements) != toJSON(t, graph) && len(graph) > 0 {
				rt.Fatalf("deployed %s, stored %+v", version, stored)
			}
			got := h.api("GET", path+id, nil).result(t)["version"].(object)
			listed := h.list(path+id+"/versions", "versions")[0]
			if got["is_valid"] != listed["is_valid"] || got["version_id"] != version || listed["version_id"] != version {
				rt.Fatalf("route shows %v, list %v, want %s", got, listed, version)
			}
		}
		listed := h.list("gateways/gw/routes", "routes")
		for i, id := range ids {
			if len(listed) != len(ids) || listed[i]["id"] != id {
				rt.Fatalf("routes = %v, want %v", listed, ids)
			}
		}
	})
}

// TestAnyRouteRequestsSettle shows that after any sequence of requests under any quirks, a
// route has the version and the name that were set last.
func TestAnyRouteRequestsSettle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		quirks := rapid.SliceOfDistinct(rapid.SampledFrom(emulator.RouteQuirks()), rapid.ID[emulator.Quirk]).Draw(rt, "quirks")
		h, path := aRoute(t, quirks...)
		id := path[len("gateways/gw/routes/"):]
		stored, _ := h.Route(accountID, "gw", id)
		versions, name, deployed := stored.Versions, stored.Name, stored.Deployed
		for range rapid.IntRange(1, 6).Draw(rt, "requests") {
			switch rapid.IntRange(0, 2).Draw(rt, "request") {
			case 0:
				graph := drawGraph(rt)
				if slices.Contains(quirks, emulator.StrictBodies) {
					withoutUnknown(graph)
				}
				h.api("POST", path+"/versions", object{"elements": graph}).result(t)
				stored, _ = h.Route(accountID, "gw", id)
				versions = stored.Versions
			case 1:
				deployed = rapid.SampledFrom(versions).Draw(rt, "version")
				h.api("POST", path+"/deployments", object{"version_id": deployed}).result(t)
			case 2:
				name = rapid.StringN(1, 8, 32).Draw(rt, "name")
				h.api("PATCH", path, object{"name": name})
			}
			got := h.api("GET", path, nil).result(t)
			if got["name"] != name || got["version"].(object)["version_id"] != deployed ||
				got["deployment"].(object)["version_id"] != deployed {
				rt.Fatalf("route = %v, want %q with version %s", got, name, deployed)
			}
		}
	})
}

// withoutUnknown removes the properties that no API document has.
func withoutUnknown(graph []object) {
	for _, element := range graph {
		if properties, ok := element["properties"].(object); ok {
			delete(properties, "unknown")
		}
	}
}
