package gateways_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

func ofGuardrails(prompt, response map[string]string) gateways.Settings {
	return gateways.Settings{Guardrails: &gateways.Guardrails{Prompt: prompt, Response: response}}
}

func ofDLP(d gateways.DLP) gateways.Settings { return gateways.Settings{DLP: &d} }

func ofOTel(receivers ...gateways.OTel) gateways.Settings { return gateways.Settings{OTel: receivers} }

func ofLimits(enabled bool, rules map[string]gateways.SpendRule) gateways.Settings {
	return gateways.Settings{SpendLimits: &gateways.SpendLimits{Enabled: enabled, Rules: rules}}
}

func ofStripe(authorization string, events ...string) gateways.Settings {
	return gateways.Settings{Stripe: &gateways.Stripe{Authorization: authorization, UsageEvents: append([]string{}, events...)}}
}

// featureForms are the features in all forms in which a service may write them, and
// what they mean. An empty wire leaves the field out.
var featureForms = []struct {
	field, wire string
	want        gateways.Settings
}{
	{"guardrails", "", gateways.Settings{}},
	{"guardrails", "null", gateways.Settings{}},
	{"guardrails", "{}", gateways.Settings{}},
	{"guardrails", `{"prompt":{},"response":{}}`, gateways.Settings{}},
	{"guardrails", `{"prompt":null,"response":null}`, gateways.Settings{}},
	{"guardrails", `{"prompt":{"S1":null},"response":{"P1":""}}`, gateways.Settings{}},
	{"guardrails", `{"prompt":{"S1":"FLAG","P1":"BLOCK","S2":null},"response":{}}`, ofGuardrails(words{"S1": "FLAG", "P1": "BLOCK"}, words{})},
	{"guardrails", `{"response":{"S13":"BLOCK"}}`, ofGuardrails(words{}, words{"S13": "BLOCK"})},
	{"guardrails", `{"prompt":{"S14":"REDACT"},"response":{},"new":1}`, ofGuardrails(words{"S14": "REDACT"}, words{})},

	{"dlp", "", gateways.Settings{}},
	{"dlp", "null", gateways.Settings{}},
	{"dlp", "{}", gateways.Settings{}},
	{"dlp", wireDLPOff, gateways.Settings{}},
	{"dlp", `{"enabled":false}`, gateways.Settings{}},
	{"dlp", `{"enabled":null,"action":null,"profiles":null,"policies":null}`, gateways.Settings{}},
	{"dlp", `{"enabled":0,"policies":[]}`, gateways.Settings{}},
	{"dlp", `{"enabled":true,"action":"BLOCK","profiles":["p2","p1"]}`, ofDLP(gateways.DLP{Enabled: true, Action: "BLOCK", Profiles: []string{"p2", "p1"}})},
	{"dlp", `{"enabled":true,"action":"FLAG","profiles":[]}`, ofDLP(gateways.DLP{Enabled: true, Action: "FLAG", Profiles: []string{}})},
	{"dlp", `{"enabled":1,"action":"FLAG"}`, ofDLP(gateways.DLP{Enabled: true, Action: "FLAG"})},
	{"dlp", `{"enabled":false,"action":"FLAG","profiles":["p"],"policies":null}`, ofDLP(gateways.DLP{Action: "FLAG", Profiles: []string{"p"}})},
	{"dlp", `{"enabled":true,"action":"FLAG","profiles":["p"],"policies":[]}`, ofDLP(gateways.DLP{Enabled: true, Action: "FLAG", Profiles: []string{"p"}})},
	{"dlp", `{"enabled":true,"policies":[]}`, ofDLP(gateways.DLP{Enabled: true, Policies: policyBy{}})},
	{"dlp", `{"enabled":true,"action":null,"profiles":[],"policies":[{"id":"a","enabled":true,"action":"BLOCK","check":["REQUEST"],"profiles":["p"],"new":1}]}`,
		ofDLP(gateways.DLP{Enabled: true, Policies: policyBy{"a": {Enabled: true, Action: "BLOCK", Check: []string{"REQUEST"}, Profiles: []string{"p"}}}})},
	{"dlp", `{"enabled":false,"policies":[{"id":"a"},{"id":"b","enabled":null,"action":"FLAG","check":[],"profiles":null}]}`,
		ofDLP(gateways.DLP{Policies: policyBy{"a": {}, "b": {Action: "FLAG", Check: []string{}}}})},
	// Policies without a unique id must not get lost.
	{"dlp", `{"policies":[{"id":"a","action":"FLAG"},{"id":"a","action":"BLOCK"},{"action":"FLAG"}]}`,
		ofDLP(gateways.DLP{Policies: policyBy{"a": {Action: "FLAG"}, "a#1": {Action: "BLOCK"}, "#1": {Action: "FLAG"}}})},

	{"otel", "", gateways.Settings{}},
	{"otel", "null", gateways.Settings{}},
	{"otel", "[]", gateways.Settings{}},
	{"otel", `[{"url":"https://a.example"}]`, ofOTel(gateways.OTel{URL: "https://a.example", ContentType: "json"})},
	{"otel", `[{"url":"https://a.example","headers":null,"authorization":null,"content_type":null}]`, ofOTel(gateways.OTel{URL: "https://a.example", ContentType: "json"})},
	{"otel", `[{"url":"https://a.example","headers":{},"authorization":"","content_type":""}]`,
		ofOTel(gateways.OTel{URL: "https://a.example", Headers: words{}, ContentType: "json"})},
	{"otel", `[{"url":"b","headers":{"x":"1"},"authorization":"ref","content_type":"protobuf","new":[]},{"url":"a","headers":{"x":"***"},"authorization":"***"}]`,
		ofOTel(gateways.OTel{URL: "b", Headers: words{"x": "1"}, Authorization: "ref", ContentType: "protobuf"},
			gateways.OTel{URL: "a", Headers: words{"x": "***"}, Authorization: "***", ContentType: "json"})},
	{"otel", `[{"url":"a"},{"url":"a"}]`, ofOTel(gateways.OTel{URL: "a", ContentType: "json"}, gateways.OTel{URL: "a", ContentType: "json"})},

	{"spend_limits", "", gateways.Settings{}},
	{"spend_limits", "null", gateways.Settings{}},
	{"spend_limits", "{}", gateways.Settings{}},
	{"spend_limits", `{"enabled":false,"rules":[]}`, gateways.Settings{}},
	{"spend_limits", `{"enabled":null,"rules":null}`, gateways.Settings{}},
	{"spend_limits", `{"enabled":true}`, ofLimits(true, ruleBy{})},
	{"spend_limits", `{"enabled":true,"rules":[]}`, ofLimits(true, ruleBy{})},
	{"spend_limits", `{"rules":[{"id":"a","limit":5,"limitType":"cost","window":60}]}`, ofLimits(false, ruleBy{
		"a": {Enabled: true, Limit: 5, LimitType: "cost", Window: 60, Technique: "sliding"},
	})},
	{"spend_limits", `{"rules":[{"id":"a","limit":5,"limit_type":"cost","window":60,"model":{"mode":"partition"},"provider":{"mode":"partition"}}]}`, ofLimits(false, ruleBy{
		"a": {
			Enabled: true, Limit: 5, LimitType: "cost", Window: 60, Technique: "sliding",
			Model: &gateways.SpendFilter{Mode: "partition"}, Provider: &gateways.SpendFilter{Mode: "partition"},
		},
	})},
	{"spend_limits", `{"enabled":"true","rules":[{"id":"a","enabled":null,"limit":0.01,"limitType":"cost","window":60.0,` +
		`"technique":null,"metadata":null,"model":null,"provider":null,"new":{}}]}`, ofLimits(true, ruleBy{
		"a": {Enabled: true, Limit: 0.01, LimitType: "cost", Window: 60, Technique: "sliding"},
	})},
	{"spend_limits", `{"enabled":true,"rules":[{"id":"b","enabled":false,"limit":1e2,"limitType":"tokens","window":86400,"technique":"fixed",` +
		`"metadata":{"user":{"mode":"partition"},"team":{"mode":"filter","values":["x"]}},` +
		`"model":{"mode":"filter","values":["m"]},"provider":{"mode":"filter","values":["p","q"]}},{"id":"a","metadata":{}}]}`, ofLimits(true, ruleBy{
		"a": {Enabled: true, Technique: "sliding"},
		"b": {
			Limit: 100, LimitType: "tokens", Window: 86400, Technique: "fixed",
			Metadata: map[string]gateways.SpendFilter{"user": {Mode: "partition"}, "team": {Mode: "filter", Values: []string{"x"}}},
			Model:    &gateways.SpendFilter{Mode: "filter", Values: []string{"m"}},
			Provider: &gateways.SpendFilter{Mode: "filter", Values: []string{"p", "q"}},
		},
	})},
	{"spend_limits", `{"rules":[{"id":"a","limit":1},{"id":"a","limit":2},{"limit":3},{"id":"","limit":4}]}`, ofLimits(false, ruleBy{
		"a": {Enabled: true, Limit: 1, Technique: "sliding"}, "a#1": {Enabled: true, Limit: 2, Technique: "sliding"},
		"#1": {Enabled: true, Limit: 3, Technique: "sliding"}, "#2": {Enabled: true, Limit: 4, Technique: "sliding"},
	})},

	{"stripe", "", gateways.Settings{}},
	{"stripe", "null", gateways.Settings{}},
	{"stripe", "{}", gateways.Settings{}},
	{"stripe", `{"authorization":null,"usage_events":null}`, gateways.Settings{}},
	{"stripe", `{"authorization":"","usage_events":null}`, gateways.Settings{}},
	{"stripe", wireStripe, ofStripe("stripe-key", `{"a":"$cost"}`, "")},
	{"stripe", `{"authorization":"sk_***","usage_events":[{"payload":"x","new":1}],"new":1}`, ofStripe("sk_***", "x")},
	{"stripe", `{"authorization":"k"}`, ofStripe("k")},
	// A service that omits secrets returns nothing else of Stripe.
	{"stripe", `{"usage_events":[]}`, ofStripe("")},
	{"stripe", `{"usage_events":[{"payload":"x"}]}`, ofStripe("", "x")},
}

