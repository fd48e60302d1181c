package gateways_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// exampleResult is the example of the published document.
const exampleResult = `{"id":"abc123","name":"Example Title","slug":"example_value","cache_enabled":true,"cache_ttl":10,` +
	`"rate_limiting_enabled":true,"rate_limiting_limit":10,"rate_limiting_interval":10,"log_enabled":true,` +
	`"created_at":"2026-01-15T10:30:00Z","modified_at":"2026-01-15T10:30:00Z"}`

// example responds as the document shows it: with an empty object among the errors of
// a success.
var example = clienttest.Reply(200, `{"result":`+exampleResult+`,"success":true,"errors":[{}],"messages":[{}]}`)

func exampleGateway() *gateways.Gateway {
	at := time.Date(2026, 1, 15, 10, 30, 0, 0, time.UTC)
	return &gateways.Gateway{
		ID: "abc123", Name: "Example Title", Slug: "example_value", CreatedAt: at, ModifiedAt: at,
		Settings: gateways.Settings{
			CacheEnabled: clienttest.Ptr(true), CacheTTL: clienttest.Ptr[int64](10), RateLimitingEnabled: clienttest.Ptr(true), RateLimitingLimit: clienttest.Ptr[int64](10),
			RateLimitingInterval: clienttest.Ptr[int64](10), LogEnabled: clienttest.Ptr(true),
		},
	}
}

func requireExample(t *testing.T, gateway *gateways.Gateway, err error) {
	t.Helper()
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, exampleGateway(), gateway)
}

func TestOperations(t *testing.T) { clienttest.TestOperations(t, clienttest.GatewayOperations) }

