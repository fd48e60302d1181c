package client_test

import (
	"context"
	"iter"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/billing"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
)

const (
	accountPath = "/client/v4/accounts/" + account
	configsPath = "/ai-gateway/gateways/demo/provider_configs"
	customPath  = "/ai-gateway/custom-providers"
	firstPage   = "?page=1&per_page=100"
)

// requireURIs is requireSeen for paths of the account, such as
// "GET /ai-gateway/custom-providers".
func (a *api) requireURIs(want ...string) {
	a.t.Helper()
	got := []string{}
	for _, r := range a.seen() {
		got = append(got, r.Method+" "+strings.TrimPrefix(r.URI, accountPath))
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		a.t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// changed is o with these fields, without those that are absent.
func changed(o, change fields) fields {
	maps.Copy(o, change)
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == absent })
	return o
}

// config is a provider config as the API describes it, called default.
func config(id string, change fields) fields {
	return changed(fields{
		"id": id, "gateway_id": "demo", "provider_slug": "openai", "alias": "default", "default_config": 1,
		"secret_id": "s-1", "secret_preview": "****cdef", "rate_limit": nil, "rate_limit_period": 60,
		"modified_at": "2026-08-03T10:00:00.000Z",
	}, change)
}

// provider is a custom provider as the API describes it.
func provider(id string, change fields) fields {
	return changed(fields{
		"id": id, "name": "Mine", "slug": "mine", "base_url": "https://api.mine.example", "description": nil,
		"enable": true, "beta": false, "headers": nil, "logo": "PHN2Zz4=", "link": nil, "curl_example": nil,
		"js_example": nil, "position": nil, "created_at": "2026-08-03T10:00:00.000Z", "modified_at": 1785751200,
	}, change)
}

func store(id string, change fields) fields {
	return changed(fields{
		"id": id, "name": "default", "created": "2026-08-03T10:00:00.000Z", "modified": "2026-08-03T10:00:00.000Z",
	}, change)
}

// pageOf is an answer with these objects; total below 0 leaves result_info out.
func pageOf(total int, objects ...fields) answer {
	body := fields{"success": true, "result": append([]fields{}, objects...)}
	if total >= 0 {
		body["result_info"] = fields{"count": len(objects), "page": 1, "per_page": 100, "total_count": total}
	}
	return reply(200, encoded(body))
}

// drain is what an iterator yields, up to an error.
func drain[T any](seq iter.Seq2[*T, error]) ([]*T, error) {
	var all []*T
	for object, err := range seq {
		if err != nil {
			return all, err
		}
		all = append(all, object)
	}
	return all, nil
}

// objectOperations are all that the client can do to the objects around
// gateways.
var objectOperations = []struct {
	name, request string
	success       answer
	once          bool
	do            func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error
}{
	{"list provider configs", "GET " + configsPath + firstPage, pageOf(1, config("id-1", nil)), false,
		func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return second(drain(keys.List(ctx, c, accountID, gatewayID)))
		}},
	{"list provider configs", "GET " + configsPath + firstPage, pageOf(1, config("id-1", nil)), false,
		func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return second(keys.Find(ctx, c, accountID, gatewayID, id))
		}},
	{"list provider configs", "GET " + configsPath + firstPage, pageOf(1, config("id-1", nil)), false,
		func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return second(keys.FindByAlias(ctx, c, accountID, gatewayID, "openai", "default"))
		}},
	{"create provider config", "POST " + configsPath, reply(200, envelope(config("id-1", nil))), true,
		func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return second(keys.Create(ctx, c, accountID, gatewayID, newConfig()))
		}},
	{"rotate provider config", "PUT " + configsPath + "/id-1", reply(200, envelope(config("id-1", nil))), false,
		func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return second(keys.Rotate(ctx, c, accountID, gatewayID, id, secretKey))
		}},
	{"delete provider config", "DELETE " + configsPath + "/id-1", reply(200, envelope(fields{"id": "id-1"})), false,
		func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return keys.Delete(ctx, c, accountID, gatewayID, id)
		}},
	{"list custom providers", "GET " + customPath + firstPage, pageOf(1, provider("id-1", nil)), false,
		func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return second(drain(customproviders.List(ctx, c, accountID, customproviders.Filter{})))
		}},
	{"list custom providers", "GET " + customPath + firstPage + "&search=mine", pageOf(1, provider("id-1", nil)), false,
		func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return second(customproviders.Find(ctx, c, accountID, "mine"))
		}},
	{"read custom provider", "GET " + customPath + "/id-1", reply(200, envelope(provider("id-1", nil))), false,
		func(ctx context.Context, c *client.Client, accountID, _, id string) error {
			return second(customproviders.Get(ctx, c, accountID, id))
		}},
	{"create custom provider", "POST " + customPath, reply(200, envelope(provider("id-1", nil))), true,
		func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return second(customproviders.Create(ctx, c, accountID, input()))
		}},
	{"update custom provider", "PATCH " + customPath + "/id-1", reply(200, envelope(provider("id-1", nil))), false,
		func(ctx context.Context, c *client.Client, accountID, _, id string) error {
			return second(customproviders.Update(ctx, c, accountID, id, customproviders.Input{}, input()))
		}},
	{"delete custom provider", "DELETE " + customPath + "/id-1", reply(200, envelope(fields{"id": "id-1", "name": "Mine"})), false,
		func(ctx context.Context, c *client.Client, accountID, _, id string) error {
			return customproviders.Delete(ctx, c, accountID, id)
		}},
	{"list secrets stores", "GET /secrets_store/stores" + firstPage, pageOf(1, store("id-1", nil)), false,
		func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return second(drain(secretsstores.List(ctx, c, accountID)))
		}},
	{"read credit balance", "GET /ai-gateway/billing/credit-balance", reply(200, envelope(fields{"balance": 25})), false,
		func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return second(billing.GetCreditBalance(ctx, c, accountID))
		}},
}

// serverTime is the server's clock, which need not be right.
var serverTime = time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)

// ago is a time by the server's clock.
func ago(age time.Duration) string { return serverTime.Add(-age).Format(time.RFC3339Nano) }

// dated is an answer that tells the server's time.
func dated(a answer) answer {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", serverTime.Format(http.TimeFormat))
		a(w, r)
	}
}

// lostObject are the ways in which the answer to a create gets lost.
func lostObject() map[string]answer {
	all := map[string]answer{
		"200 bad field": reply(200, envelope(fields{"id": "id-1", "modified_at": "now"})),
		"200 no id":     reply(200, envelope(fields{"alias": "default"})),
	}
	for name, answer := range lost {
		if name != "200 bad field" && name != "200 no id" {
			all[name] = answer
		}
	}
	return all
}

// count is how often a method was seen.
func (a *api) count(method string) int {
	n := 0
	for _, r := range a.seen() {
		if r.Method == method {
			n++
		}
	}
	return n
}
