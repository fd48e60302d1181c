package gateways_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// newer is a gateway with everything on, and with fields at every level that this
// version does not know.
const newer = `{"id":"demo","created_at":"2026-08-03T10:00:00Z","is_default":false,"account_tag":"` + clienttest.Account + `","internal_id":"i","wholesale":true,
	"cache_invalidate_on_update":true,"cache_ttl":300,"collect_logs":true,"rate_limiting_interval":60,"rate_limiting_limit":5,
	"log_management":20000,"zdr":true,"store_id":"store-1",
	"x":{"deep":[1e400,null,"<&>"]},"nothing":null,"token":"sk-***",
	"guardrails":{"prompt":{"P1":"BLOCK","S1":"FLAG","S14":"BLOCK"},"response":{},"x":1},
	"dlp":{"enabled":true,"x":2,"policies":[
		{"id":"b","enabled":false,"action":"FLAG","check":[],"profiles":[],"x":"b"},
		{"id":"gone","enabled":true,"action":"FLAG","check":[],"profiles":[],"x":"gone"},
		{"id":"a","enabled":true,"action":"BLOCK","check":["REQUEST","RESPONSE"],"profiles":["p2","p1"],"x":"a"}]},
	"otel":[{"url":"https://a.example/v1","headers":{"new":"1"},"authorization":"theirs","x":"a"},{"url":"https://b.example/v1","headers":{},"x":"b"}],
	"spend_limits":{"enabled":true,"x":3,"rules":[{"id":"monthly","enabled":true,"limit":1,"limitType":"cost","window":60,
		"metadata":{"team":{"mode":"filter","values":[],"x":4}},"model":{"mode":"filter","values":[],"x":5},"x":6}]},
	"stripe":{"authorization":"theirs","x":7,"usage_events":[{"payload":"{\"a\":\"$cost\"}","x":8}]}}`

// An update sends back what this version does not know, wherever it is, and nothing else.
func TestUpdateCarriesOver(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(200, `{"success":true,"result":`+newer+`}`), clienttest.GatewayReply("demo", nil))
	was := everything()
	was.Guardrails = &gateways.Guardrails{Prompt: map[string]string{"P1": "BLOCK", "S1": "FLAG"}}
	gateway, err := gateways.Update(t.Context(), c, clienttest.Account, "demo", "demo", everything(), was)
	clienttest.RequireNoError(t, err)
	server.RequireRequests("GET /demo", "PUT /demo")
	body := server.Seen()[1].Body
	want := leastPut.exactly(scalars.with(wireFields{
		"log_classification": "true",
		"x":                  `{"deep":[1e400,null,"\u003c\u0026\u003e"]}`,
		"guardrails":         `{"prompt":{"P1":"BLOCK","S1":"FLAG","S14":"BLOCK"},"response":{},"x":1}`,
		"dlp": `{"enabled":true,"policies":[` +
			`{"action":"BLOCK","check":["REQUEST","RESPONSE"],"enabled":true,"id":"a","profiles":["p2","p1"],"x":"a"},` +
			`{"action":"FLAG","check":[],"enabled":false,"id":"b","profiles":[],"x":"b"}],"x":2}`,
		"otel": `[{"authorization":"ref","content_type":"protobuf","headers":{"x-a":"1","x-b":"2"},"url":"https://b.example/v1","x":"b"},` +
			`{"headers":{},"url":"https://a.example/v1","x":"a"}]`,
		"spend_limits": `{"enabled":true,"rules":[{"enabled":false,"id":"daily","limit":0,"limitType":"cost","window":86400},` +
			`{"enabled":true,"id":"monthly","limit":12.5,"limitType":"cost",` +
			`"metadata":{"team":{"mode":"filter","values":["x","y"],"x":4},"user":{"mode":"partition"}},` +
			`"model":{"mode":"filter","values":["gpt-5"],"x":5},"provider":{"mode":"filter","values":["openai"]},` +
			`"technique":"fixed","window":2592000,"x":6}],"x":3}`,
		"stripe": `{"authorization":"stripe-key","usage_events":[{"payload":"{\"a\":\"$cost\"}","x":8},{"payload":""}],"x":7}`,
	}))
	if diff := cmp.Diff(strings.Split(want, ","), strings.Split(body, ",")); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	clienttest.RequireEqual(t, client.Carried{Appeared: []string{"guardrails.prompt.S14"}, Masked: []string{"token"}}, gateway.Carried)
}

