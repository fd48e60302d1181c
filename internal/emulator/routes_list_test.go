package emulator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// namesOf returns the values of a member of all items.
func namesOf(items []object, member string) []any {
	out := []any{}
	for _, item := range items {
		out = append(out, item[member])
	}
	return out
}

func TestRouteListPages(t *testing.T) {
	h := open(t)
	for i := range 23 {
		h.newRoute("gw", fmt.Sprint("r", i), modelGraph("one"))
		if i%2 == 0 {
			h.Clock().Advance(time.Second) // two routes of each time
		}
	}
	for query, want := range map[string]struct {
		first, last any
		count       int
	}{
		"":                     {"r22", "r3", 20},
		"page=2":               {"r2", "r0", 3},
		"page=3":               {count: 0},
		"per_page=5&page=2":    {"r17", "r13", 5},
		"per_page=100":         {"r22", "r0", 23},
		"page=99999999999":     {count: 0},
		"per_page=1&search=r3": {"r22", "r22", 1}, // there is no search
	} {
		got := namesOf(h.list("gateways/gw/routes?"+query, "routes"), "name")
		if len(got) != want.count || len(got) > 0 && (got[0] != want.first || got[len(got)-1] != want.last) {
			t.Errorf("%q: %v", query, got)
		}
	}
	got := h.api("GET", "gateways/gw/routes?page=7&per_page=9", nil)
	same(t, "response", object{"success": true, "data": object{
		"routes": []any{}, "order_by": "created_at", "order_by_direction": "desc", "page": 7, "per_page": 9,
	}}, got.body)
}

// TestRouteListBounds shows that all lists of routes refuse the same queries, before they
// look for the gateway.
func TestRouteListBounds(t *testing.T) {
	h := start(t, emulator.Options{})
	for _, list := range []string{"routes", "routes/x/versions", "routes/x/deployments"} {
		for query, message := range map[string]string{
			"page=0":       "query.page: Number must be greater than or equal to 1",
			"per_page=101": "query.per_page: Number must be less than or equal to 100",
			"page=x":       "query.page: Expected number, received nan",
		} {
			h.api("GET", "gateways/gw/"+list+"?"+query, nil).wantErrors(t, 400, 7001, message)
		}
	}
}

func TestVersionAndDeploymentListPages(t *testing.T) {
	h, path := aRoute(t)
	var ids []any
	for range 3 {
		id := h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t)["version_id"]
		h.api("POST", path+"/deployments", object{"version_id": id}).result(t)
		ids = append([]any{id}, ids...)
	}
	for _, list := range []string{"versions", "deployments"} {
		same(t, list, ids[:2], namesOf(h.list(path+"/"+list+"?per_page=2", list), "version_id"))
		has(t, fmt.Sprintf("second page of %v", list), h.list(path+"/"+list+"?per_page=2&page=2", list), "#", 2, "0.version_id", ids[2])
	}
	same(t, "active", []any{true, false, false, false}, namesOf(h.list(path+"/versions", "versions"), "active"))
}

// TestListsOmitTheGraph shows that lists contain graphs only under the quirk that follows
// the documents.
func TestListsOmitTheGraph(t *testing.T) {
	for _, quirks := range [][]emulator.Quirk{nil, {emulator.RouteElementsTop}} {
		h, path := aRoute(t, quirks...)
		route := h.list("gateways/gw/routes", "routes")[0]
		got := h.api("GET", path, nil).result(t)
		got["account_tag"] = accountID
		if len(quirks) == 0 {
			delete(got["version"].(object), "data")
		}
		equal(t, fmt.Sprint(quirks, ": item"), got, route)
		equal(t, fmt.Sprint(quirks, ": version"), got["version"], any(h.list(path+"/versions", "versions")[0]))
		equal(t, fmt.Sprint(quirks, ": deployment"), got["deployment"], any(h.list(path+"/deployments", "deployments")[0]))
	}
}

func TestQuirkRouteListLags(t *testing.T) {
	h := withQuirks(t, emulator.RouteListLags)
	h.create("gw")
	names := func(query string) []any { return namesOf(h.list("gateways/gw/routes"+query, "routes"), "name") }
	id := h.newRoute("gw", "r", modelGraph("one"))
	equal(t, "first list", []any{}, names(""))
	equal(t, "second list", []any{"r"}, names(""))

	// Other responses do not lag.
	path := "gateways/gw/routes/" + id
	h.api("PATCH", path, object{"name": "s"})
	equal(t, "GET lags", "s", h.api("GET", path, nil).result(t)["name"])
	h.newRoute("gw", "r", modelGraph("one")) // the old name is free
	equal(t, "after a rename", []any{"r"}, names(""))
	// A refused request does not count, a request for any page does.
	h.api("GET", "gateways/gw/routes?page=0", nil).wantErrors(t, 400, 7001, "query.page: Number must be greater than or equal to 1")
	h.api("DELETE", path, nil).result(t)
	equal(t, "second page", []any{}, names("?page=2"))
	equal(t, "after a deletion", []any{"r"}, names(""))

	// Versions and deployments lag separately.
	path = "gateways/gw/routes/" + h.Routes(accountID, "gw")[0].ID
	for _, list := range []string{"versions", "deployments"} {
		for _, want := range []int{0, 1} {
			equal(t, list, want, len(h.list(path+"/"+list, list)))
		}
	}
	h.DeployRoute(accountID, "gw", h.Routes(accountID, "gw")[0].ID, modelGraph("two"))
	for _, want := range [][]any{{true}, {true, false}} {
		equal(t, "after a deployment", want, namesOf(h.list(path+"/versions", "versions"), "active"))
	}
}
