package emulator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// namesOf are the values that items have for a member.
func namesOf(items []object, member string) []any {
	out := []any{}
	for _, item := range items {
		out = append(out, item[member])
	}
	return out
}

func TestRouteListPages(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw")
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
	same(t, "answer", object{"success": true, "data": object{
		"routes": []any{}, "order_by": "created_at", "order_by_direction": "desc", "page": 7, "per_page": 9,
	}}, got.body)
}

// TestRouteListBounds: all lists of routes refuse the same queries, before they
// look anything up.
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
		got := namesOf(h.list(path+"/"+list+"?per_page=2", list), "version_id")
		same(t, list, ids[:2], got)
		if rest := h.list(path+"/"+list+"?per_page=2&page=2", list); len(rest) != 2 || rest[0]["version_id"] != ids[2] {
			t.Errorf("second page of %s = %v", list, rest)
		}
	}
	same(t, "active", []any{true, false, false, false}, namesOf(h.list(path+"/versions", "versions"), "active"))
}

// TestListsOmitTheGraph: neither routes nor versions have one in a list, except
// where the documents are followed.
func TestListsOmitTheGraph(t *testing.T) {
	for _, quirks := range [][]emulator.Quirk{nil, {emulator.RouteElementsTop}} {
		h, path := aRoute(t, quirks...)
		route := h.list("gateways/gw/routes", "routes")[0]
		got := h.api("GET", path, nil).result(t)
		got["account_tag"] = accountID
		if len(quirks) == 0 {
			delete(got["version"].(object), "data")
		}
		if diff := cmp.Diff(got, route); diff != "" {
			t.Errorf("%v: item (-want +got):\n%s", quirks, diff)
		}
		if diff := cmp.Diff(got["version"], any(h.list(path+"/versions", "versions")[0])); diff != "" {
			t.Errorf("%v: version (-want +got):\n%s", quirks, diff)
		}
		if diff := cmp.Diff(got["deployment"], any(h.list(path+"/deployments", "deployments")[0])); diff != "" {
			t.Errorf("%v: deployment (-want +got):\n%s", quirks, diff)
		}
	}
}

func TestQuirkRouteListLags(t *testing.T) {
	h := withQuirks(t, emulator.RouteListLags)
	h.create("gw")
	names := func(query string) []any { return namesOf(h.list("gateways/gw/routes"+query, "routes"), "name") }
	expect := func(when string, want []any, got []any) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	id := h.newRoute("gw", "r", modelGraph("one"))
	expect("first list", []any{}, names(""))
	expect("second list", []any{"r"}, names(""))

	// Everything else is up to date.
	path := "gateways/gw/routes/" + id
	h.api("PATCH", path, object{"name": "s"})
	if got := h.api("GET", path, nil).result(t)["name"]; got != "s" {
		t.Errorf("GET lags: %v", got)
	}
	h.newRoute("gw", "r", modelGraph("one")) // the old name is free
	expect("after a rename", []any{"r"}, names(""))
	// A refused request is none, and any page is one.
	h.api("GET", "gateways/gw/routes?page=0", nil).wantErrors(t, 400, 7001, "query.page: Number must be greater than or equal to 1")
	h.api("DELETE", path, nil).result(t)
	expect("second page", []any{}, names("?page=2"))
	expect("after a deletion", []any{"r"}, names(""))

	// Versions and deployments have a lag of their own.
	path = "gateways/gw/routes/" + h.Routes(accountID, "gw")[0].ID
	for _, list := range []string{"versions", "deployments"} {
		for _, want := range []int{0, 1} {
			if got := h.list(path+"/"+list, list); len(got) != want {
				t.Errorf("%s = %v, want %d", list, got, want)
			}
		}
	}
	h.DeployRoute(accountID, "gw", h.Routes(accountID, "gw")[0].ID, modelGraph("two"))
	for _, want := range [][]any{{true}, {true, false}} {
		expect("after a deployment", want, namesOf(h.list(path+"/versions", "versions"), "active"))
	}
}
