package dynamicroute_test

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const (
	singular = "aigateway_dynamic_route"
	plural   = "aigateway_dynamic_routes"
)

// read returns the state of a data source, as plain Go.
func read(t *testing.T, server *protocol.Server, source string, config attrs) attrs {
	t.Helper()
	state, diags := server.ReadDataSource(source, config)
	requireNone(t, diags)
	return protocol.Object(t, state)
}

// TestDataSource reads a route by its name and by its id, with its history.
func TestDataSource(t *testing.T) {
	t.Parallel()
	for _, set := range acctest.Combinations(emulator.RouteElementsTop, emulator.RouteRepliesBare, emulator.ExtraFields) {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			s := service(t, set...)
			server := s.Protocol(t, nil)
			r, id := exists(t, s, server, gated())
			s.Emulator.Clock().Advance(time.Hour)
			requireNone(t, try(t, r, next()))
			s.Emulator.Clock().Advance(time.Hour)
			s.Emulator.DeployRoute(s.AccountID, gatewayID, id, onWire("other"))
			s.Emulator.Clock().Advance(time.Hour)
			requireNone(t, r.Refresh())
			requireNone(t, try(t, r, next())) // the second of three versions is in force
			requireNone(t, r.Refresh())

			at := "GET " + routes + "/" + id
			for name, test := range map[string]struct {
				by       attrs
				requests []string
			}{
				"name": {attrs{"name": "support"}, []string{listRoutes, at, at + versions, at + deployments}},
				"id":   {attrs{"id": id}, []string{at, at + versions, at + deployments}},
				"the account too": {
					attrs{"id": id, "account_id": s.AccountID}, []string{at, at + versions, at + deployments},
				},
			} {
				s.Emulator.ResetRequests()
				got := read(t, server, singular, with(test.by, "gateway_id", gatewayID))
				s.RequireRequests(t, test.requests...)
				requireHistoryShown(t, only(t, s), got)
				if text, _ := got["mermaid"].(string); !strings.HasPrefix(text, "flowchart ") || !strings.Contains(text, "gpt-5.2") {
					t.Errorf("by %s: mermaid = %q", name, text)
				}
				for _, more := range []string{"mermaid", "versions", "deployments"} {
					delete(got, more)
				}
				requireSame(t, "by "+name, got, r.State())
			}
		})
	}
}

// requireHistoryShown fails the test unless versions and deployments are those
// of the service, the newest first, and the one in force is active.
func requireHistoryShown(t *testing.T, stored emulator.StoredRoute, got attrs) {
	t.Helper()
	listed, _ := got["versions"].([]any)
	if len(listed) != len(stored.Versions) {
		t.Fatalf("%d versions, want %d", len(listed), len(stored.Versions))
	}
	for i, version := range listed {
		version, want := version.(attrs), stored.Versions[len(listed)-1-i]
		if version["version_id"] != want || version["active"] != (want == stored.Deployed) || version["is_valid"] != true {
			t.Errorf("version %d is %v, want %s", i, version, want)
		}
		if made, _ := version["created_at"].(string); !strings.HasSuffix(made, "Z") {
			t.Errorf("version %d was made at %v", i, version["created_at"])
		}
	}
	listed, _ = got["deployments"].([]any)
	if len(listed) != len(stored.Deployments) {
		t.Fatalf("%d deployments, want %d", len(listed), len(stored.Deployments))
	}
	for i, deployment := range listed {
		deployment, want := deployment.(attrs), stored.Deployments[len(listed)-1-i]
		if deployment["deployment_id"] != want.ID || deployment["version_id"] != want.Version {
			t.Errorf("deployment %d is %v, want %v", i, deployment, want)
		}
	}
}

