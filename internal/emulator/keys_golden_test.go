package emulator_test

import (
	"maps"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// keyed returns a server with an authenticated gateway "gw" that has a store. New secrets
// are active at once.
func keyed(t testing.TB, changes ...object) harness {
	t.Helper()
	h := start(t, emulator.Options{SecretDelay: -1})
	h.keyedGateway("gw", changes...)
	return h
}

func (h harness) keyedGateway(id string, changes ...object) {
	h.t.Helper()
	settings := []object{{"authentication": true, "store_id": h.storeID()}}
	h.create(id, append(settings, changes...)...)
}

func (h harness) storeID() string {
	h.t.Helper()
	ids := h.StoreIDs(accountID)
	if len(ids) != 1 {
		h.t.Fatalf("stores = %v, want one", ids)
	}
	return ids[0]
}

// config creates a provider config of gateway "gw".
func (h harness) config(provider, alias, secret string, changes ...object) reply {
	h.t.Helper()
	body := object{"provider_slug": provider, "alias": alias, "default_config": false, "secret": secret}
	for _, c := range changes {
		for name, value := range c {
			if body[name] = value; value == nil {
				delete(body, name)
			}
		}
	}
	return h.api("POST", "gateways/gw/provider_configs", body)
}

// vault sends an authenticated request to the Secrets Store.
func (h harness) vault(method, path string, body any) reply {
	h.t.Helper()
	return h.control(method, "/client/v4/accounts/"+accountID+"/secrets_store/"+path, body)
}

// TestGoldenKeys reproduces the samples of keys, custom providers and credit. Generated
// values must exist.
func TestGoldenKeys(t *testing.T) {
	at := func(when time.Time, quirks ...emulator.Quirk) harness {
		h := start(t, emulator.Options{Clock: emulator.NewClock(when), Quirks: quirks})
		h.create("my-gateway", object{"store_id": h.storeID()})
		return h
	}
	summer := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	config := func(h harness, alias, secret string, changes object) reply {
		body := object{"provider_slug": "openai", "alias": alias, "default_config": alias == "default", "secret": secret}
		maps.Copy(body, changes)
		return h.api("POST", "gateways/my-gateway/provider_configs", body)
	}
	custom := func(h harness, changes object) reply {
		body := object{
			"name": "My Custom Provider", "slug": "some-provider", "base_url": "https://api.myprovider.com",
			"description": "Custom AI provider for internal models", "enable": true,
		}
		maps.Copy(body, changes)
		return h.api("POST", "custom-providers", body)
	}
	samples := map[string]struct {
		generated []string
		beyond    []string
		play      func() reply
	}{
		"provider_config_create.json": {[]string{"id", "secret_id"}, nil, func() reply {
			return config(at(summer), "default", "sk-abcdef", nil)
		}},
		"provider_config_live.json": {[]string{"id", "secret_id"}, nil, func() reply {
			h := at(summer)
			config(h, "default", "sk-abcdef", nil)
			config(h, "staging", "sk-001234", object{"rate_limit": 10, "rate_limit_period": 30})
			return h.api("GET", "gateways/my-gateway/provider_configs", nil)
		}},
		"custom_provider.json": {[]string{"id", "logo"}, nil, func() reply {
			return custom(at(summer), object{"headers": `{"X-Tenant":"blue"}`})
		}},
		"custom_provider_doc.json": {[]string{"id", "logo"}, []string{"headers", "position"}, func() reply {
			return custom(at(time.Unix(1700000000, 0), emulator.CustomProviderUnixTimes, emulator.ExtraFields), nil)
		}},
		"secrets_stores.json": {[]string{"id"}, nil, func() reply { return at(summer).vault("GET", "stores", nil) }},
		"credit_balance.json": {nil, nil, func() reply { return at(summer).api("GET", "billing/credit-balance", nil) }},
	}
	for name, sample := range samples {
		t.Run(name, func(t *testing.T) {
			got := sample.play().remove(sample.beyond...)
			got.wantSample(t, 200, name, func(body object) {
				eachGateway(body, func(item object) {
					for _, field := range sample.generated {
						if text, ok := item[field].(string); ok && text != "" {
							item[field] = "generated"
						}
					}
				})
			})
		})
	}
}
