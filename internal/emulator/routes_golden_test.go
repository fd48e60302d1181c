package emulator_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// sampleGraph is the graph of the samples: one element of each type.
func sampleGraph(t *testing.T) []object {
	t.Helper()
	var sample struct {
		Result struct{ Elements []object }
	}
	if err := json.Unmarshal([]byte(golden(t, "route_documented.json")), &sample); err != nil {
		t.Fatal(err)
	}
	return sample.Result.Elements
}

// TestGoldenRoutes plays the life of the route that the samples are from: it is
// created, renamed after a minute and given a new version after another.
func TestGoldenRoutes(t *testing.T) {
	create := func(h harness) string {
		h.create("my-gateway")
		return h.newRoute("my-gateway", "support", sampleGraph(t))
	}
	version := func(h harness, path string) reply {
		h.Clock().Advance(time.Minute)
		return h.api("POST", path+"/versions", object{"elements": sampleGraph(t)})
	}
	samples := map[string]struct {
		quirks []emulator.Quirk
		play   func(h harness, path string) reply
	}{
		"route_live.json":       {nil, func(h harness, path string) reply { return h.api("GET", path, nil) }},
		"route_documented.json": {[]emulator.Quirk{emulator.RouteElementsTop}, func(h harness, path string) reply { return h.api("GET", path, nil) }},
		"route_patch.json": {nil, func(h harness, path string) reply {
			h.Clock().Advance(time.Minute)
			return h.api("PATCH", path, object{"name": "help"})
		}},
		"route_list.json":    {nil, func(h harness, _ string) reply { return h.api("GET", "gateways/my-gateway/routes", nil) }},
		"route_version.json": {nil, version},
		"route_deployment.json": {nil, func(h harness, path string) reply {
			id := version(h, path).result(t)["version_id"]
			h.Clock().Advance(time.Minute)
			return h.api("POST", path+"/deployments", object{"version_id": id})
		}},
	}
	for name, sample := range samples {
		t.Run(name, func(t *testing.T) {
			h := start(t, emulator.Options{
				Clock:  emulator.NewClock(time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)),
				Quirks: sample.quirks,
			})
			got := sample.play(h, "gateways/my-gateway/routes/"+create(h))
			got.wantSample(t, 200, name, func(body object) { settle(t, body) })
		})
	}
}

// settle replaces what cannot be the same in two answers: ids, and JSON in a
// text, which may be written in several ways.
func settle(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			settle(t, item)
		}
	case object:
		for name, value := range v {
			text, _ := value.(string)
			switch {
			case len(text) == 36 && (name == "id" || strings.HasSuffix(name, "_id")):
				v[name] = "a UUID"
			case name == "data" && text != "":
				var decoded any
				if err := json.Unmarshal([]byte(text), &decoded); err != nil {
					t.Errorf("data is no JSON: %v", err)
				}
				v[name] = object{"the text of": decoded}
			default:
				settle(t, value)
			}
		}
	}
}
