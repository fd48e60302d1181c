package gateway_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestDataSource(t *testing.T) {
	t.Parallel()
	for _, set := range [][]emulator.Quirk{nil, quirks} {
		service, server := emulate(t, set...)
		gateway := server.Resource(resourceType)
		gateway.MustApply(with(everything.first))
		service.Emulator.ResetRequests()
		state, diags := server.ReadDataSource("aigateway_gateway", attrs{"name": "demo"})
		if diags.HasError() {
			t.Fatal(diags)
		}
		service.RequireRequests(t, "GET "+one)
		got := protocol.Object(t, state)
		want := gateway.State()
		delete(want["stripe"].(attrs), "authorization")
		for _, receiver := range want["otel"].([]any) {
			delete(receiver.(attrs), "headers")
			delete(receiver.(attrs), "authorization")
		}
		if difference := missing(want, got, "data source"); difference != "" {
			t.Error(difference)
		}
	}
}

func TestDataSourceOfAGatewayThatIsOff(t *testing.T) {
	t.Parallel()
	_, server := emulate(t, quirks...)
	server.Resource(resourceType).MustApply(with())
	state, diags := server.ReadDataSource("aigateway_gateway", attrs{"name": "demo"})
	if diags.HasError() {
		t.Fatal(diags)
	}
	got := protocol.Object(t, state)
	if got["cache_enabled"] != false || got["cache_ttl"] != int64(0) || got["rate_limiting_limit"] != int64(0) {
		t.Errorf("got %v", got)
	}
}

func TestDataSourceNotFound(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	_, diags := server.ReadDataSource("aigateway_gateway", attrs{"name": "demo"})
	want := fmt.Sprintf("Account %s has no gateway %q", service.AccountID, "demo")
	if !strings.Contains(diags.At("name").String(), want) {
		t.Errorf("want an error at name that says %q, got: %s", want, diags)
	}
}

func TestDataSourceRefusesBadNames(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	for _, name := range []string{"", "..", "a/b", "A", strings.Repeat("a", 65)} {
		if _, diags := server.ReadDataSource("aigateway_gateway", attrs{"name": name}); !diags.At("name").HasError() {
			t.Errorf("name %q: %s", name, diags)
		}
	}
	service.RequireRequests(t)
}

func TestListDataSource(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	for i := range 250 {
		service.Emulator.PutGateway(service.AccountID, map[string]any{"id": fmt.Sprintf("gateway-%03d", i)})
	}
	list := func(config attrs) []any {
		t.Helper()
		state, diags := server.ReadDataSource("aigateway_gateways", config)
		if diags.HasError() {
			t.Fatal(diags)
		}
		return protocol.Object(t, state)["gateways"].([]any)
	}
	gateways := list(attrs{})
	page := func(n int) string { return fmt.Sprintf("GET %s?page=%d&per_page=100", collection, n) }
	service.RequireRequests(t, page(1), page(2), page(3))
	if len(gateways) != 250 {
		t.Fatalf("%d gateways", len(gateways))
	}
	for i, gateway := range gateways {
		if id := gateway.(attrs)["id"]; id != fmt.Sprintf("gateway-%03d", i) {
			t.Errorf("gateway %d is %v", i, id)
		}
	}
	if found := list(attrs{"search": "-24"}); len(found) != 10 {
		t.Errorf("search found %d gateways, want 10", len(found))
	}
	if found := list(attrs{"search": "nothing"}); len(found) != 0 {
		t.Errorf("search found %d gateways, want none", len(found))
	}
	if found := list(attrs{"account_id": strings.Repeat("e", 32)}); len(found) != 0 {
		t.Errorf("another account has %d gateways, want none", len(found))
	}
}

func TestListDataSourceFails(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	service.Emulator.Inject(emulator.Fault{
		Method: http.MethodGet, Status: http.StatusForbidden,
		Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}`,
	})
	_, diags := server.ReadDataSource("aigateway_gateways", attrs{})
	for _, want := range []string{"Unable to list gateways", "AI Gateway Read", service.AccountID} {
		if !strings.Contains(diags.String(), want) {
			t.Errorf("the error does not say %q: %s", want, diags)
		}
	}
}

// TestUnknownProviderConfiguration: what is unknown is an error only when a
// request is due.
func TestUnknownProviderConfiguration(t *testing.T) {
	t.Parallel()
	service := acctest.Emulate(t, emulator.Options{})
	for _, attribute := range []string{"api_token", "base_url", "account_id"} {
		server := service.Protocol(t, attrs{attribute: protocol.Unknown})
		if _, diags := server.Resource(resourceType).Plan(with()); diags.HasError() {
			t.Errorf("%s unknown: a plan to create needs no request: %s", attribute, diags)
		}
		_, diags := server.ReadDataSource("aigateway_gateway", attrs{"name": "demo"})
		if !strings.Contains(diags.String(), "known only after apply") {
			t.Errorf("%s unknown: %s", attribute, diags)
		}
		for _, diag := range diags {
			if diag.Attribute != nil {
				t.Errorf("%s unknown: the error has a path: %s", attribute, diags)
			}
		}
	}
	service.RequireRequests(t)
}

// TestParity holds the schemas of resource and data sources together.
func TestParity(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	schema := server.Schema()
	want := attributesOfTheResource(t)
	single := names(schema.DataSourceSchemas["aigateway_gateway"].Block.Attributes)
	var listed map[string]bool
	for _, attribute := range schema.DataSourceSchemas["aigateway_gateways"].Block.Attributes {
		if attribute.Name == "gateways" {
			listed = names(attribute.NestedType.Attributes)
		}
	}
	for name := range want {
		if !single[name] || !listed[name] {
			t.Errorf("%s: in the data source %v, in the list %v", name, single[name], listed[name])
		}
	}
	if len(single) != len(want) || len(listed) != len(want) {
		t.Errorf("%d attributes in the resource, %d in the data source, %d in the list", len(want), len(single), len(listed))
	}
}

func attributesOfTheResource(t *testing.T) map[string]bool {
	t.Helper()
	_, server := emulate(t)
	return names(server.Schema().ResourceSchemas[resourceType].Block.Attributes)
}

func names(attributes []*tfprotov6.SchemaAttribute) map[string]bool {
	all := map[string]bool{}
	for _, attribute := range attributes {
		all[attribute.Name] = true
	}
	return all
}
