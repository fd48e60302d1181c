package secretsstore_test

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const dataSource = "aigateway_secrets_stores"

type attrs = map[string]any

func TestMain(m *testing.M) { acctest.Main(m) }

func emulate(t *testing.T, faults ...emulator.Fault) (*acctest.Service, *protocol.Server) {
	t.Helper()
	service := acctest.Emulate(t, emulator.Options{})
	for _, fault := range faults {
		service.Emulator.Inject(fault)
	}
	return service, service.Protocol(t, attrs{"max_retries": int64(0)})
}

// page returns an answer with some of so many stores.
func page(total, from, to int) emulator.Fault {
	var stores []string
	for i := from; i < to; i++ {
		stores = append(stores, fmt.Sprintf(`{"id":"store-%d","name":"Store %d","created":"2026-08-03T12:00:00+02:00"}`, i, i))
	}
	return emulator.Fault{Status: http.StatusOK, Body: fmt.Sprintf(
		`{"success":true,"result":[%s],"result_info":{"total_count":%d}}`, strings.Join(stores, ","), total)}
}

func request(page int) string {
	return fmt.Sprintf("GET /accounts/…/secrets_store/stores?page=%d&per_page=100", page)
}

// read returns the stores that the data source has.
func read(t *testing.T, server *protocol.Server, config attrs) []any {
	t.Helper()
	state, diags := server.ReadDataSource(dataSource, config)
	if len(diags) != 0 {
		t.Fatal(diags)
	}
	stores, ok := protocol.Object(t, state)["secrets_stores"].([]any)
	if !ok {
		t.Fatalf("not a list: %s", state)
	}
	return stores
}

// An account begins with one store.
func TestOneStore(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	stores := read(t, server, attrs{})
	service.RequireRequests(t, request(1))
	if len(stores) != 1 {
		t.Fatalf("%v", stores)
	}
	one := stores[0].(attrs)
	if one["id"] != service.Emulator.StoreIDs(service.AccountID)[0] || one["name"] != "default_secrets_store" || len(one) != 4 {
		t.Errorf("%v", one)
	}
	for _, attribute := range []string{"created_at", "modified_at"} {
		if text, _ := one[attribute].(string); !strings.HasSuffix(text, "Z") {
			t.Errorf("%s = %v, want a time in UTC", attribute, one[attribute])
		}
	}
	other := strings.Repeat("e", 32)
	if stores := read(t, server, attrs{"account_id": other}); stores[0].(attrs)["id"] != service.Emulator.StoreIDs(other)[0] {
		t.Errorf("of another account: %v", stores)
	}
}

func TestOtherNumbersOfStores(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		faults []emulator.Fault
		want   int
	}{
		"several":     {[]emulator.Fault{page(3, 0, 3)}, 3},
		"many":        {[]emulator.Fault{page(150, 0, 100), page(150, 100, 150)}, 150},
		"one, though": {[]emulator.Fault{page(2, 0, 1), page(2, 0, 1)}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t, test.faults...)
			stores := read(t, server, attrs{})
			if len(stores) != test.want {
				t.Errorf("%d stores, want %d", len(stores), test.want)
			}
			for i, store := range stores {
				want := attrs{"id": fmt.Sprintf("store-%d", i), "name": fmt.Sprintf("Store %d", i), "created_at": "2026-08-03T10:00:00Z", "modified_at": nil}
				if !reflect.DeepEqual(store, want) {
					t.Errorf("%v, want %v", store, want)
				}
			}
			var requests []string
			for i := range test.faults {
				requests = append(requests, request(i+1))
			}
			service.RequireRequests(t, requests...)
		})
	}
}

// TestNoStore: an empty list comes with a warning that says where a store comes
// from.
func TestNoStore(t *testing.T) {
	t.Parallel()
	service, server := emulate(t, page(0, 0, 0))
	state, diags := server.ReadDataSource(dataSource, attrs{})
	if stores, ok := protocol.Object(t, state)["secrets_stores"].([]any); !ok || len(stores) != 0 {
		t.Errorf("want an empty list: %s", state)
	}
	want := "WARNING: No Secrets Store\nAccount " + acctest.AccountID + " has no Secrets Store yet. The resource aigateway_secrets_store " +
		"creates it: use its id, and remove this data source. Until then, secrets_stores is an empty list: one(…) of it is null, and one(…).id fails.\n"
	if got := diags.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	service.RequireRequests(t, request(1))
}

// TestErrors: each says what to do, at no attribute.
func TestErrors(t *testing.T) {
	t.Parallel()
	forbidden := emulator.Fault{Status: 403, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`}
	for name, test := range map[string]struct {
		provider, config attrs
		faults           []emulator.Fault
		says             []string
	}{
		"forbidden": {nil, nil, []emulator.Fault{forbidden}, []string{
			"Unable to list Secrets Stores", "Authentication error (code 10000)",
			"This needs a token with the permission Secrets Store Read on account " + acctest.AccountID,
		}},
		"forbidden later": {nil, nil, []emulator.Fault{page(150, 0, 100), forbidden}, []string{"Secrets Store Read"}},
		"unavailable":     {nil, nil, []emulator.Fault{{Status: 503}}, []string{"The service failed"}},
		"without an id": {nil, nil, []emulator.Fault{{Status: 200, Body: `{"success":true,"result":[{"name":"x"}]}`}}, []string{
			"describes a Secrets Store without an id",
		}},
		"other format": {attrs{"wire_format": "gateway_input"}, nil, nil, []string{
			"Secrets Stores are not in the wire format", `"gateway_input", which has gateways only`, `Use the format "cloudflare"`,
		}},
		"account later": {nil, attrs{"account_id": protocol.Unknown}, nil, []string{"Unknown account ID", "known only after apply"}},
		"token later":   {attrs{"api_token": protocol.Unknown}, nil, nil, []string{"Unknown provider configuration"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, _ := emulate(t, test.faults...)
			config := attrs{"max_retries": int64(0)}
			maps.Copy(config, test.provider)
			_, diags := service.Protocol(t, config).ReadDataSource(dataSource, test.config)
			if len(diags) != 1 || diags[0].Attribute != nil {
				t.Errorf("want one error without a path: %s", diags)
			}
			for _, want := range test.says {
				if !diags.HasError() || !strings.Contains(diags.String(), want) {
					t.Errorf("want an error that says %q, got: %s", want, diags)
				}
			}
			if got := len(service.Requests()); got != len(test.faults) {
				t.Errorf("%d requests, want %d", got, len(test.faults))
			}
		})
	}
	_, server := emulate(t)
	if _, diags := server.ReadDataSource(dataSource, attrs{"account_id": "0123"}); !diags.At("account_id").HasError() {
		t.Errorf("%s", diags)
	}
}