// A rule that was read with limit_type is sent with limitType alone.
func TestLimitTypeSpelling(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.GatewayReply("demo", clienttest.Fields{"spend_limits": json.RawMessage(
		`{"enabled":true,"rules":[{"id":"a","limit":1,"limit_type":"cost","window":60,"provider":{"mode":"partition"},"x":1}]}`)}),
		clienttest.GatewayReply("demo", nil))
	settings := clienttest.GatewaySettings()
	settings.SpendLimits = &gateways.SpendLimits{Enabled: true, Rules: map[string]gateways.SpendRule{"a": {
		Enabled: true, Limit: 1, LimitType: "cost", Window: 60, Technique: "sliding", Provider: &gateways.SpendFilter{Mode: "partition"},
	}}}
	_, err := gateways.Update(t.Context(), c, clienttest.Account, "demo", "demo", settings, settings)
	clienttest.RequireNoError(t, err)
	want := `"spend_limits":{"enabled":true,"rules":[{"enabled":true,"id":"a","limit":1,"limitType":"cost",` +
		`"provider":{"mode":"partition"},"technique":"sliding","window":60,"x":1}]}`
	if body := server.Seen()[1].Body; !strings.Contains(body, want) {
		t.Errorf("%s\nis not in %s", want, body)
	}
}

// What the plan removes goes with everything in it. A category that appeared since stays,
// one that state had does not.
func TestUpdateRemoves(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(200, `{"success":true,"result":`+newer+`}`), clienttest.GatewayReply("demo", nil))
	was := everything()
	was.Guardrails = &gateways.Guardrails{Prompt: map[string]string{"P1": "BLOCK", "S14": "BLOCK"}}
	gateway, err := gateways.Update(t.Context(), c, clienttest.Account, "demo", "demo", clienttest.GatewaySettings(), was)
	clienttest.RequireNoError(t, err)
	want := leastPut.exactly(plain.with(wireFields{
		"x": `{"deep":[1e400,null,"\u003c\u0026\u003e"]}`, "dlp": `{"action":"FLAG","enabled":false,"profiles":[]}`,
		"guardrails": `{"prompt":{"S1":"FLAG"},"response":{}}`,
		// These are not managed, and PUT would reset them.
		"log_management": "20000", "zdr": "true", "store_id": `"store-1"`,
	}))
	if diff := cmp.Diff(strings.Split(want, ","), strings.Split(server.Seen()[1].Body, ",")); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	clienttest.RequireEqual(t, []string{"guardrails.prompt.S1"}, gateway.Carried.Appeared)
	clienttest.RequireEqual(t, (*gateways.Guardrails)(nil), gateway.Guardrails)
}