func TestWireFormats(t *testing.T) {
	_, err := client.New(client.Config{APIToken: clienttest.APIToken, WireFormat: "xml"})
	if err == nil {
		t.Error("a format that nobody speaks is taken")
	} else {
		clienttest.RequireText(t, err.Error(), `"xml"`)
	}
	six := []string{"cache_enabled", "cache_ttl", "rate_limiting_enabled", "rate_limiting_limit", "rate_limiting_interval", "log_enabled"}
	for format, all := range map[client.WireFormat]bool{"": true, client.WireCloudflare: true, client.WireGatewayInput: false} {
		c, _ := clienttest.New(t, "http://api.invalid", clienttest.InFormat(format))
		can := c.Capabilities()
		if can.NamesAreIDs != all || can.Pages != all || can.Routes != all || can.Providers != all || format != "" && can.Format != format || format == "" && can.Format != client.WireCloudflare {
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

// The bodies are GatewayInput and nothing else, whatever else is set.
func TestGatewayInputBodies(t *testing.T) {
	for name, test := range map[string]struct {
		name     string
		settings gateways.Settings
		want     string
	}{
		"nothing":  {"demo", gateways.Settings{}, `{"name":"demo"}`},
		"settings": {"demo", clienttest.GatewaySettings(), `{"cache_enabled":false,"log_enabled":true,"name":"demo","rate_limiting_enabled":false}`},
		"everything": {"Example Title", everything(), `{"cache_enabled":true,"cache_ttl":300,"log_enabled":true,"name":"Example Title",` +
			`"rate_limiting_enabled":true,"rate_limiting_interval":60,"rate_limiting_limit":5}`},
		"off, with values": {"demo", gateways.Settings{
			CacheEnabled: clienttest.Ptr(false), CacheTTL: clienttest.Ptr[int64](0), RateLimitingEnabled: clienttest.Ptr(false), RateLimitingLimit: clienttest.Ptr[int64](5),
			RateLimitingInterval: clienttest.Ptr[int64](60), LogEnabled: clienttest.Ptr(false),
		}, `{"cache_enabled":false,"cache_ttl":0,"log_enabled":false,"name":"demo","rate_limiting_enabled":false,"rate_limiting_interval":60,"rate_limiting_limit":5}`},
		"any name": {"../Grün & \"größer\"/\n", gateways.Settings{}, `{"name":"../Grün \u0026 \"größer\"/\n"}`},
	} {
		t.Run(name, func(t *testing.T) {
			server := clienttest.Serve(t, clienttest.Altered(t, example, clienttest.Fields{"name": test.name}), example)
			c := clienttest.NewGatewayInput(t, server.URL)
			created, err := gateways.Create(t.Context(), c, clienttest.Account, test.name, test.settings)
			clienttest.RequireNoError(t, err)
			clienttest.RequireEqual(t, test.name, created.Name)
			created.Name = exampleGateway().Name
			requireExample(t, created, err)
			updated, err := gateways.Update(t.Context(), c, clienttest.Account, created.ID, test.name, test.settings, everything())
			requireExample(t, updated, err)
			server.RequireRequests("POST ", "PUT /abc123")
			server.RequireBodies(test.want, test.want)
		})
	}
}

func TestGatewayInputOperations(t *testing.T) {
	for name, body := range map[string]string{
		"empty": "", "spaces": " \n", "null": "null", "an empty object": "{}", "success alone": `{"success":true,"errors":[{}],"messages":[{}]}`,
		"null result": `{"success":true,"result":null}`,
	} {
		t.Run(name, func(t *testing.T) {
			server := clienttest.Serve(t, example, example, clienttest.Reply(200, body), example, clienttest.Reply(200, body), clienttest.NotFound)
			c := clienttest.NewGatewayInput(t, server.URL)
			created, err := gateways.Create(t.Context(), c, clienttest.Account, "Example Title", clienttest.GatewaySettings())
			requireExample(t, created, err)
			read, err := gateways.Get(t.Context(), c, clienttest.Account, created.ID)
			requireExample(t, read, err)
			// An update whose response is empty is read back.
			updated, err := gateways.Update(t.Context(), c, clienttest.Account, created.ID, created.Name, clienttest.GatewaySettings(), read.Settings)
			requireExample(t, updated, err)
			clienttest.RequireNoError(t, gateways.Delete(t.Context(), c, clienttest.Account, created.ID))
			want := []string{"POST ", "GET /abc123", "PUT /abc123", "GET /abc123", "DELETE /abc123"}
			if body == "null" || body == "{}" { // does not confirm the deletion
				want = append(want, "GET /abc123")
			}
			server.RequireRequests(want...)
		})
	}
}

func TestGatewayInputUpdateFails(t *testing.T) {
	for name, test := range map[string]struct {
		responses []clienttest.Handler
		kind      error
		says      string
		want      []string
	}{
		"not success":      {[]clienttest.Handler{clienttest.Reply(200, `{"success":false,"errors":[{}]}`)}, client.ErrUnexpectedResponse, "update gateway", []string{"PUT /abc123"}},
		"a page":           {[]clienttest.Handler{clienttest.Reply(200, clienttest.Page404)}, client.ErrUnexpectedResponse, "update gateway", []string{"PUT /abc123"}},
		"no gateway":       {clienttest.Repeat(2, clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{}))), client.ErrUnexpectedResponse, "without an id", []string{"PUT /abc123", "GET /abc123"}},
		"gone":             {[]clienttest.Handler{clienttest.NotFound}, client.ErrNotFound, "update gateway", []string{"PUT /abc123"}},
		"refused":          {[]clienttest.Handler{clienttest.Reply(400, "")}, client.ErrInvalid, "update gateway", []string{"PUT /abc123"}},
		"gone before read": {[]clienttest.Handler{clienttest.Reply(204, ""), clienttest.NotFound}, client.ErrNotFound, "read gateway", []string{"PUT /abc123", "GET /abc123"}},
		"unreadable":       {[]clienttest.Handler{clienttest.Reply(200, ""), clienttest.Reply(200, "")}, client.ErrUnexpectedResponse, "read gateway", []string{"PUT /abc123", "GET /abc123"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := clienttest.Serve(t, test.responses...)
			gateway, err := gateways.Update(t.Context(), clienttest.NewGatewayInput(t, server.URL), clienttest.Account, "abc123", "x", clienttest.GatewaySettings(), gateways.Settings{})
			clienttest.RequireNil(t, gateway)
			clienttest.RequireError(t, err, test.kind, test.says)
			server.RequireRequests(test.want...)
		})
	}
}

// A proxy's empty page must not pass for the gateway.
func TestEmptyResponsesAreNoGateway(t *testing.T) {
	server, c := clienttest.Start(t, bare, clienttest.Reply(200, ""), clienttest.Reply(200, ""))
	clienttest.RequireKind(t, clienttest.ErrorOf(gateways.Update(t.Context(), c, clienttest.Account, "demo", "demo", clienttest.GatewaySettings(), gateways.Settings{})), client.ErrUnexpectedResponse)
	server.RequireRequests("GET /demo", "PUT /demo", "GET /demo")
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
		"off, with values": {`{"id":"a","cache_enabled":false,"cache_ttl":10}`, gateways.Gateway{ID: "a", Settings: gateways.Settings{CacheEnabled: clienttest.Ptr(false), CacheTTL: clienttest.Ptr[int64](10)}}},
		"odd forms": {`{"id":"a","cache_enabled":1,"cache_ttl":10.0,"created_at":0}`, gateways.Gateway{
			ID: "a", CreatedAt: time.Unix(0, 0).UTC(), Settings: gateways.Settings{CacheEnabled: clienttest.Ptr(true), CacheTTL: clienttest.Ptr[int64](10)},
		}},
	} {
		gateway, err := decode(t, test.result, clienttest.InFormat(client.WireGatewayInput))
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
		clienttest.RequireError(t, clienttest.ErrorOf(decode(t, result, clienttest.InFormat(client.WireGatewayInput))), client.ErrUnexpectedResponse, "read gateway: HTTP 200 OK: ", says)
	}
}

