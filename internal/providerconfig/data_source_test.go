package providerconfig_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const sourceType = "aigateway_provider_configs"

// numbered returns one of [many].
func numbered(i int) keys.Input {
	return keys.Input{ProviderSlug: "openai", Alias: fmt.Sprintf("alias-%03d", i), Secret: fmt.Sprintf("sk-hush-%03d", i), Default: i == 1}
}

// listed returns the provider configs that the data source finds.
func listed(t *testing.T, server *protocol.Server, config attrs) []any {
	t.Helper()
	value, diags := server.ReadDataSource(sourceType, config)
	requireNone(t, diags)
	found, ok := protocol.Object(t, value)["provider_configs"].([]any)
	if !ok {
		t.Fatalf("provider_configs is null: %s", value)
	}
	return found
}

// TestDataSource has all that the resource has, but for the key and what belongs
// to it.
func TestDataSource(t *testing.T) {
	t.Parallel()
	for _, set := range acctest.Combinations(emulator.ProviderConfigBool, emulator.ExtraFields) {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			s := service(t, set...)
			server := s.Protocol(t, nil)
			var want []any
			for _, config := range []attrs{byKey(), byKey(attrs{"alias": "b", "default_config": true, "rate_limit": int64(5), "rate_limit_period": int64(10)})} {
				r := server.Resource(resourceType)
				requireNone(t, try(t, r, config))
				state := r.State()
				for _, own := range []string{"account_id", "gateway_id", "secret_wo", "secret_wo_version"} {
					delete(state, own)
				}
				want = append(want, state)
			}
			s.Emulator.ResetRequests()
			for _, config := range []attrs{{"gateway_id": gatewayID}, {"gateway_id": gatewayID, "account_id": s.AccountID}} {
				found := listed(t, server, config)
				s.RequireRequests(t, list)
				if !slices.EqualFunc(found, want, func(a, b any) bool { return maps.Equal(a.(attrs), b.(attrs)) }) {
					t.Errorf("found\n  %v\nwant\n  %v", found, want)
				}
				if strings.Contains(fmt.Sprint(found), "hush") {
					t.Errorf("a key: %v", found)
				}
			}
		})
	}
}

func TestDataSourcePages(t *testing.T) {
	t.Parallel()
	for n, pages := range map[int]int{0: 1, 100: 1, 101: 2, 250: 3} {
		s := service(t)
		many(t, s, n)
		found := listed(t, s.Protocol(t, nil), attrs{"gateway_id": gatewayID})
		if len(found) != n {
			t.Errorf("%d provider configs, want %d", len(found), n)
		}
		for i, config := range found {
			if alias := config.(attrs)["alias"]; alias != numbered(i).Alias {
				t.Errorf("number %d is %v", i, alias)
			}
		}
		var want []string
		for page := 1; page <= pages; page++ {
			want = append(want, fmt.Sprintf("GET %s?page=%d&per_page=100", configs, page))
		}
		if n == 0 {
			want = append(want, getGateway) // is there a gateway at all?
		}
		s.RequireRequests(t, want...)
	}
}

// TestDataSourceGatewayMissing: the service says that it has none.
func TestDataSourceGatewayMissing(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	_, diags := server.ReadDataSource(sourceType, attrs{"gateway_id": "nowhere"})
	requireSays(t, diags.At("gateway_id"), "Gateway not found", "Account "+s.AccountID+` has no gateway "nowhere", and therefore no provider configs in it`)
	s.RequireRequests(t, "GET "+gateways+"nowhere/provider_configs?page=1&per_page=100", "GET "+gateways+"nowhere")
	_, diags = server.ReadDataSource(sourceType, attrs{"gateway_id": gatewayID, "account_id": strings.Repeat("e", 32)})
	requireSays(t, diags.At("gateway_id"), "Account "+strings.Repeat("e", 32))
}

// TestDataSourceFails: the service says why. That a token may list and not see
// gateways is no reason to fail.
func TestDataSourceFails(t *testing.T) {
	t.Parallel()
	s := service(t)
	forbidden := emulator.Fault{Status: http.StatusForbidden, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`}
	s.Emulator.Inject(forbidden)
	server := s.Protocol(t, once)
	_, diags := server.ReadDataSource(sourceType, attrs{"gateway_id": gatewayID})
	requireSays(t, diags, "Unable to list provider configs", `Gateway "main" in account `+s.AccountID, "AI Gateway Read on account")
	forbidden.Path = theGateway
	s.Emulator.Inject(forbidden)
	if found := listed(t, server, attrs{"gateway_id": gatewayID}); len(found) != 0 {
		t.Errorf("found %v", found)
	}
	s.Emulator.ResetRequests()
	for _, name := range []string{"", "..", "a/b", "Main"} {
		if _, diags := server.ReadDataSource(sourceType, attrs{"gateway_id": name}); !diags.At("gateway_id").HasError() {
			t.Errorf("gateway %q: %s", name, diags)
		}
	}
	s.RequireRequests(t)
}

// TestSchema: every attribute says what it is, and the key is nowhere but in the
// configuration of the resource.
func TestSchema(t *testing.T) {
	t.Parallel()
	schema := service(t).Protocol(t, nil).Schema()
	acctest.RequireDescriptions(t, schema)
	for _, attribute := range schema.ResourceSchemas[resourceType].Block.Attributes {
		if secret := attribute.Name == "secret_wo"; attribute.WriteOnly != secret || attribute.Sensitive != secret {
			t.Errorf("%s: write-only %v, sensitive %v", attribute.Name, attribute.WriteOnly, attribute.Sensitive)
		}
	}
}