// A service that refuses what it shows gets the update without it, at most twice more.
func TestUpdateWithoutWhatIsRefused(t *testing.T) {
	shown := clienttest.GatewayReply("demo", clienttest.Fields{"x": 1, "y": 2})
	done := clienttest.GatewayReply("demo", nil)
	naming := func(field string) clienttest.Handler {
		return clienttest.Reply(400, clienttest.Failure(7001, "Unrecognized key", "body", field))
	}
	unnamed := clienttest.Reply(422, clienttest.Failure(7001, "Unrecognized key(s) in object"))
	for name, test := range map[string]struct {
		puts    []clienttest.Handler
		refused []string
		kept    string // by the last PUT
		fails   bool
	}{
		"one":               {[]clienttest.Handler{naming("x"), done}, []string{"x"}, `"y":2`, false},
		"one after another": {[]clienttest.Handler{naming("x"), naming("y"), done}, []string{"x", "y"}, "", false},
		"in the message":    {[]clienttest.Handler{clienttest.Reply(400, clienttest.Failure(7001, "Unrecognized key: 'y'")), done}, []string{"y"}, `"x":1`, false},
		"without a name":    {[]clienttest.Handler{unnamed, done}, []string{"x", "y"}, "", false},
		"for good":          {[]clienttest.Handler{naming("x"), naming("y"), unnamed}, nil, "", true},
		"something else":    {[]clienttest.Handler{clienttest.Reply(400, clienttest.Failure(7001, "Required", "body", "cache_ttl"))}, nil, "", true},
		"not allowed":       {[]clienttest.Handler{clienttest.Forbidden}, nil, `"x":1`, true},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, slices.Concat([]clienttest.Handler{shown}, test.puts)...)
			gateway, err := gateways.Update(t.Context(), c, clienttest.Account, "demo", "demo", clienttest.GatewaySettings(), gateways.Settings{})
			server.RequireRequests(append([]string{"GET /demo"}, slices.Repeat([]string{"PUT /demo"}, len(test.puts))...)...)
			if test.fails {
				if err == nil {
					t.Error("no error")
				}
				return
			}
			clienttest.RequireNoError(t, err)
			got := slices.Sorted(slices.Values(gateway.Carried.Refused))
			clienttest.RequireEqual(t, test.refused, got)
			last := server.Seen()[len(test.puts)].Body
			for _, field := range []string{`"x":1`, `"y":2`} {
				if strings.Contains(last, field) != (field == test.kept) {
					t.Errorf("the last body: %s", last)
				}
			}
		})
	}
}

// An update that cannot read the gateway changes nothing, and says so.
func TestUpdateReadsFirst(t *testing.T) {
	for name, test := range map[string]struct {
		response clienttest.Handler
		kind     error
		says     string
	}{
		"gone":      {clienttest.NotFound, client.ErrNotFound, "HTTP 404"},
		"another":   {clienttest.GatewayReply("other", nil), client.ErrUnexpectedResponse, `the gateway "other", not "demo"`},
		"forbidden": {clienttest.Forbidden, client.ErrUnauthorized, "HTTP 403"},
		"a page":    {clienttest.Reply(200, "<html>"), client.ErrUnexpectedResponse, "not the API's JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.response)
			_, err := gateways.Update(t.Context(), c, clienttest.Account, "demo", "demo", clienttest.GatewaySettings(), gateways.Settings{})
			clienttest.RequireError(t, err, test.kind, "update gateway: ", test.says, "an update reads the gateway first, and this failed, so nothing was changed")
			server.RequireRequests("GET /demo")
		})
	}
}

// The PUT is repeated, and its response is held to the gateway, like other changes.
func TestUpdateItself(t *testing.T) {
	there := clienttest.GatewayReply("demo", nil)
	for name, test := range map[string]struct {
		after []clienttest.Handler
		want  []string
		kind  error
	}{
		"repeated":    {[]clienttest.Handler{clienttest.Cut, clienttest.Reply(500, ""), there}, []string{"PUT /demo", "PUT /demo", "PUT /demo"}, nil},
		"no result":   {[]clienttest.Handler{clienttest.Reply(200, `{"success":true}`), there}, []string{"PUT /demo", "GET /demo"}, nil},
		"another":     {[]clienttest.Handler{clienttest.GatewayReply("other", nil)}, []string{"PUT /demo"}, client.ErrUnexpectedResponse},
		"not success": {[]clienttest.Handler{clienttest.Reply(200, clienttest.Failure(7001, "no"))}, []string{"PUT /demo"}, client.ErrUnexpectedResponse},
		"invented id": {[]clienttest.Handler{clienttest.GatewayReply("../x", nil)}, []string{"PUT /demo"}, client.ErrUnexpectedResponse},
		"gone":        {[]clienttest.Handler{clienttest.Reply(http.StatusNotFound, clienttest.Failure(7002, "Not Found"))}, []string{"PUT /demo"}, client.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, slices.Concat([]clienttest.Handler{there}, test.after)...)
			_, err := gateways.Update(t.Context(), c, clienttest.Account, "demo", "demo", clienttest.GatewaySettings(), gateways.Settings{})
			if test.kind == nil {
				clienttest.RequireNoError(t, err)
			} else {
				clienttest.RequireKind(t, err, test.kind)
			}
			server.RequireRequests(append([]string{"GET /demo"}, test.want...)...)
		})
	}
}