// The document has neither pages nor a search.
func TestGatewayInputList(t *testing.T) {
	many := []any{}
	for _, id := range clienttest.GatewayNames(1, 250) {
		many = append(many, clienttest.Fields{"id": id})
	}
	few := []any{
		clienttest.Fields{"id": "abc123", "name": "Example Title"}, clienttest.Fields{"id": "def456", "name": "Example Title"}, clienttest.Fields{"id": "x", "name": "abc"},
		clienttest.Fields{"id": "abc123", "name": "twice"},
	}
	for name, test := range map[string]struct {
		result []any
		search string
		want   []string
	}{
		"none": {[]any{}, "", []string{}}, "all": {few, "", []string{"abc123", "def456", "x"}}, "by id": {few, "def", []string{"def456"}},
		"by name": {few, "Title", []string{"abc123", "def456"}}, "by either": {few, "abc", []string{"abc123", "x"}},
		"of nothing": {few, "zzz", []string{}}, "many": {many, "", clienttest.GatewayNames(1, 250)}, "one of many": {many, "gateway-249", []string{"gateway-249"}},
		"exactly a page": {many[:100], "", clienttest.GatewayNames(1, 100)},
	} {
		for info, extra := range map[string]clienttest.Fields{"": nil, ", with a total": {"result_info": clienttest.Fields{"total_count": 1000}, "errors": []any{clienttest.Fields{}}}} {
			t.Run(name+info, func(t *testing.T) {
				body := clienttest.Fields{"success": true, "result": test.result}
				maps.Copy(body, extra)
				server := clienttest.Serve(t, clienttest.Reply(200, clienttest.Encode(body)))
				ids, err := collect(t, clienttest.NewGatewayInput(t, server.URL), test.search)
				if err != nil || !slices.Equal(ids, test.want) {
					t.Errorf("%v, %v", ids, err)
				}
				server.RequireRequests("GET ")
			})
		}
	}
}

// A list stops when its caller stops, and fails as a whole.
func TestGatewayInputListFails(t *testing.T) {
	server := clienttest.Serve(t, clienttest.Reply(200, clienttest.Envelope([]any{clienttest.Fields{"id": "a"}, clienttest.Fields{"name": "no id"}})))
	ids, err := collect(t, clienttest.NewGatewayInput(t, server.URL), "")
	clienttest.RequireKind(t, err, client.ErrUnexpectedResponse)
	if len(ids) != 0 {
		t.Errorf("%v", ids)
	}
}

func TestGatewayInputIDs(t *testing.T) {
	for _, id := range []string{"abc123", "01987654-3210-7abc-8def-0123456789ab", "7", "ABC_1.2"} {
		o := clienttest.Fields{"id": id, "name": "Any name"}
		server := clienttest.Serve(t, clienttest.Repeat(4, clienttest.Reply(200, clienttest.Envelope(o)))...)
		c := clienttest.NewGatewayInput(t, server.URL)
		created, err := gateways.Create(t.Context(), c, clienttest.Account, "Any name", clienttest.GatewaySettings())
		if err != nil || created.ID != id || created.Name != "Any name" {
			t.Fatalf("%+v, %v", created, err)
		}
		for _, err := range []error{
			clienttest.ErrorOf(gateways.Get(t.Context(), c, clienttest.Account, created.ID)), gateways.Delete(t.Context(), c, clienttest.Account, created.ID),
			clienttest.ErrorOf(gateways.Update(t.Context(), c, clienttest.Account, created.ID, created.Name, clienttest.GatewaySettings(), clienttest.GatewaySettings())),
		} {
			clienttest.RequireNoError(t, err)
		}
		server.RequireRequests("POST ", "GET /"+id, "DELETE /"+id, "PUT /"+id)
		if !client.ValidID(id) {
			t.Errorf("%q is not valid", id)
		}
	}
	for _, id := range []string{"", "..", "a/b", "a b", "a?b", "a%2Fb", "Example Title", strings.Repeat("a", 129)} {
		server := clienttest.Serve(t)
		c := clienttest.NewGatewayInput(t, server.URL)
		for _, err := range []error{
			clienttest.ErrorOf(gateways.Get(t.Context(), c, clienttest.Account, id)), gateways.Delete(t.Context(), c, clienttest.Account, id),
			clienttest.ErrorOf(gateways.Update(t.Context(), c, clienttest.Account, id, "x", clienttest.GatewaySettings(), clienttest.GatewaySettings())),
		} {
			if err == nil {
				t.Errorf("%q: the error is nil", id)
				continue
			}
			clienttest.RequireText(t, err.Error(), "cannot be the ID of a gateway", "no request was sent")
		}
		if client.ValidID(id) {
			t.Errorf("%q is valid", id)
		}
		server.RequireRequests()
	}
	_, err := gateways.Create(t.Context(), clienttest.NewGatewayInput(t, "http://api.invalid"), "account", "x", clienttest.GatewaySettings())
	clienttest.RequireText(t, err.Error(), "is not an account ID", "no request was sent")
}

