package acctest_test

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// smallAccount has some of everything.
var smallAccount = accountContent{stores: 1, gateways: 8, keys: 6, providers: 3, routes: 10, policies: 5, domains: 2}

// listTypes are the list resources, with how many objects of the small account they find
// and how a display name looks.
var listTypes = map[string]struct {
	count       int
	displayName string
	// requests are how many requests a query sends, and with the whole resources.
	requests, whole int
}{
	"aigateway_secrets_store":   {1, "default_secrets_store", 1, 1},
	"aigateway_gateway":         {8, "default", 1, 1},
	"aigateway_custom_provider": {3, "Our models 0 (our-llm-0)", 1, 1},
	// One request for the gateways, and one for each of them.
	"aigateway_dynamic_route": {10, "default/route-0", 9, 19},
	"aigateway_policy":        {5, "default/Policy 0", 9, 9},
	"aigateway_custom_domain": {2, "ai-0.example.com", 9, 9},
	// For a gateway without keys, one more request finds out whether it exists.
	"aigateway_provider_config": {6, "default/openai/default", 11, 11},
}

// TestEveryResourceIsListed compares list resources with resources.
func TestEveryResourceIsListed(t *testing.T) {
	t.Parallel()
	schema := acctest.Emulate(t, emulator.Options{}).Protocol(t, nil).Schema()
	for name := range schema.ResourceSchemas {
		if schema.ListResourceSchemas[name] == nil {
			t.Errorf("%s cannot be listed", name)
		}
		if _, ok := listTypes[name]; !ok {
			t.Errorf("%s is not tested", name)
		}
	}
	if len(schema.ListResourceSchemas) != len(schema.ResourceSchemas) {
		t.Errorf("%d list resources for %d resources", len(schema.ListResourceSchemas), len(schema.ResourceSchemas))
	}
}

// TestList lists objects of every type, with and without the whole resource. The whole
// resource is what an import brings into state.
func TestList(t *testing.T) {
	t.Parallel()
	for name, want := range listTypes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := acctest.Emulate(t, emulator.Options{GatewayLimit: -1})
			fillAccount(service, smallAccount)
			server := service.Protocol(t, nil)

			brief := list(t, server, name, nil, protocol.Query{Limit: 1000})
			if len(brief) != want.count {
				t.Errorf("%d results, want %d", len(brief), want.count)
			}
			if got := len(service.Requests()); got != want.requests {
				t.Errorf("%d requests, want %d", got, want.requests)
			}
			service.Emulator.ResetRequests()
			whole := list(t, server, name, nil, protocol.Query{Limit: 1000, IncludeResource: true})
			if got := len(service.Requests()); got != want.whole {
				t.Errorf("%d requests for the whole resources, want %d: %q", got, want.whole, service.Requests())
			}
			seen := map[string]bool{}
			for i, result := range whole {
				seen[result.DisplayName] = true
				if brief[i].Resource != nil || brief[i].DisplayName != result.DisplayName || !reflect.DeepEqual(brief[i].Identity, result.Identity) {
					t.Errorf("without the resource: %v\nwith it: %v", brief[i], result)
				}
				imported := server.Resource(name)
				if diags := imported.ImportIdentity(result.Identity); diags.HasError() {
					t.Fatal(diags)
				}
				if got := imported.State(); !reflect.DeepEqual(got, result.Resource) {
					t.Errorf("%s:\n%v\nan import has\n%v", result.DisplayName, result.Resource, got)
				}
				for _, secret := range existingSecrets {
					// Headers of a custom provider are sensitive, and in state.
					if name != "aigateway_custom_provider" && strings.Contains(fmt.Sprint(result.Resource), secret) {
						t.Errorf("%s has the secret %s", result.DisplayName, secret)
					}
				}
			}
			if !seen[want.displayName] || len(seen) != len(whole) {
				t.Errorf("the display names %v, want %q among them", seen, want.displayName)
			}
		})
	}
}

func list(t *testing.T, server *protocol.Server, name string, config map[string]any, query protocol.Query) []protocol.Listed {
	t.Helper()
	found, diags := server.List(name, config, query)
	if len(diags) != 0 {
		t.Fatal(diags)
	}
	return found
}