// TestDataSourceOfALongHistory reads all of its pages.
//
// The service may not know per_page there: the first page is asked for without query
// parameters, the others with the page alone.
func TestDataSourceOfALongHistory(t *testing.T) {
	t.Parallel()
	for _, quirks := range [][]emulator.Quirk{nil, {emulator.VersionsRefusePaging}} {
		t.Run(acctest.QuirkName(quirks), func(t *testing.T) {
			t.Parallel()
			s := service(t, quirks...)
			id := s.Emulator.PutRoute(s.AccountID, gatewayID, "support", onWire("other"))
			for i := range 39 {
				s.Emulator.DeployRoute(s.AccountID, gatewayID, id, onWire(fmt.Sprintf("other-%d", i)))
			}
			got := read(t, s.Protocol(t, nil), singular, attrs{"gateway_id": gatewayID, "id": id})
			requireHistoryShown(t, only(t, s), got)
			at := "GET " + routes + "/" + id
			const second, third = "?page=2", "?page=3"
			s.RequireRequests(t, at, at+versions, at+versions+second, at+versions+third,
				at+deployments, at+deployments+second, at+deployments+third)
		})
	}
}

// TestDataSourceUnderLaggingLists: a new route is missing from the first list,
// and of what is listed, what is true now is read.
func TestDataSourceUnderLaggingLists(t *testing.T) {
	t.Parallel()
	s := service(t, emulator.RouteListLags)
	server := s.Protocol(t, nil)
	r, _ := exists(t, s, server, gated())
	wanted := attrs{"gateway_id": gatewayID, "name": "support"}
	_, diags := server.ReadDataSource(singular, wanted)
	requireSays(t, diags.At("name"), "A new route may be missing from the list for some seconds")
	requireNone(t, try(t, r, next()))
	if got := read(t, server, singular, wanted); got["version_id"] != r.State()["version_id"] || len(got["versions"].([]any)) != 0 {
		t.Errorf("got %v", got)
	}
	if got := read(t, server, singular, wanted); len(got["versions"].([]any)) != 2 || len(got["deployments"].([]any)) != 2 {
		t.Errorf("got %v", got)
	}
	requireNone(t, try(t, r, with(next(), "name", "help")))
	_, diags = server.ReadDataSource(singular, wanted) // the list has the former name
	requireSays(t, diags.At("name"), "Dynamic route not found")
}

func TestDataSourceRefuses(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	for name, test := range map[string]struct {
		config attrs
		at     string
	}{
		"neither":           {attrs{"gateway_id": gatewayID}, "name"},
		"both":              {attrs{"gateway_id": gatewayID, "name": "support", "id": "01a1fdbe"}, "name"},
		"a name of a path":  {attrs{"gateway_id": gatewayID, "name": "a/b"}, "name"},
		"a name with space": {attrs{"gateway_id": gatewayID, "name": "a b"}, "name"},
		"no name":           {attrs{"gateway_id": gatewayID, "name": ""}, "name"},
		"an id of a path":   {attrs{"gateway_id": gatewayID, "id": "../x"}, "id"},
		"a gateway":         {attrs{"gateway_id": "Main", "name": "support"}, "gateway_id"},
		"an account":        {attrs{"gateway_id": gatewayID, "name": "support", "account_id": "x"}, "account_id"},
	} {
		if _, diags := server.ReadDataSource(singular, test.config); !diags.At(test.at).HasError() {
			t.Errorf("%s: %s", name, diags)
		}
	}
	for at, config := range map[string]attrs{"gateway_id": {"gateway_id": ".."}, "account_id": {"gateway_id": gatewayID, "account_id": "x"}} {
		if _, diags := server.ReadDataSource(plural, config); !diags.At(at).HasError() {
			t.Errorf("%s: %s", at, diags)
		}
	}
	s.RequireRequests(t)
}

