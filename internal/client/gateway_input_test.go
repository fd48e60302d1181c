package client_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

func inFormat(format client.WireFormat) func(*client.Config) {
	return func(cfg *client.Config) { cfg.WireFormat = format }
}

// inputClient speaks gateway_input.
func inputClient(t *testing.T, url string, change ...func(*client.Config)) *client.Client {
	t.Helper()
	c, _ := newClient(t, url, append(change, inFormat(client.WireGatewayInput))...)
	return c
}

// exampleResult is the example of the published document.
const exampleResult = `{"id":"abc123","name":"Example Title","slug":"example_value","cache_enabled":true,"cache_ttl":10,` +
	`"rate_limiting_enabled":true,"rate_limiting_limit":10,"rate_limiting_interval":10,"log_enabled":true,` +
	`"created_at":"2026-01-15T10:30:00Z","modified_at":"2026-01-15T10:30:00Z"}`

// example is an answer as the document shows it: with an empty object among
// the errors of a success.
var example = reply(200, `{"result":`+exampleResult+`,"success":true,"errors":[{}],"messages":[{}]}`)

func exampleGateway() *gateways.Gateway {
	at := time.Date(2026, 1, 15, 10, 30, 0, 0, time.UTC)
	return &gateways.Gateway{
		ID: "abc123", Name: "Example Title", Slug: "example_value", CreatedAt: at, ModifiedAt: at,
		Settings: gateways.Settings{
			CacheEnabled: ptr(true), CacheTTL: ptr[int64](10), RateLimitingEnabled: ptr(true), RateLimitingLimit: ptr[int64](10),
			RateLimitingInterval: ptr[int64](10), LogEnabled: ptr(true),
		},
	}
}

func requireExample(t *testing.T, gateway *gateways.Gateway, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(exampleGateway(), gateway); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWireFormats(t *testing.T) {
	_, err := client.New(client.Config{APIToken: apiToken, WireFormat: "xml"})
	if err == nil {
		t.Error("a format that nobody speaks is taken")
	} else {
		requireText(t, err.Error(), `"xml"`)
	}
	six := []string{"cache_enabled", "cache_ttl", "rate_limiting_enabled", "rate_limiting_limit", "rate_limiting_interval", "log_enabled"}
	for format, all := range map[client.WireFormat]bool{"": true, client.WireCloudflare: true, client.WireGatewayInput: false} {
		c, _ := newClient(t, "http://api.invalid", inFormat(format))
		can := c.Capabilities()
		if can.NamesAreIDs != all || can.Pages != all || format != "" && can.Format != format || format == "" && can.Format != client.WireCloudflare {
			t.Errorf("%q: %+v", format, can)
		}
		for _, setting := range six {
			if !gateways.Carries(can, setting) {
				t.Errorf("%q does not carry %s", format, setting)
			}
		}
		for _, setting := range append(slices.Clone(updateOnly), "authentication", "zdr", "rate_limiting_technique", "store_id", "") {
			if gateways.Carries(can, setting) != all {
				t.Errorf("%q carries %s: %t", format, setting, !all)
			}
		}
	}
}

// The bodies are GatewayInput and nothing besides, whatever else is set.
func TestGatewayInputBodies(t *testing.T) {
	for name, test := range map[string]struct {
		name     string
		settings gateways.Settings
		want     string
	}{
		"nothing":  {"demo", gateways.Settings{}, `{"name":"demo"}`},
		"settings": {"demo", settings(), `{"cache_enabled":false,"log_enabled":true,"name":"demo","rate_limiting_enabled":false}`},
		"everything": {"Example Title", everything(), `{"cache_enabled":true,"cache_ttl":300,"log_enabled":true,"name":"Example Title",` +
			`"rate_limiting_enabled":true,"rate_limiting_interval":60,"rate_limiting_limit":5}`},
		"off, with values": {"demo", gateways.Settings{
			CacheEnabled: ptr(false), CacheTTL: ptr[int64](0), RateLimitingEnabled: ptr(false), RateLimitingLimit: ptr[int64](5),
			RateLimitingInterval: ptr[int64](60), LogEnabled: ptr(false),
		}, `{"cache_enabled":false,"cache_ttl":0,"log_enabled":false,"name":"demo","rate_limiting_enabled":false,"rate_limiting_interval":60,"rate_limiting_limit":5}`},
		"any name": {"../Grün & \"größer\"/\n", gateways.Settings{}, `{"name":"../Grün \u0026 \"größer\"/\n"}`},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, example, example)
			c := inputClient(t, server.URL)
			created, err := gateways.Create(t.Context(), c, account, test.name, test.settings)
			requireExample(t, created, err)
			updated, err := gateways.Update(t.Context(), c, account, created.ID, test.name, test.settings, everything())
			requireExample(t, updated, err)
			server.requireSeen("POST ", "PUT /abc123")
			server.requireBodies(test.want, test.want)
		})
	}
}