// TestListPages reads pages only as far as the limit needs them.
func TestListPages(t *testing.T) {
	t.Parallel()
	service := acctest.Emulate(t, emulator.Options{GatewayLimit: -1})
	fillAccount(service, accountContent{gateways: 250})
	server := service.Protocol(t, nil)
	page := func(n int) string {
		return fmt.Sprintf("GET /accounts/…/ai-gateway/gateways?page=%d&per_page=100", n)
	}
	for _, test := range []struct {
		limit    int64
		results  int
		requests int
		warns    bool
	}{{1000, 250, 3, false}, {250, 250, 3, false}, {200, 200, 2, false}, {101, 101, 2, false}, {99, 99, 1, false}, {1, 1, 1, false}, {0, 100, 1, true}} {
		found, diags := server.List(gatewayType, nil, protocol.Query{Limit: test.limit, IncludeResource: true})
		if len(found) != test.results || diags.HasError() {
			t.Errorf("limit %d: %d results, want %d: %s", test.limit, len(found), test.results, diags)
		}
		var want []string
		for n := range test.requests {
			want = append(want, page(n+1))
		}
		service.RequireRequests(t, want...)
		if warned := strings.Contains(diags.String(), "There may be more gateways") && strings.Contains(diags.String(), "limit = 10000"); warned != test.warns {
			t.Errorf("limit %d: %q", test.limit, diags)
		}
	}

	// A page that breaks off ends the list with an error after what was found before.
	// The first fault does nothing but pass the first page.
	service.Emulator.Inject(emulator.Fault{})
	service.Emulator.Inject(emulator.Fault{Status: http.StatusForbidden, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`})
	found, diags := server.List(gatewayType, nil, protocol.Query{Limit: 1000})
	if len(found) != 100 || !strings.Contains(diags.String(), "Unable to list gateways") || !strings.Contains(diags.String(), "AI Gateway Read") {
		t.Errorf("%d results before the broken page, and: %s", len(found), diags)
	}
	service.RequireRequests(t, page(1), page(2))

	// A page that is no page.
	service.Emulator.Inject(emulator.Fault{Times: 2})
	service.Emulator.Inject(emulator.Fault{Status: http.StatusOK, Body: `{"success":true,"result":"odd"}`})
	if found, diags := server.List(gatewayType, nil, protocol.Query{Limit: 1000}); len(found) != 200 || !diags.HasError() {
		t.Errorf("%d results before the odd page, and: %s", len(found), diags)
	}
}

// TestListConfig selects objects.
func TestListConfig(t *testing.T) {
	t.Parallel()
	service := acctest.Emulate(t, emulator.Options{GatewayLimit: -1})
	fillAccount(service, smallAccount)
	server := service.Protocol(t, nil)
	const other = "fedcba9876543210fedcba9876543210"
	service.Emulator.PutGateway(other, map[string]any{"id": "elsewhere"})
	for name, test := range map[string]struct {
		typeName string
		config   attrs
		want     []string
	}{
		"search":             {gatewayType, attrs{"search": "team-03"}, []string{"team-03"}},
		"another account":    {gatewayType, attrs{"account_id": other}, []string{"elsewhere"}},
		"without default":    {gatewayType, attrs{"include_default": false, "search": "a"}, []string{"team-01", "team-02", "team-03", "team-04", "team-05", "team-06", "team-07"}},
		"with default":       {gatewayType, attrs{"include_default": true, "search": "def"}, []string{"default"}},
		"custom providers":   {"aigateway_custom_provider", attrs{"search": "llm-2"}, []string{"Our models 2 (our-llm-2)"}},
		"disabled":           {"aigateway_custom_provider", attrs{"enable": false}, nil},
		"enabled, not beta":  {"aigateway_custom_provider", attrs{"enable": true, "beta": true}, nil},
		"routes of one":      {"aigateway_dynamic_route", attrs{"gateway_id": "team-03"}, []string{"team-03/route-3"}},
		"keys of one":        {"aigateway_provider_config", attrs{"gateway_id": "team-01"}, []string{"team-01/openai/default"}},
		"policies of one":    {"aigateway_policy", attrs{"gateway_id": "team-04"}, []string{"team-04/Policy 4"}},
		"no policies":        {"aigateway_policy", attrs{"gateway_id": "team-07"}, nil},
		"domains of one":     {"aigateway_custom_domain", attrs{"gateway_id": "default"}, []string{"ai-0.example.com"}},
		"domains of others":  {"aigateway_custom_domain", attrs{"include_default": false}, []string{"ai-1.example.com"}},
		"routes of others":   {"aigateway_dynamic_route", attrs{"account_id": other}, nil},
		"stores of others":   {"aigateway_secrets_store", attrs{"account_id": other}, []string{"default_secrets_store"}},
		"policies of others": {"aigateway_policy", attrs{"account_id": other, "include_default": false}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, result := range list(t, server, test.typeName, test.config, protocol.Query{}) {
				got = append(got, result.DisplayName)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// TestListRefused lists what cannot be listed. Every problem is an error of a result.
func TestListRefused(t *testing.T) {
	t.Parallel()
	forbidden := `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`
	missing := `{"success":false,"errors":[{"code":7002,"message":"gateway not found"}]}`
	for name, test := range map[string]struct {
		typeName string
		config   attrs
		fault    emulator.Fault
		provider attrs
		results  int
		says     []string // none if it is no error
	}{
		"no gateway, routes":    {"aigateway_dynamic_route", attrs{"gateway_id": "absent"}, emulator.Fault{}, nil, 0, []string{"has no gateway \"absent\""}},
		"no gateway, keys":      {"aigateway_provider_config", attrs{"gateway_id": "absent"}, emulator.Fault{}, nil, 0, []string{"has no gateway \"absent\""}},
		"no gateway, policies":  {"aigateway_policy", attrs{"gateway_id": "absent"}, emulator.Fault{}, nil, 0, []string{"has no gateway \"absent\""}},
		"no gateway, domains":   {"aigateway_custom_domain", attrs{"gateway_id": "absent"}, emulator.Fault{}, nil, 0, []string{"has no gateway \"absent\""}},
		"both of two":           {"aigateway_policy", attrs{"gateway_id": "team-01", "include_default": true}, emulator.Fault{}, nil, 0, []string{"gateway_id", "include_default"}},
		"bad account":           {gatewayType, attrs{"account_id": "me"}, emulator.Fault{}, nil, 0, []string{"account_id"}},
		"bad gateway":           {"aigateway_policy", attrs{"gateway_id": "A B"}, emulator.Fault{}, nil, 0, []string{"gateway_id"}},
		"empty search":          {gatewayType, attrs{"search": ""}, emulator.Fault{}, nil, 0, []string{"search", "at least 1"}},
		"format without routes": {"aigateway_dynamic_route", nil, emulator.Fault{}, attrs{"wire_format": "gateway_input"}, 0, []string{"Dynamic routes are not in the wire format"}},
		"forbidden stores": {
			"aigateway_secrets_store", nil, emulator.Fault{Path: "stores", Status: 403, Body: forbidden}, nil, 0,
			[]string{"Unable to list Secrets Stores", "Secrets Store Read"},
		},
		"forbidden in one gateway": {
			"aigateway_provider_config", nil, emulator.Fault{Path: "team-01/provider_configs", Status: 403, Body: forbidden}, nil, 1,
			[]string{"Unable to list provider configs", "team-01"},
		},
		"a gateway that goes meanwhile": {
			"aigateway_dynamic_route", nil, emulator.Fault{Path: "team-01/routes", Status: 404, Body: missing}, nil, 8, nil,
		},
		"a route that goes meanwhile": {
			"aigateway_dynamic_route", attrs{"gateway_id": "default"}, emulator.Fault{Path: "routes/", Status: 404, Body: missing}, nil, 1, nil,
		},
		"a route that fails": {
			"aigateway_dynamic_route", attrs{"gateway_id": "default"}, emulator.Fault{Path: "routes/", Status: 403, Body: forbidden}, nil, 0,
			[]string{"Unable to list dynamic routes", "default"},
		},
		"an account without custom domains": {
			"aigateway_custom_domain", nil, emulator.Fault{Path: "custom-domains", Status: 404, Body: missing, Times: -1}, nil, 0,
			[]string{"Unable to list custom domains"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := acctest.Emulate(t, emulator.Options{GatewayLimit: -1})
			fillAccount(service, smallAccount)
			server := service.Protocol(t, test.provider)
			if test.fault.Status != 0 {
				test.fault.Method = http.MethodGet
				service.Emulator.Inject(test.fault)
			}
			found, diags := server.List(test.typeName, test.config, protocol.Query{Limit: 1000, IncludeResource: true})
			if len(found) != test.results {
				t.Errorf("%d results, want %d: %s", len(found), test.results, diags)
			}
			if (len(test.says) > 0) != diags.HasError() {
				t.Errorf("%s", diags)
			}
			for _, part := range test.says {
				if !strings.Contains(diags.String(), part) {
					t.Errorf("%q does not say %q", diags, part)
				}
			}
		})
	}
}
