package gateways_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// decode decodes a gateway from the JSON of a result.
func decode(t testing.TB, result string, change ...func(*client.Config)) (*gateways.Gateway, error) {
	t.Helper()
	cfg := client.Config{APIToken: clienttest.APIToken, Transport: clienttest.AlwaysReply(200, `{"success":true,"result":`+result+`}`)}
	for _, f := range change {
		f(&cfg)
	}
	c, err := client.New(cfg)
	clienttest.RequireNoError(t, err)
	var object struct{ ID any }
	id := "demo"
	if json.Unmarshal([]byte(result), &object) == nil {
		if described, isText := object.ID.(string); isText && client.ValidID(described) {
			id = described
		}
	}
	return gateways.Get(t.Context(), c, clienttest.Account, id)
}

// raw returns a gateway with one field as it is written; "" leaves it out.
func raw(field, value string) string {
	o := clienttest.Gateway("demo", clienttest.Fields{field: clienttest.Absent})
	if value != "" {
		o[field] = json.RawMessage(value)
	}
	return clienttest.Encode(o)
}

// A response counts by its body, since proxies change its content type.
func TestContentTypeDoesNotMatter(t *testing.T) {
	for _, contentType := range []string{"", "text/plain", "text/html; charset=utf-8", "application/problem+json", ";;"} {
		for _, op := range clienttest.GatewayOperations {
			c, _ := clienttest.New(t, "http://api.invalid", clienttest.Over(func(r *http.Request) (*http.Response, error) {
				result := any(clienttest.Gateway("demo", nil))
				switch {
				case op.Name == "list gateways":
					result = []any{result}
				case r.Method == http.MethodPut:
					result = clienttest.Fields{"id": "id-1", "provider_slug": "openai"}
				}
				response := clienttest.HTTPResponse(r, 200, clienttest.Envelope(result))
				response.Header.Set("Content-Type", contentType)
				return response, nil
			}))
			if err := op.Call(t.Context(), c); err != nil {
				t.Errorf("%s, %q: %v", op.Name, contentType, err)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for value, want := range map[string]int64{
		"300": 300, "300.0": 300, "3e2": 300, "3E+2": 300, "30000e-2": 300, "1": 1,
		"2592000": 2592000, "9007199254740991.0": 9007199254740991, "9223372036854775807": 9223372036854775807,
	} {
		gateway, err := decode(t, raw("cache_ttl", value))
		if err != nil {
			t.Errorf("%s: %v", value, err)
			continue
		}
		if !*gateway.CacheEnabled || *gateway.CacheTTL != want {
			t.Errorf("%s is read as %d", value, *gateway.CacheTTL)
		}
	}
	for _, value := range []string{"0", "0.0", "-0", "-1", "null", ""} {
		gateway, err := decode(t, raw("cache_ttl", value))
		if err != nil {
			t.Errorf("%q: %v", value, err)
			continue
		}
		if *gateway.CacheEnabled || gateway.CacheTTL != nil {
			t.Errorf("%q is read as %v", value, gateway.CacheTTL)
		}
	}
	for field, of := range furtherNumbers {
		for value, want := range map[string]*int64{"250": clienttest.Ptr[int64](250), "250.0": clienttest.Ptr[int64](250), "0": clienttest.Ptr[int64](0), "null": of.unset, "": of.unset} {
			gateway, err := decode(t, raw(field, value))
			if err != nil {
				t.Errorf("%s %q: %v", field, value, err)
				continue
			}
			if diff := cmp.Diff(want, of.read(gateway)); diff != "" {
				t.Errorf("%s %q (-want +got):\n%s", field, value, diff)
			}
		}
	}
	// A string is refused although it may contain digits. The service was not seen to
	// write one, so it would be something else.
	for _, value := range []string{`"300"`, `""`, "300.5", "1e300", "9007199254740993.0", "9223372036854775808", "true"} {
		fields := append(slices.Collect(maps.Keys(furtherNumbers)), "cache_ttl", "rate_limiting_limit", "rate_limiting_interval")
		for _, field := range fields {
			clienttest.RequireError(t, clienttest.ErrorOf(decode(t, raw(field, value))), client.ErrUnexpectedResponse, "read gateway: HTTP 200 OK: "+field+": "+value+" is not a whole number")
		}
	}
}

// furtherNumbers do not depend on others. Unset is nil if the service has a default of
// its own, and 0 if null means off.
var furtherNumbers = map[string]struct {
	read  func(*gateways.Gateway) *int64
	unset *int64
}{
	"log_management":     {func(g *gateways.Gateway) *int64 { return g.LogManagement }, nil},
	"retry_delay":        {func(g *gateways.Gateway) *int64 { return g.RetryDelay }, clienttest.Ptr[int64](0)},
	"retry_max_attempts": {func(g *gateways.Gateway) *int64 { return g.RetryMaxAttempts }, clienttest.Ptr[int64](0)},
}

func TestBooleans(t *testing.T) {
	read := map[string]func(*gateways.Gateway) *bool{
		"collect_logs":               func(g *gateways.Gateway) *bool { return g.LogEnabled },
		"authentication":             func(g *gateways.Gateway) *bool { return g.Authentication },
		"cache_invalidate_on_update": func(g *gateways.Gateway) *bool { return g.CacheInvalidateOnUpdate },
		"is_default":                 func(g *gateways.Gateway) *bool { return g.IsDefault },
		"log_classification":         func(g *gateways.Gateway) *bool { return g.LogClassification },
		"logpush":                    func(g *gateways.Gateway) *bool { return g.Logpush },
		"zdr":                        func(g *gateways.Gateway) *bool { return g.ZDR },
		"byok_only":                  func(g *gateways.Gateway) *bool { return g.BYOKOnly },
	}
	for field, of := range read {
		for value, want := range map[string]*bool{
			"true": clienttest.Ptr(true), "1": clienttest.Ptr(true), `"true"`: clienttest.Ptr(true),
			"false": clienttest.Ptr(false), "0": clienttest.Ptr(false), `"false"`: clienttest.Ptr(false),
			"null": nil, "": nil,
		} {
			gateway, err := decode(t, raw(field, value))
			if err != nil {
				t.Errorf("%s %q: %v", field, value, err)
				continue
			}
			if diff := cmp.Diff(want, of(gateway)); diff != "" {
				t.Errorf("%s %q (-want +got):\n%s", field, value, diff)
			}
		}
		for _, value := range []string{"2", `"yes"`, `"TRUE"`, "-1", "1.0"} {
			clienttest.RequireError(t, clienttest.ErrorOf(decode(t, raw(field, value))), client.ErrUnexpectedResponse, field+": "+value+" is not a boolean")
		}
	}
}

func TestTimes(t *testing.T) {
	read := map[string]func(*gateways.Gateway) time.Time{
		"created_at":  func(g *gateways.Gateway) time.Time { return g.CreatedAt },
		"modified_at": func(g *gateways.Gateway) time.Time { return g.ModifiedAt },
	}
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	for field, of := range read {
		for value, want := range map[string]time.Time{
			`"2026-08-03T10:00:00Z"`: at, `"2026-08-03T10:00:00.000Z"`: at, `"2026-08-03T12:00:00+02:00"`: at,
			`"2026-08-03T10:00:00.123456Z"`: at.Add(123456 * time.Microsecond),
			"1785751200":                    at, "1785751200.0": at, "0": time.Unix(0, 0).UTC(),
			"null": {}, "": {},
		} {
			gateway, err := decode(t, raw(field, value))
			if err != nil {
				t.Errorf("%s %s: %v", field, value, err)
				continue
			}
			if got := of(gateway); !got.Equal(want) || got.Location() != time.UTC {
				t.Errorf("%s %s is read as %s", field, value, got)
			}
		}
		for _, value := range []string{
			`"yesterday"`, `""`, `"2026-08-03"`, `"2026-08-03 10:00:00"`, "1785751200.5", "true",
			"1785751200000",               // thousandths of seconds
			`"9999-12-31T23:59:59-01:00"`, // the year 10000 in UTC
			"-99999999999999",
		} {
			clienttest.RequireError(t, clienttest.ErrorOf(decode(t, raw(field, value))), client.ErrUnexpectedResponse, field+": "+value+" is not a time")
		}
	}
}

func TestTexts(t *testing.T) {
	type reader = func(*gateways.Gateway) *string
	for unset, read := range map[*string]map[string]reader{
		// The service has defaults of its own.
		nil: {
			"rate_limiting_technique": func(g *gateways.Gateway) *string { return g.RateLimitingTechnique },
			"log_management_strategy": func(g *gateways.Gateway) *string { return g.LogManagementStrategy },
			"workers_ai_billing_mode": func(g *gateways.Gateway) *string { return g.WorkersAIBillingMode },
		},
		// Null means off.
		clienttest.Ptr(""): {
			"logpush_public_key": func(g *gateways.Gateway) *string { return g.LogpushPublicKey },
			"retry_backoff":      func(g *gateways.Gateway) *string { return g.RetryBackoff },
			"store_id":           func(g *gateways.Gateway) *string { return g.StoreID },
		},
	} {
		for field, of := range read {
			for value, want := range map[string]*string{`"fixed"`: clienttest.Ptr("fixed"), `"newer"`: clienttest.Ptr("newer"), `""`: unset, "null": unset, "": unset} {
				gateway, err := decode(t, raw(field, value))
				clienttest.RequireNoError(t, err)
				if diff := cmp.Diff(want, of(gateway)); diff != "" {
					t.Errorf("%s %q (-want +got):\n%s", field, value, diff)
				}
			}
			for value, says := range map[string]string{"7": "a number", "{}": "an object", "[]": "an array", "true": "a bool"} {
				clienttest.RequireError(t, clienttest.ErrorOf(decode(t, raw(field, value))), client.ErrUnexpectedResponse, "read gateway: HTTP 200 OK: "+field+" is "+says)
			}
		}
	}
	clienttest.RequireError(t, clienttest.ErrorOf(decode(t, raw("id", "{}"))), client.ErrUnexpectedResponse, "read gateway: HTTP 200 OK: id is an object")
}

// A rate limit needs both above 0.
func TestRateLimitingNeedsBoth(t *testing.T) {
	for _, test := range []struct {
		limit, interval any
		on              bool
	}{{5, 60, true}, {5, 0, false}, {0, 60, false}, {5, nil, false}, {nil, 60, false}, {5, clienttest.Absent, false}, {clienttest.Absent, clienttest.Absent, false}, {nil, nil, false}} {
		t.Run(fmt.Sprint(test.limit, test.interval), func(t *testing.T) {
			gateway, err := decode(t, clienttest.Encode(clienttest.Gateway("demo", clienttest.Fields{"rate_limiting_limit": test.limit, "rate_limiting_interval": test.interval})))
			clienttest.RequireNoError(t, err)
			if *gateway.RateLimitingEnabled != test.on || (gateway.RateLimitingLimit != nil) != test.on || (gateway.RateLimitingInterval != nil) != test.on {
				t.Errorf("%+v", gateway.Settings)
			}
		})
	}
}

func TestGatewayIsReadWhole(t *testing.T) {
	gateway, err := decode(t, clienttest.Encode(clienttest.Gateway("demo", clienttest.Fields{
		"cache_ttl": 300, "rate_limiting_limit": 5, "rate_limiting_interval": 60, "rate_limiting_technique": "sliding",
		"cache_invalidate_on_update": true, "collect_logs": false, "authentication": false, "is_default": true,
		"modified_at": "2026-08-04T11:00:00Z", "zdr": true, "byok_only": 0, "store_id": "store-1", "dlp": nil,
		"log_management": 20000.0, "log_management_strategy": "DELETE_OLDEST", "log_classification": 1,
		"logpush": "true", "logpush_public_key": publicKey, "workers_ai_billing_mode": "unified",
		"retry_delay": 250, "retry_max_attempts": 3, "retry_backoff": "linear",
		"otel": []any{clienttest.Fields{"authorization": "secret"}}, "stripe": clienttest.Fields{"authorization": "secret"}, "brand_new": true,
	})))
	clienttest.RequireNoError(t, err)
	want := &gateways.Gateway{
		ID: "demo", Name: "demo", Slug: "demo", OmitsWhenOff: true, IsDefault: clienttest.Ptr(true),
		CreatedAt:  time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC),
		ModifiedAt: time.Date(2026, 8, 4, 11, 0, 0, 0, time.UTC),
		Settings: gateways.Settings{
			CacheEnabled: clienttest.Ptr(true), CacheTTL: clienttest.Ptr[int64](300),
			RateLimitingEnabled: clienttest.Ptr(true), RateLimitingLimit: clienttest.Ptr[int64](5), RateLimitingInterval: clienttest.Ptr[int64](60),
			RateLimitingTechnique: clienttest.Ptr("sliding"),
			LogEnabled:            clienttest.Ptr(false), Authentication: clienttest.Ptr(false), CacheInvalidateOnUpdate: clienttest.Ptr(true),
			LogManagement: clienttest.Ptr[int64](20000), LogManagementStrategy: clienttest.Ptr("DELETE_OLDEST"), LogClassification: clienttest.Ptr(true),
			Logpush: clienttest.Ptr(true), LogpushPublicKey: clienttest.Ptr(publicKey),
			RetryMaxAttempts: clienttest.Ptr[int64](3), RetryDelay: clienttest.Ptr[int64](250), RetryBackoff: clienttest.Ptr("linear"), StoreID: clienttest.Ptr("store-1"),
			ZDR: clienttest.Ptr(true), BYOKOnly: clienttest.Ptr(false), WorkersAIBillingMode: clienttest.Ptr("unified"),
			OTel:   []gateways.OTel{{Authorization: "secret", ContentType: "json"}},
			Stripe: &gateways.Stripe{Authorization: "secret", UsageEvents: []string{}},
		},
	}
	clienttest.RequireEqual(t, want, gateway)
}

// The error names the field that cannot be decoded.
func TestFaultIsNamed(t *testing.T) {
	for field, value := range map[string]any{
		"cache_ttl": "x", "authentication": "x", "created_at": "x", "rate_limiting_technique": 7, "modified_at": []any{},
	} {
		clienttest.RequireError(t, clienttest.ErrorOf(decode(t, clienttest.Encode(clienttest.Gateway("demo", clienttest.Fields{field: value})))), client.ErrUnexpectedResponse, "read gateway: HTTP 200 OK: "+field)
	}
	for value, says := range map[string]string{
		strings.Repeat("x", 41): "a long string", strings.Repeat("x", 5000): "a long string",
	} {
		clienttest.RequireError(t, clienttest.ErrorOf(decode(t, clienttest.Encode(clienttest.Gateway("demo", clienttest.Fields{"cache_ttl": value})))), client.ErrUnexpectedResponse, "cache_ttl: "+says)
	}
	for value, says := range map[string]string{
		"[1]": "a list or an object", `{"a":1}`: "a list or an object", "1" + strings.Repeat("0", 100): "a long number",
	} {
		clienttest.RequireError(t, clienttest.ErrorOf(decode(t, raw("cache_ttl", value))), client.ErrUnexpectedResponse, "cache_ttl: "+says+" is not a whole number")
	}
}