func TestGatewayInputLife(t *testing.T) {
	for name, body := range map[string]string{
		"empty": "", "spaces": " \n", "null": "null", "an empty object": "{}", "success alone": `{"success":true,"errors":[{}],"messages":[{}]}`,
		"null result": `{"success":true,"result":null}`,
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, example, example, reply(200, body), example, reply(200, body))
			c := inputClient(t, server.URL)
			created, err := gateways.Create(t.Context(), c, account, "Example Title", settings())
			requireExample(t, created, err)
			read, err := gateways.Get(t.Context(), c, account, created.ID)
			requireExample(t, read, err)
			// An update that says nothing is read back.
			updated, err := gateways.Update(t.Context(), c, account, created.ID, created.Name, settings(), read.Settings)
			requireExample(t, updated, err)
			if err := gateways.Delete(t.Context(), c, account, created.ID); err != nil {
				t.Error(err)
			}
			server.requireSeen("POST ", "GET /abc123", "PUT /abc123", "GET /abc123", "DELETE /abc123")
		})
	}
}

func TestGatewayInputUpdateFails(t *testing.T) {
	for name, test := range map[string]struct {
		answers []answer
		kind    error
		says    string
		want    []string
	}{
		"not success":      {[]answer{reply(200, `{"success":false,"errors":[{}]}`)}, client.ErrUnexpectedResponse, "update gateway", []string{"PUT /abc123"}},
		"a page":           {[]answer{reply(200, page404)}, client.ErrUnexpectedResponse, "update gateway", []string{"PUT /abc123"}},
		"no gateway":       {[]answer{reply(200, envelope(fields{}))}, client.ErrUnexpectedResponse, "without an id", []string{"PUT /abc123"}},
		"gone":             {[]answer{notFound}, client.ErrNotFound, "update gateway", []string{"PUT /abc123"}},
		"refused":          {[]answer{reply(400, "")}, client.ErrInvalid, "update gateway", []string{"PUT /abc123"}},
		"gone before read": {[]answer{reply(204, ""), notFound}, client.ErrNotFound, "read gateway", []string{"PUT /abc123", "GET /abc123"}},
		"unreadable":       {[]answer{reply(200, ""), reply(200, "")}, client.ErrUnexpectedResponse, "read gateway", []string{"PUT /abc123", "GET /abc123"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, test.answers...)
			gateway, err := gateways.Update(t.Context(), inputClient(t, server.URL), account, "abc123", "x", settings(), gateways.Settings{})
			if gateway != nil {
				t.Errorf("%+v", gateway)
			}
			requireKind(t, err, test.kind)
			requireText(t, err.Error(), test.says)
			server.requireSeen(test.want...)
		})
	}
}

// Cloudflare's own API always answers with the gateway; a proxy's empty page
// must not pass for it.
func TestCloudflareIsNotReadBack(t *testing.T) {
	server := serve(t, reply(200, ""))
	c, _ := newClient(t, server.URL)
	_, err := gateways.Update(t.Context(), c, account, "demo", "demo", settings(), gateways.Settings{})
	requireKind(t, err, client.ErrUnexpectedResponse)
	server.requireSeen("PUT /demo")
}