func TestDataSourceNotFound(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	here := fmt.Sprintf("Gateway %q in account %s has no dynamic route ", gatewayID, s.AccountID)
	nowhere := fmt.Sprintf("Account %s has no gateway %q, and therefore no routes in it", s.AccountID, "nowhere")
	for name, test := range map[string]struct {
		source   string
		config   attrs
		at, says string
	}{
		"a name":           {singular, attrs{"gateway_id": gatewayID, "name": "support"}, "name", here + `named "support"`},
		"an id":            {singular, attrs{"gateway_id": gatewayID, "id": "01a1fdbe"}, "id", here + `with the ID "01a1fdbe"`},
		"a gateway":        {singular, attrs{"gateway_id": "nowhere", "name": "support"}, "gateway_id", nowhere},
		"a gateway, by id": {singular, attrs{"gateway_id": "nowhere", "id": "01a1fdbe"}, "gateway_id", nowhere},
		"a gateway's list": {plural, attrs{"gateway_id": "nowhere"}, "gateway_id", nowhere},
		"an account's": {
			plural, attrs{"gateway_id": gatewayID, "account_id": anotherAccount}, "gateway_id", "Account " + anotherAccount + " has no gateway",
		},
	} {
		_, diags := server.ReadDataSource(test.source, test.config)
		if len(diags) != 1 || !strings.Contains(diags.At(test.at).String(), test.says) {
			t.Errorf("%s: want an error at %s that says %q, got: %s", name, test.at, test.says, diags)
		}
	}
}

// TestDataSourceFails: each of its requests may be refused.
func TestDataSourceFails(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, once)
	_, id := exists(t, s, server, gated())
	forbidden := `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`
	for path, test := range map[string]struct {
		source string
		config attrs
		says   string
	}{
		allRoutes:     {plural, attrs{}, `Unable to list dynamic routes`},
		"/routes/?":   {singular, attrs{"name": "support"}, "Unable to read dynamic route"},
		oneRoute:      {singular, attrs{"id": id}, "Unable to read dynamic route"},
		newVersion:    {singular, attrs{"id": id}, "Unable to read versions of dynamic route"},
		newDeployment: {singular, attrs{"id": id}, "Unable to read deployments of dynamic route"},
	} {
		s.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Path: path, Status: http.StatusForbidden, Body: forbidden})
		_, diags := server.ReadDataSource(test.source, with(test.config, "gateway_id", gatewayID))
		requireSays(t, diags, test.says, `ateway "main" in account `+s.AccountID, "AI Gateway Read")
		s.Emulator.ClearFaults()
	}
	s.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Path: oneRoute, Status: http.StatusOK, Body: `{"success":true,"result":{"id":"` + id + `","name":"x"}}`})
	_, diags := server.ReadDataSource(singular, attrs{"gateway_id": gatewayID, "id": id})
	requireSays(t, diags, "the response does not show the graph")
}

// TestListDataSource reads all pages, none twice, and no route by itself.
func TestListDataSource(t *testing.T) {
	t.Parallel()
	for _, set := range [][]emulator.Quirk{nil, {emulator.RouteElementsTop, emulator.RouteRepliesBare, emulator.ExtraFields, emulator.VersionsRefusePaging}} {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			s := service(t, set...)
			server := s.Protocol(t, nil)
			list := func() []any { return read(t, server, plural, attrs{"gateway_id": gatewayID})["routes"].([]any) }
			if got := list(); got == nil || len(got) != 0 {
				t.Errorf("of no routes, %v", got)
			}
			s.RequireRequests(t, listRoutes)
			r, id := exists(t, s, server, gated())
			state := r.State()
			for _, attribute := range []string{"account_id", "gateway_id", "entry", "elements"} {
				delete(state, attribute)
			}
			if got := list(); len(got) != 1 || !reflect.DeepEqual(got[0], any(state)) {
				t.Errorf("listed %v, want %v", got, state)
			}
			s.Emulator.DeleteRoute(s.AccountID, gatewayID, id)
			for i := range 250 {
				s.Emulator.PutRoute(s.AccountID, gatewayID, fmt.Sprintf("route-%03d", i), onWire("other"))
			}
			s.Emulator.ResetRequests()
			got := list()
			page := func(n int) string { return fmt.Sprintf("GET %s?page=%d&per_page=100", routes, n) }
			s.RequireRequests(t, page(1), page(2), page(3))
			if len(got) != 250 {
				t.Fatalf("%d routes", len(got))
			}
			for i, route := range got {
				route, want := route.(attrs), fmt.Sprintf("route-%03d", 249-i)
				if route["name"] != want || route["model"] != "dynamic/"+want {
					t.Errorf("route %d is %v, want %s", i, route, want)
				}
			}
		})
	}
}