func TestFeatures(t *testing.T) {
	for _, test := range featureForms {
		gateway, err := decode(t, raw(test.field, test.wire))
		if err != nil {
			t.Errorf("%s %s: %v", test.field, test.wire, err)
			continue
		}
		got := gateways.Settings{
			Guardrails: gateway.Guardrails, DLP: gateway.DLP, OTel: gateway.OTel, SpendLimits: gateway.SpendLimits, Stripe: gateway.Stripe,
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", test.field, test.wire, diff)
		}
	}
}

// All features at once are decoded as they were sent, next to unknown fields.
func TestFeaturesTogether(t *testing.T) {
	o := clienttest.Gateway("demo", clienttest.Fields{"brand_new": clienttest.Fields{"id": 7}, "account_id": clienttest.Account, "wholesale": true})
	for field, value := range features {
		o[field] = json.RawMessage(value)
	}
	gateway, err := decode(t, clienttest.Encode(o))
	clienttest.RequireNoError(t, err)
	if same := gateways.CompareFeatures(withDefaults(everything()), gateway.Settings); same != allSame {
		t.Errorf("%+v", same)
	}
}

var allSame = gateways.SameFeatures{Guardrails: true, DLP: true, OTel: true, SpendLimits: true, Stripe: true}

// withDefaults returns settings with the API's defaults, as the service responds.
func withDefaults(s gateways.Settings) gateways.Settings {
	for i := range s.OTel {
		if s.OTel[i].ContentType == "" {
			s.OTel[i].ContentType = "json"
		}
	}
	if s.SpendLimits != nil {
		for id, rule := range s.SpendLimits.Rules {
			if rule.Technique == "" {
				rule.Technique = "sliding"
				s.SpendLimits.Rules[id] = rule
			}
		}
	}
	return s
}