func TestGatewayInputDecodes(t *testing.T) {
	for name, test := range map[string]struct {
		result string
		want   gateways.Gateway
	}{
		"the example":      {exampleResult, *exampleGateway()},
		"nothing but id":   {`{"id":"a"}`, gateways.Gateway{ID: "a"}},
		"nulls":            {`{"id":"a","name":null,"slug":null,"cache_enabled":null,"cache_ttl":null,"created_at":null}`, gateways.Gateway{ID: "a"}},
		"unknown fields":   {`{"id":"a","name":"n","store_id":"x","guardrails":7,"otel":{},"new":[]}`, gateways.Gateway{ID: "a", Name: "n"}},
		"off, with values": {`{"id":"a","cache_enabled":false,"cache_ttl":10}`, gateways.Gateway{ID: "a", Settings: gateways.Settings{CacheEnabled: ptr(false), CacheTTL: ptr[int64](10)}}},
		"odd forms": {`{"id":"a","cache_enabled":1,"cache_ttl":10.0,"created_at":0}`, gateways.Gateway{
			ID: "a", CreatedAt: time.Unix(0, 0).UTC(), Settings: gateways.Settings{CacheEnabled: ptr(true), CacheTTL: ptr[int64](10)},
		}},
	} {
		gateway, err := decode(t, test.result, inFormat(client.WireGatewayInput))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(&test.want, gateway); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for result, says := range map[string]string{
		`{}`: "without an id", `{"id":""}`: "without an id", `[]`: "does not describe a gateway", `7`: "does not describe a gateway",
		`{"id":7}`: "id is a number", `{"id":"a","name":{}}`: "name is an object", `{"id":"a","cache_ttl":"10"}`: `cache_ttl: "10" is not a whole number`,
		`{"id":"a","log_enabled":"yes"}`: `log_enabled: "yes" is not a boolean`, `{"id":"a","modified_at":"now"}`: `modified_at: "now" is not a time`,
	} {
		_, err := decode(t, result, inFormat(client.WireGatewayInput))
		requireKind(t, err, client.ErrUnexpectedResponse)
		requireText(t, err.Error(), "read gateway: HTTP 200 OK: ", says)
	}
}

// The document knows neither pages nor a search.
func TestGatewayInputList(t *testing.T) {
	many := []any{}
	for _, id := range names(1, 250) {
		many = append(many, fields{"id": id})
	}
	few := []any{
		fields{"id": "abc123", "name": "Example Title"}, fields{"id": "def456", "name": "Example Title"}, fields{"id": "x", "name": "abc"},
		fields{"id": "abc123", "name": "twice"},
	}
	for name, test := range map[string]struct {
		result []any
		search string
		want   []string
	}{
		"none": {[]any{}, "", []string{}}, "all": {few, "", []string{"abc123", "def456", "x"}}, "by id": {few, "def", []string{"def456"}},
		"by name": {few, "Title", []string{"abc123", "def456"}}, "by either": {few, "abc", []string{"abc123", "x"}},
		"of nothing": {few, "zzz", []string{}}, "many": {many, "", names(1, 250)}, "one of many": {many, "gateway-249", []string{"gateway-249"}},
		"exactly a page": {many[:100], "", names(1, 100)},
	} {
		for info, extra := range map[string]fields{"": nil, ", with a total": {"result_info": fields{"total_count": 1000}, "errors": []any{fields{}}}} {
			t.Run(name+info, func(t *testing.T) {
				body := fields{"success": true, "result": test.result}
				maps.Copy(body, extra)
				server := serve(t, reply(200, encoded(body)))
				ids, err := collect(t, inputClient(t, server.URL), test.search)
				if err != nil || !slices.Equal(ids, test.want) {
					t.Errorf("%v, %v", ids, err)
				}
				server.requireSeen("GET ")
			})
		}
	}
}

// A list stops when its reader does, and fails as a whole.
func TestGatewayInputListFails(t *testing.T) {
	server := serve(t, reply(200, envelope([]any{fields{"id": "a"}, fields{"name": "no id"}})))
	ids, err := collect(t, inputClient(t, server.URL), "")
	requireKind(t, err, client.ErrUnexpectedResponse)
	if len(ids) != 0 {
		t.Errorf("%v", ids)
	}
}

func TestGatewayInputIDs(t *testing.T) {
	for _, id := range []string{"abc123", "01987654-3210-7abc-8def-0123456789ab", "7", "ABC_1.2"} {
		o := fields{"id": id, "name": "Any name"}
		server := serve(t, repeat(4, reply(200, envelope(o)))...)
		c := inputClient(t, server.URL)
		created, err := gateways.Create(t.Context(), c, account, "Any name", settings())
		if err != nil || created.ID != id || created.Name != "Any name" {
			t.Fatalf("%+v, %v", created, err)
		}
		for _, err := range []error{
			second(gateways.Get(t.Context(), c, account, created.ID)), gateways.Delete(t.Context(), c, account, created.ID),
			second(gateways.Update(t.Context(), c, account, created.ID, created.Name, settings(), settings())),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		server.requireSeen("POST ", "GET /"+id, "DELETE /"+id, "PUT /"+id)
		if !client.ValidID(id) {
			t.Errorf("%q is not valid", id)
		}
	}
	for _, id := range []string{"", "..", "a/b", "a b", "a?b", "a%2Fb", "Example Title", strings.Repeat("a", 129)} {
		server := serve(t)
		c := inputClient(t, server.URL)
		for _, err := range []error{
			second(gateways.Get(t.Context(), c, account, id)), gateways.Delete(t.Context(), c, account, id),
			second(gateways.Update(t.Context(), c, account, id, "x", settings(), settings())),
		} {
			if err == nil {
				t.Errorf("%q: there is no error", id)
				continue
			}
			requireText(t, err.Error(), "cannot be the id of a gateway", "no request was sent")
		}
		if client.ValidID(id) {
			t.Errorf("%q is valid", id)
		}
		server.requireSeen()
	}
	_, err := gateways.Create(t.Context(), inputClient(t, "http://api.invalid"), "account", "x", settings())
	requireText(t, err.Error(), "is not an account id", "no request was sent")
}

func second[T any](_ T, err error) error { return err }

// Names are not unique there, so nothing can be found out after a create that
// was lost or refused, and nothing is sent a second time.
func TestGatewayInputCreateIsNotLookedUp(t *testing.T) {
	const (
		unknown = "this wire format has no way to look for it"
		made    = "a gateway may have been made, and " + unknown
	)
	for name, test := range map[string]struct {
		answer answer
		kind   error
		says   string
	}{
		"cut":            {cut, client.ErrOutcomeUnknown, unknown},
		"cut mid-body":   {cutMidBody, client.ErrOutcomeUnknown, unknown},
		"408":            {reply(408, ""), client.ErrOutcomeUnknown, unknown},
		"500":            {reply(500, ""), client.ErrOutcomeUnknown, unknown},
		"504":            {reply(504, ""), client.ErrOutcomeUnknown, unknown},
		"200 of a page":  {reply(200, page404), client.ErrUnexpectedResponse, made},
		"200 of nothing": {reply(200, ""), client.ErrUnexpectedResponse, made},
		"no result":      {reply(200, `{"success":true}`), client.ErrUnexpectedResponse, made},
		"bad field":      {reply(200, envelope(fields{"id": "a", "cache_ttl": "x"})), client.ErrUnexpectedResponse, made},
		"400":            {reply(400, failure(7001, "Gateway already exists")), client.ErrInvalid, "Gateway already exists"},
		"400 of nothing": {reply(400, ""), client.ErrInvalid, "HTTP 400 Bad Request"},
		"401":            {reply(401, ""), client.ErrUnauthorized, "HTTP 401 Unauthorized"},
		"409":            {reply(409, ""), client.ErrAlreadyExists, "HTTP 409 Conflict"},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, test.answer)
			gateway, err := gateways.Create(t.Context(), inputClient(t, server.URL), account, "demo", everything())
			if gateway != nil {
				t.Errorf("%+v", gateway)
			}
			requireKind(t, err, test.kind)
			requireText(t, err.Error(), "create gateway: ", test.says)
			if asked := strings.Contains(err.Error(), "look"); asked != strings.Contains(test.says, "look") {
				t.Error(err)
			}
			server.requireSeen("POST ")
		})
	}
}

func TestGatewayInputCreateInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := gateways.Create(ctx, inputClient(t, server.URL), account, "demo", settings())
	requireKind(t, err, client.ErrOutcomeUnknown)
	requireInterrupted(t, err, context.Canceled)
	server.requireSeen("POST ")
}

func TestGatewayInputSameOnWire(t *testing.T) {
	c := inputClient(t, "http://api.invalid")
	if !gateways.SameOnWire(c, everything(), onlySix(everything())) {
		t.Error("what is not on the wire counts")
	}
	for name, change := range map[string]func(*gateways.Settings){
		"cache_enabled": func(s *gateways.Settings) { s.CacheEnabled = ptr(false) }, "cache_ttl": func(s *gateways.Settings) { s.CacheTTL = nil },
		"limit": func(s *gateways.Settings) { s.RateLimitingLimit = ptr[int64](6) }, "log_enabled": func(s *gateways.Settings) { s.LogEnabled = nil },
	} {
		s := everything()
		if change(&s); gateways.SameOnWire(c, everything(), s) || gateways.SameOnWire(c, s, everything()) {
			t.Errorf("%s does not count", name)
		}
	}
}

// onlySix are those settings that GatewayInput has.
func onlySix(s gateways.Settings) gateways.Settings {
	return gateways.Settings{
		CacheEnabled: s.CacheEnabled, CacheTTL: s.CacheTTL, RateLimitingEnabled: s.RateLimitingEnabled,
		RateLimitingLimit: s.RateLimitingLimit, RateLimitingInterval: s.RateLimitingInterval, LogEnabled: s.LogEnabled,
	}
}