// Names are not unique in this format, so nothing can be found after a create that was
// lost or refused, and nothing is sent again.
func TestGatewayInputCreateIsNotLookedUp(t *testing.T) {
	const unknown = "this wire format has no way to look for it"
	for name, test := range map[string]struct {
		response clienttest.Handler
		kind     error
		says     string
	}{
		"cut":            {clienttest.Cut, client.ErrOutcomeUnknown, unknown},
		"cut mid-body":   {clienttest.CutMidBody, client.ErrOutcomeUnknown, unknown},
		"408":            {clienttest.Reply(408, ""), client.ErrOutcomeUnknown, unknown},
		"500":            {clienttest.Reply(500, ""), client.ErrOutcomeUnknown, unknown},
		"504":            {clienttest.Reply(504, ""), client.ErrOutcomeUnknown, unknown},
		"200 of a page":  {clienttest.Reply(200, clienttest.Page404), client.ErrOutcomeUnknown, unknown},
		"200 of nothing": {clienttest.Reply(200, ""), client.ErrOutcomeUnknown, unknown},
		"no result":      {clienttest.Reply(200, `{"success":true}`), client.ErrOutcomeUnknown, unknown},
		"bad field":      {clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "a", "cache_ttl": "x"})), client.ErrOutcomeUnknown, unknown},
		"400":            {clienttest.Reply(400, clienttest.Failure(7001, "Gateway already exists")), client.ErrInvalid, "Gateway already exists"},
		"400 of nothing": {clienttest.Reply(400, ""), client.ErrInvalid, "HTTP 400 Bad Request"},
		"401":            {clienttest.Reply(401, ""), client.ErrUnauthorized, "HTTP 401 Unauthorized"},
		"409":            {clienttest.Reply(409, ""), client.ErrAlreadyExists, "HTTP 409 Conflict"},
	} {
		t.Run(name, func(t *testing.T) {
			server := clienttest.Serve(t, test.response)
			gateway, err := gateways.Create(t.Context(), clienttest.NewGatewayInput(t, server.URL), clienttest.Account, "demo", everything())
			clienttest.RequireNil(t, gateway)
			clienttest.RequireError(t, err, test.kind, "create gateway: ", test.says)
			if asked := strings.Contains(err.Error(), "look"); asked != strings.Contains(test.says, "look") {
				t.Error(err)
			}
			server.RequireRequests("POST ")
		})
	}
}

func TestGatewayInputCreateInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := clienttest.Serve(t, clienttest.Interrupting(cancel))
	_, err := gateways.Create(ctx, clienttest.NewGatewayInput(t, server.URL), clienttest.Account, "demo", clienttest.GatewaySettings())
	clienttest.RequireKind(t, err, client.ErrOutcomeUnknown)
	clienttest.RequireInterrupted(t, err, context.Canceled)
	server.RequireRequests("POST ")
}

func TestGatewayInputSameOnWire(t *testing.T) {
	c := clienttest.NewGatewayInput(t, "http://api.invalid")
	if !gateways.SameOnWire(c, everything(), onlySix(everything())) {
		t.Error("what is not on the wire counts")
	}
	for name, change := range map[string]func(*gateways.Settings){
		"cache_enabled": func(s *gateways.Settings) { s.CacheEnabled = clienttest.Ptr(false) }, "cache_ttl": func(s *gateways.Settings) { s.CacheTTL = nil },
		"limit": func(s *gateways.Settings) { s.RateLimitingLimit = clienttest.Ptr[int64](6) }, "log_enabled": func(s *gateways.Settings) { s.LogEnabled = nil },
	} {
		s := everything()
		if change(&s); gateways.SameOnWire(c, everything(), s) || gateways.SameOnWire(c, s, everything()) {
			t.Errorf("%s does not count", name)
		}
	}
}

// onlySix returns the settings that GatewayInput has.
func onlySix(s gateways.Settings) gateways.Settings {
	return gateways.Settings{
		CacheEnabled: s.CacheEnabled, CacheTTL: s.CacheTTL, RateLimitingEnabled: s.RateLimitingEnabled,
		RateLimitingLimit: s.RateLimitingLimit, RateLimitingInterval: s.RateLimitingInterval, LogEnabled: s.LogEnabled,
	}
}
