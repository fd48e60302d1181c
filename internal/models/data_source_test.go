package models_test

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const (
	dataSource = "aigateway_models"
	request    = "GET /v1/…/demo/compat/models"
)

type attrs = map[string]any

func TestMain(m *testing.M) { acctest.Main(m) }

// start returns a service with the gateway "demo" and a provider without
// allow_test_requests, as users have it.
func start(t *testing.T, gateway, provider attrs) (*acctest.Service, *protocol.Server) {
	t.Helper()
	service := acctest.Emulate(t, emulator.Options{WorkersModels: []string{"@cf/acme/mine"}})
	settings := attrs{"id": "demo"}
	maps.Copy(settings, gateway)
	service.Emulator.PutGateway(service.AccountID, settings)
	service.Emulator.ResetRequests()
	config := attrs{"max_retries": int64(0)}
	maps.Copy(config, provider)
	return service, service.Protocol(t, config)
}

// idsOf returns the IDs of the models in state.
func idsOf(t *testing.T, state attrs) []string {
	t.Helper()
	ids := []string{}
	list, ok := state["models"].([]any)
	if !ok {
		t.Fatalf("models = %v", state["models"])
	}
	for _, item := range list {
		id, _ := item.(attrs)["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

func TestModels(t *testing.T) {
	t.Parallel()
	service, server := start(t, nil, nil)
	value, diags := server.ReadDataSource(dataSource, attrs{"gateway_id": "demo"})
	if len(diags) != 0 {
		t.Fatal(diags)
	}
	service.RequireRequests(t, request)
	state := protocol.Object(t, value)
	ids := idsOf(t, state)
	if !slices.IsSorted(ids) || !slices.Contains(ids, "openai/gpt-5.2") || !slices.Contains(ids, "workers-ai/@cf/acme/mine") {
		t.Errorf("models: %v", ids)
	}
	want := attrs{"id": "openai/gpt-5.2", "provider_name": "openai", "owned_by": "openai"}
	list, _ := state["models"].([]any)
	if got := list[slices.Index(ids, "openai/gpt-5.2")]; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if state["account_id"] != service.AccountID || state["gateway_id"] != "demo" || state["provider_name"] != nil {
		t.Errorf("state: %v", state)
	}
}

func TestModelsOfOneProvider(t *testing.T) {
	t.Parallel()
	_, server := start(t, nil, nil)
	for provider, some := range map[string]bool{"openai": true, "workers-ai": true, "open": false, "acme": false} {
		value, diags := server.ReadDataSource(dataSource, attrs{"gateway_id": "demo", "provider_name": provider})
		if len(diags) != 0 {
			t.Fatal(diags)
		}
		state := protocol.Object(t, value)
		ids := idsOf(t, state)
		foreign := slices.ContainsFunc(ids, func(id string) bool { return !strings.HasPrefix(id, provider+"/") })
		if foreign || some != (len(ids) > 0) || state["provider_name"] != provider {
			t.Errorf("%s: %v", provider, ids)
		}
	}
}

// The list is what the service says, in order, whatever else it says.
func TestModelsAsTheServiceTellsThem(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body string
		want []any
	}{
		"none": {`{"object":"list","data":[]}`, []any{}},
		"others first": {`{"data":[{"id":"b/y","created_at":1.5},{"id":"a/@cf/x/y","owned_by":"","cost_in":0.1},{"id":"bare","owned_by":"me"}],"has_more":false}`, []any{
			attrs{"id": "a/@cf/x/y", "provider_name": "a", "owned_by": nil},
			attrs{"id": "b/y", "provider_name": "b", "owned_by": nil},
			attrs{"id": "bare", "provider_name": nil, "owned_by": "me"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := start(t, nil, nil)
			service.Emulator.Inject(emulator.Fault{Path: "compat/models", Status: http.StatusOK, Body: test.body})
			value, diags := server.ReadDataSource(dataSource, attrs{"gateway_id": "demo"})
			if len(diags) != 0 {
				t.Fatal(diags)
			}
			if got := protocol.Object(t, value)["models"]; !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// The token is that of the gateway, and the request needs no other permission.
func TestModelsToken(t *testing.T) {
	t.Parallel()
	_, server := start(t, attrs{"authentication": true}, attrs{"api_token": "of-the-control-plane", "gateway_token": emulator.DefaultToken})
	if _, diags := server.ReadDataSource(dataSource, attrs{"gateway_id": "demo"}); len(diags) != 0 {
		t.Error(diags)
	}
	_, server = start(t, attrs{"authentication": true}, attrs{"gateway_token": "other-token"})
	_, diags := server.ReadDataSource(dataSource, attrs{"gateway_id": "demo"})
	requireError(t, diags, `The request for the models of gateway "demo" in account 0123456789abcdef0123456789abcdef returned HTTP 401 Unauthorized, code 2009: Unauthorized`,
		`Gateway "demo" requires authentication`, "AI Gateway Run on account 0123456789abcdef0123456789abcdef", "Set gateway_token (or CF_AIG_TOKEN)")
	if strings.Contains(diags.String(), "other-token") {
		t.Errorf("the error has the token: %s", diags)
	}
}

func requireError(t *testing.T, diags protocol.Diagnostics, parts ...string) {
	t.Helper()
	text := strings.Join(strings.Fields(diags.String()), " ")
	if len(diags) != 1 || !diags.HasError() || !strings.Contains(text, "Unable to list models") {
		t.Fatalf("diagnostics:\n%s", diags)
	}
	for _, part := range parts {
		if !strings.Contains(text, strings.Join(strings.Fields(part), " ")) {
			t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
}

func TestModelsErrors(t *testing.T) {
	t.Parallel()
	const address = "Check gateway_base_url (or AIGATEWAY_GATEWAY_BASE_URL)"
	for name, test := range map[string]struct {
		fault emulator.Fault
		want  []string
	}{
		"no list":  {emulator.Fault{Status: 200, Body: `{"success":true}`}, []string{"returned HTTP 200 OK", `the member "data" is missing`, address}},
		"a page":   {emulator.Fault{Status: 200, Body: "<html>", Header: http.Header{"Content-Type": {"text/html"}}}, []string{"The response is not JSON", address}},
		"no id":    {emulator.Fault{Status: 200, Body: `{"data":[{"id":"a/b"},{"object":"model"}]}`}, []string{"failed: HTTP 200 OK: data.1 has no id", "not a list of models"}},
		"empty id": {emulator.Fault{Status: 200, Body: `{"data":[{"id":""}]}`}, []string{"data.0 has no id"}},
		"404":      {emulator.Fault{Status: 404, Body: `{"error":"nothing here"}`}, []string{"HTTP 404 Not Found: nothing here", "no list of models at this address", address}},
		"limit":    {emulator.Fault{Status: 429, Body: `{"success":false,"error":[{"code":2003,"message":"Rate limited"}]}`}, []string{"code 2003: Rate limited", "Wait and run it again."}},
		"failure":  {emulator.Fault{Status: 503, Body: `{}`}, []string{"HTTP 503", "AI Gateway failed", "Run it again later"}},
		"redirect": {emulator.Fault{Status: 302, Header: http.Header{"Location": {"https://other.example"}}, Body: "{}"}, []string{"HTTP 302 Found", "The redirect was not followed"}},
		"refused":  {emulator.Fault{Status: 400, Body: `{"success":false,"error":[{"code":2999,"message":"No"}]}`}, []string{"code 2999: No", "Correct what the message names"}},
		"foreign 2001": {emulator.Fault{Status: 400, Body: `{"error":{"code":2001,"message":"other"}}`},
			[]string{"code 2001: other", "The gateway rejected the request"}},
		"cut": {emulator.Fault{Drop: emulator.DropBefore, Times: -1}, []string{"failed: no response", "Check the network", address}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := start(t, nil, nil)
			test.fault.Path = "compat/models"
			service.Emulator.Inject(test.fault)
			_, diags := server.ReadDataSource(dataSource, attrs{"gateway_id": "demo"})
			requireError(t, diags, test.want...)
		})
	}
}

func TestModelsOfMissingGateway(t *testing.T) {
	t.Parallel()
	service, server := start(t, nil, nil)
	_, diags := server.ReadDataSource(dataSource, attrs{"gateway_id": "other"})
	requireError(t, diags, "code 2001: Please configure AI Gateway", `has no gateway "other"`, "Set gateway_id to the resource's attribute directly")
	service.RequireRequests(t, "GET /v1/…/other/compat/models") // a provider without retries does not wait
}

// A request that is free is repeated.
func TestModelsAreRepeated(t *testing.T) {
	t.Parallel()
	service, server := start(t, nil, attrs{"max_retries": int64(1)})
	service.Emulator.Inject(emulator.Fault{Path: "compat/models", Status: http.StatusBadGateway, Body: "{}"})
	if _, diags := server.ReadDataSource(dataSource, attrs{"gateway_id": "demo"}); len(diags) != 0 {
		t.Error(diags)
	}
	service.RequireRequests(t, request, request)
}

func TestModelsConfiguration(t *testing.T) {
	t.Parallel()
	service, server := start(t, nil, nil)
	for name, config := range map[string]attrs{
		"no gateway":   {},
		"bad gateway":  {"gateway_id": "a/b"},
		"bad account":  {"gateway_id": "demo", "account_id": "x"},
		"no provider":  {"gateway_id": "demo", "provider_name": ""},
		"unknown":      {"gateway_id": "demo", "account_id": protocol.Unknown},
		"empty string": {"gateway_id": ""},
	} {
		if _, diags := server.ReadDataSource(dataSource, config); !diags.HasError() {
			t.Errorf("%s: no error", name)
		}
	}
	service.RequireRequests(t)
}