// wrongFeatures have no meaning in any form. says is the error.
var wrongFeatures = []struct{ field, wire, says string }{
	{"guardrails", `[]`, "guardrails is an array"},
	{"guardrails", `true`, "guardrails is a bool"},
	{"guardrails", `{"prompt":7}`, "guardrails.prompt is a number"},
	{"guardrails", `{"prompt":{},"response":["S1"]}`, "guardrails.response is an array"},
	{"guardrails", `{"prompt":{"S1":true}}`, "guardrails.prompt is a bool"},
	{"dlp", `[]`, "dlp is an array"},
	{"dlp", `"on"`, "dlp is a string"},
	{"dlp", `{"enabled":"yes"}`, `dlp: "yes" is not a boolean`},
	{"dlp", `{"enabled":true,"action":1}`, "dlp.action is a number"},
	{"dlp", `{"enabled":true,"profiles":"p"}`, "dlp.profiles is a string"},
	{"dlp", `{"enabled":true,"profiles":[1]}`, "dlp.profiles is a number"},
	{"dlp", `{"enabled":true,"policies":{}}`, "dlp.policies is an object"},
	{"dlp", `{"enabled":true,"policies":[7]}`, "dlp.policies is a number"},
	{"dlp", `{"enabled":true,"policies":[{"id":7}]}`, "dlp.policies.id is a number"},
	{"dlp", `{"enabled":true,"policies":[{"id":"a","check":"REQUEST"}]}`, "dlp.policies.check is a string"},
	{"otel", `{}`, "otel is an object"},
	{"otel", `["https://a.example"]`, "otel is a string"},
	{"otel", `[{"url":[]}]`, "otel.url is an array"},
	{"otel", `[{"url":"a","headers":["x"]}]`, "otel.headers is an array"},
	{"otel", `[{"url":"a","headers":{"x":1}}]`, "otel.headers is a number"},
	{"otel", `[{"url":"a","authorization":{"ref":"x"}}]`, "otel.authorization is an object"},
	{"spend_limits", `[]`, "spend_limits is an array"},
	{"spend_limits", `{"enabled":2}`, "spend_limits: 2 is not a boolean"},
	{"spend_limits", `{"rules":{}}`, "spend_limits.rules is an object"},
	{"spend_limits", `{"rules":[{"limit":"5"}]}`, "spend_limits.rules.limit is a string"},
	{"spend_limits", `{"rules":[{"limit":1e999}]}`, "spend_limits.rules.limit is a number out of range"},
	{"spend_limits", `{"rules":[{"window":"60"}]}`, `spend_limits: "60" is not a whole number`},
	{"spend_limits", `{"rules":[{"window":1.5}]}`, "spend_limits: 1.5 is not a whole number"},
	{"spend_limits", `{"rules":[{"metadata":[]}]}`, "spend_limits.rules.metadata is an array"},
	{"spend_limits", `{"rules":[{"metadata":{"a":"x"}}]}`, "spend_limits.rules.metadata is a string"},
	{"spend_limits", `{"rules":[{"model":"m"}]}`, "spend_limits.rules.model is a string"},
	{"spend_limits", `{"rules":[{"model":{"values":"m"}}]}`, "spend_limits.rules.model.values is a string"},
	{"stripe", `[]`, "stripe is an array"},
	{"stripe", `{"authorization":7}`, "stripe.authorization is a number"},
	{"stripe", `{"usage_events":{}}`, "stripe.usage_events is an object"},
	{"stripe", `{"usage_events":["x"]}`, "stripe.usage_events is a string"},
	{"stripe", `{"usage_events":[{"payload":{}}]}`, "stripe.usage_events.payload is an object"},
}

// The error says where it is, in the API's terms.
func TestWrongFeatures(t *testing.T) {
	for _, test := range wrongFeatures {
		gateway, err := decode(t, raw(test.field, test.wire))
		if gateway != nil {
			t.Errorf("%s %s: %+v", test.field, test.wire, gateway)
		}
		clienttest.RequireKind(t, err, client.ErrUnexpectedResponse)
		if want := "read gateway: HTTP 200 OK: " + test.says; err.Error() != want {
			t.Errorf("%s %s:\n got %s\nwant %s", test.field, test.wire, err, want)
		}
	}
}

type (
	words    = map[string]string
	policyBy = map[string]gateways.DLPPolicy
	ruleBy   = map[string]gateways.SpendRule
)
