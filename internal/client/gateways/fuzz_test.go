package gateways_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// gatewaySeeds returns results in all forms that were observed, and in some that
// should never occur.
func gatewaySeeds() []string {
	seeds := []string{
		`{}`, `null`, `[]`, `7`, `"demo"`, ``, `{"id":7}`, `{"id":"a","id":"b"}`, `{"ID":"a"}`, `{"id":"a","cache_ttl":1e999}`,
		`{"id":"a","cache_ttl":-0.0}`, `{"id":"a","created_at":1e15}`, `{"id":"a","created_at":"0000-01-01T00:00:00+23:59"}`,
		`{"id":"\ud800"}`, `{"id":"a","zdr":` + "\t" + `null}`, `{"id":"a"},"success":false`, `{"id":"a"}}`,
		`{"id":"a","GUARDRAILS":{"prompt":7}}`, `{"id":"a","spend_limits":{"rules":[{"limit":1e999}]}}`,
		`{"id":"abc123","name":"Example Title","slug":"example_value","cache_enabled":true,"cache_ttl":10,"rate_limiting_enabled":true,` +
			`"rate_limiting_limit":10,"rate_limiting_interval":10,"log_enabled":true,"created_at":"2026-01-15T10:30:00Z"}`,
		`{"id":"abc123","name":null,"cache_enabled":null,"cache_ttl":"10","log_enabled":[]}`,
		clienttest.Encode(clienttest.Gateway("demo", nil)),
		clienttest.Encode(clienttest.Gateway("demo", clienttest.Fields{"cache_ttl": 3e2, "authentication": 1, "created_at": 1785751200})),
		clienttest.Encode(clienttest.Gateway("demo", clienttest.Fields{"dlp": clienttest.Fields{"enabled": true}, "spend_limits": nil, "store_id": ""})),
	}
	for _, test := range featureForms {
		seeds = append(seeds, raw(test.field, test.wire))
	}
	for _, test := range wrongFeatures {
		seeds = append(seeds, raw(test.field, test.wire))
	}
	return seeds
}

func FuzzDecodeGateway(f *testing.F) {
	for _, seed := range gatewaySeeds() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, result string) {
		gateway := fuzzed(t, client.WireCloudflare, result)
		if gateway == nil {
			return
		}
		s := gateway.Settings
		switch {
		case gateway.CacheEnabled == nil, gateway.RateLimitingEnabled == nil, gateway.RetryDelay == nil, gateway.StoreID == nil,
			s.Guardrails != nil && len(s.Guardrails.Prompt)+len(s.Guardrails.Response) == 0,
			s.DLP != nil && !s.DLP.Enabled && len(s.DLP.Profiles)+len(s.DLP.Policies) == 0,
			s.SpendLimits != nil && !s.SpendLimits.Enabled && len(s.SpendLimits.Rules) == 0,
			s.OTel != nil && len(s.OTel) == 0, s.Stripe != nil && s.Stripe.UsageEvents == nil:
			t.Fatalf("%+v", gateway)
		}
		if s.DLP != nil {
			for id := range s.DLP.Policies {
				if id == "" {
					t.Fatal("a policy without an id")
				}
			}
		}
		if s.SpendLimits != nil {
			for id, rule := range s.SpendLimits.Rules {
				if id == "" || rule.Technique == "" {
					t.Fatalf("rule %q: %+v", id, rule)
				}
			}
		}
		requireReadsBack(t, s)
	})
}

func FuzzDecodeGatewayInput(f *testing.F) {
	for _, seed := range gatewaySeeds() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, result string) {
		gateway := fuzzed(t, client.WireGatewayInput, result)
		if gateway == nil {
			return
		}
		if s := gateway.Settings; s.StoreID != nil || s.Guardrails != nil || s.DLP != nil || s.OTel != nil || s.SpendLimits != nil || s.Stripe != nil {
			t.Fatalf("%+v", gateway)
		}
	})
}

// fuzzed returns the gateway of a result, or nil if that is a clear error.
func fuzzed(t *testing.T, format client.WireFormat, result string) *gateways.Gateway {
	t.Helper()
	gateway, err := decode(t, result, clienttest.InFormat(format))
	if err != nil {
		var failed *client.Error
		if !errors.As(err, &failed) || !errors.Is(err, client.ErrUnexpectedResponse) || gateway != nil {
			t.Fatalf("%+v, %v", gateway, err)
		}
		return nil
	}
	if gateway.ID == "" {
		t.Fatalf("%+v", gateway)
	}
	for _, at := range []time.Time{gateway.CreatedAt, gateway.ModifiedAt} {
		clienttest.RequireNoError(t, clienttest.ErrorOf(time.Parse(time.RFC3339, at.Format(time.RFC3339))))
	}
	return gateway
}

// requireReadsBack fails the test unless settings that are sent in an update, and
// returned as they were sent, decode to the same.
func requireReadsBack(t *testing.T, s gateways.Settings) {
	t.Helper()
	m := &memory{}
	again := m.update(t, s, gateways.Settings{}).Settings
	if same := gateways.CompareFeatures(s, again); same != allSame {
		t.Fatalf("%+v\n got %s\nwant %s", same, clienttest.Encode(again), clienttest.Encode(s))
	}
	if c := m.client(t); !gateways.SameOnWire(c, s, again) {
		t.Fatalf("not the same on the wire\n got %s\nwant %s", clienttest.Encode(again), clienttest.Encode(s))
	}
}

func FuzzParseErrors(f *testing.F) {
	for _, seed := range []string{
		clienttest.Failure(7001, "Required", "body", "elements", 1, "provider"), clienttest.Failure(7002, "Not Found"), clienttest.RouteError, clienttest.Page404, "",
		`{"success":false}`, `{"success":"no","errors":[]}`, `{"errors":{}}`, `{"errors":[null,7,"x",[],{}]}`, `[]`, `null`,
		`{"success":false,"errors":[{"code":1e99,"message":["a"],"path":{"a":1}}]}`,
		`{"success":false,"errors":[{"code":"7002","path":["body",null,1e5,"\ud800"]}]}`,
		`{"success":false,"errors":[{"code":99999999999999999999,"message":7}],"result":{}}`,
	} {
		for _, status := range []uint16{200, 400, 401, 404, 429, 500} {
			f.Add(status, seed)
		}
	}
	f.Fuzz(func(t *testing.T, status uint16, body string) {
		status = 300 + status%300
		c, err := client.New(client.Config{APIToken: clienttest.APIToken, Transport: clienttest.AlwaysReply(int(status), body)})
		clienttest.RequireNoError(t, err)
		_, err = gateways.Get(t.Context(), c, clienttest.Account, "demo")
		var failed *client.Error
		if !errors.As(err, &failed) || failed.Status != int(status) || err.Error() == "" {
			t.Fatalf("%v", err)
		}
		// Only the API itself can say that a gateway does not exist.
		if errors.Is(err, client.ErrNotFound) && (status != 404 || !json.Valid([]byte(body))) {
			t.Fatalf("%d %q is %v", status, body, err)
		}
		for _, item := range failed.Items {
			if item == (client.ErrorItem{}) || item.String() == "" {
				t.Fatalf("an empty item of %q", body)
			}
		}
	})
}
