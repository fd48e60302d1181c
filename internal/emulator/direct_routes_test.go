package emulator_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestRouteIsACopyOfWhatIsStored(t *testing.T) {
	h, path := aRoute(t, emulator.RouteElementsTop, emulator.ExtraFields)
	h.Clock().Advance(time.Second)
	two := h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t)["version_id"].(string)
	deployed := h.api("POST", path+"/deployments", object{"version_id": two}).result(t)["deployment_id"].(string)
	third := h.api("POST", path+"/versions", object{"elements": modelGraph("three")}).result(t)["version_id"].(string)

	id := path[len("gateways/gw/routes/"):]
	got, ok := h.Route(accountID, "gw", id)
	if !ok {
		t.Fatal("no route")
	}
	if len(got.Versions) != 3 || len(got.Deployments) != 2 {
		t.Fatalf("stored = %+v", got)
	}
	one := got.Versions[0]
	same(t, "elements", modelGraph("two"), got.Elements)
	got.Elements = nil
	created := epoch.Truncate(time.Millisecond)
	want := emulator.StoredRoute{
		ID: id, Name: "r", Versions: []string{one, two, third}, Deployed: two,
		Deployments: []emulator.StoredDeployment{{ID: got.Deployments[0].ID, Version: one}, {ID: deployed, Version: two}},
		Created:     created, Modified: created.Add(time.Second),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	for _, missing := range [][2]string{{"gw", "x"}, {"x", id}} {
		if _, ok := h.Route(accountID, missing[0], missing[1]); ok {
			t.Errorf("found a route at %v", missing)
		}
	}
}

func TestRoutesAreSortedByName(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw")
	var names []string
	for _, name := range []string{"b", "c", "a"} {
		h.PutRoute(accountID, "gw", name, modelGraph("one"))
	}
	for _, r := range h.Routes(accountID, "gw") {
		names = append(names, r.Name)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if got := h.Routes(accountID, "x"); len(got) != 0 {
		t.Errorf("routes of a gateway that is not there: %v", got)
	}
}

func TestDirectRoutes(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw")
	requests := len(h.Requests())
	h.Inject(emulator.Fault{Times: -1, Status: 500})

	id := h.PutRoute(accountID, "gw", "r", modelGraph("one"))
	h.Clock().Advance(time.Second)
	version := h.DeployRoute(accountID, "gw", id, modelGraph("two"))
	got, _ := h.Route(accountID, "gw", id)
	same(t, "elements", modelGraph("two"), got.Elements)
	if got.Deployed != version || len(got.Versions) != 2 || len(got.Deployments) != 2 || !got.Modified.After(got.Created) {
		t.Errorf("deployed = %+v, want version %s", got, version)
	}

	h.Clock().Advance(time.Second)
	before := got.Modified
	if !h.RenameRoute(accountID, "gw", id, "s") || h.RenameRoute(accountID, "gw", "x", "t") {
		t.Error("RenameRoute does not say what it did")
	}
	if got, _ = h.Route(accountID, "gw", id); got.Name != "s" || !got.Modified.After(before) {
		t.Errorf("renamed = %+v", got)
	}

	// A route of the same name takes the old one's place.
	again := h.PutRoute(accountID, "gw", "s", modelGraph("three"))
	if _, ok := h.Route(accountID, "gw", id); ok || again == id || len(h.Routes(accountID, "gw")) != 1 {
		t.Errorf("put = %s, was %s", again, id)
	}
	if h.DeleteRoute(accountID, "x", again) || !h.DeleteRoute(accountID, "gw", again) || h.DeleteRoute(accountID, "gw", again) {
		t.Error("DeleteRoute does not say what it did")
	}

	if got := len(h.Requests()); got != requests {
		t.Errorf("%d requests were recorded", got-requests)
	}
	h.ClearFaults()
	h.api("GET", "gateways/gw/routes/"+again, nil).wantErrors(t, 404, 7005, "Route not found")
}

func TestDirectRoutesPanic(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw")
	id := h.PutRoute(accountID, "gw", "r", nil)
	h.PutRoute(accountID, "gw", "s", nil)
	for name, do := range map[string]func(){
		"no gateway":     func() { h.PutRoute(accountID, "x", "r", nil) },
		"no JSON":        func() { h.PutRoute(accountID, "gw", "t", []object{{"id": func() {}}}) },
		"no route":       func() { h.DeployRoute(accountID, "gw", "x", nil) },
		"no JSON either": func() { h.DeployRoute(accountID, "gw", id, []object{{"id": func() {}}}) },
		"name taken":     func() { h.RenameRoute(accountID, "gw", id, "s") },
	} {
		t.Run(name, func(t *testing.T) {
			wantPanic(t, do)
		})
	}
	// The lock is free again.
	if !h.RenameRoute(accountID, "gw", id, "r") {
		t.Error("a route cannot have its own name")
	}
}
