package acctest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

type attrs = map[string]any

const gatewayType = "aigateway_gateway"

// wireNames are the fields of Cloudflare's API that are not called like the
// attribute that sets them.
var wireNames = map[string]string{
	"name": "id", "cache_enabled": "cache_ttl", "rate_limiting_enabled": "rate_limiting_limit", "log_enabled": "collect_logs",
}

// samples are settings that need others beside them: two configurations that
// differ in the attribute alone. A setting that stands alone needs no entry.
var samples = map[string]sample{
	"cache_enabled": {
		config: attrs{"cache_enabled": true, "cache_ttl": int64(60)}, other: attrs{"cache_enabled": false, "cache_ttl": int64(60)},
	},
	"rate_limiting_enabled": {
		config: attrs{"rate_limiting_enabled": true, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)},
		other:  attrs{"rate_limiting_enabled": false, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)},
	},
	"rate_limiting_limit": {
		config: attrs{"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)},
		other:  attrs{"rate_limiting_limit": int64(7), "rate_limiting_interval": int64(60)},
	},
	"rate_limiting_interval": {
		config: attrs{"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)},
		other:  attrs{"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(90)},
	},
}

// guesses returns values for a setting without an entry in samples, in the order in
// which they are tried. Validation's list of choices comes after them.
func guesses(typ tftypes.Type) []any {
	switch {
	case typ.Is(tftypes.Bool):
		return []any{true, false}
	case typ.Is(tftypes.Number):
		return []any{int64(3), int64(60), int64(1000), int64(20000), 0.5}
	default:
		return []any{"guess", strings.Repeat("k", 32), "https://guess.example.com"}
	}
}

// A sample is a configuration of an attribute that is not its default, and one
// that differs in it. Both lack the name.
type sample struct{ config, other attrs }

// TestEveryGatewaySettingIsComplete configures each scalar attribute of the
// gateway, one at a time, and follows the value to the service and back. No
// package sees the schema, the codec and the emulator together, so this is where
// a setting that is missing in one of them shows.
func TestEveryGatewaySettingIsComplete(t *testing.T) {
	t.Parallel()
	schema := acctest.Emulate(t, emulator.Options{}).Protocol(t, nil).Schema().ResourceSchemas[gatewayType]
	bare := apply(t, attrs{})
	for _, failure := range bare.failures {
		t.Fatalf("a gateway cannot be created by its name alone: %s", sentence(failure))
	}
	found := 0
	for _, attribute := range schema.Block.Attributes {
		scalar := attribute.NestedType == nil && (attribute.Type.Is(tftypes.String) || attribute.Type.Is(tftypes.Bool) || attribute.Type.Is(tftypes.Number))
		if !scalar || !attribute.Optional && !attribute.Required || attribute.Name == "account_id" { // which is in the path
			continue
		}
		found++
		t.Run(attribute.Name, func(t *testing.T) {
			t.Parallel()
			if incomplete := checkSetting(t, attribute, bare); incomplete != "" {
				t.Error(incomplete)
			}
		})
	}
	if found < 20 {
		t.Errorf("the schema has %d scalar attributes that can be set, and had more", found)
	}
}

// TestEveryGatewayFieldHasAnAttribute compares the schema with what the emulator
// shows of a gateway, which follows the API's documents and shares nothing with the
// provider. A setting that the provider lacks has no attribute that the test above
// could follow.
func TestEveryGatewayFieldHasAnAttribute(t *testing.T) {
	t.Parallel()
	made := apply(t, attrs{})
	if len(made.failures) > 0 {
		t.Fatal(sentence(made.failures[0]))
	}
	schema := made.service.Protocol(t, nil).Schema()
	for what, block := range map[string]*tfprotov6.SchemaBlock{
		"resource": schema.ResourceSchemas[gatewayType].Block, "data source": schema.DataSourceSchemas[gatewayType].Block,
	} {
		if missing := withoutAttribute(made.stored, block.Attributes); len(missing) > 0 {
			t.Errorf("the service shows %q, and the %s %s has no attribute for it", missing, what, gatewayType)
		}
	}

	// The check itself: a schema without a setting is noticed, by its name and by
	// the one that it has on the wire.
	for _, name := range []string{"zdr", "log_enabled", "guardrails"} {
		fewer := slices.DeleteFunc(slices.Clone(schema.ResourceSchemas[gatewayType].Block.Attributes),
			func(a *tfprotov6.SchemaAttribute) bool { return a.Name == name })
		field := name
		if wire, ok := wireNames[name]; ok {
			field = wire
		}
		if missing := withoutAttribute(made.stored, fewer); !slices.Equal(missing, []string{field}) {
			t.Errorf("without the attribute %s, %q are missing", name, missing)
		}
	}
}

// withoutAttribute returns the fields of a gateway that have no attribute.
func withoutAttribute(shown attrs, attributes []*tfprotov6.SchemaAttribute) []string {
	covered := map[string]bool{}
	for _, attribute := range attributes {
		covered[attribute.Name] = true
		if field, ok := wireNames[attribute.Name]; ok {
			covered[field] = true
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(shown)), func(field string) bool { return covered[field] })
}

// checkSetting returns a sentence that says where the attribute is forgotten, or
// nothing. The bare gateway was created without any setting.
func checkSetting(t *testing.T, attribute *tfprotov6.SchemaAttribute, bare outcome) string {
	t.Helper()
	name := attribute.Name
	s, ok := samples[name]
	if !ok {
		if s, ok = guess(t, attribute, bare.state[name]); !ok {
			return fmt.Sprintf("%s: no value to test it with passes validation and differs from the default; add two configurations to samples", name)
		}
	}
	field := name
	if wire, ok := wireNames[name]; ok {
		field = wire
	}
	usual := bare
	if len(s.other) > 0 {
		usual = apply(t, s.other)
	}
	if incomplete := followCreate(t, name, field, s, usual); incomplete != "" || attribute.Required {
		return incomplete // a change of what is required replaces the gateway
	}
	if incomplete := followUpdate(t, name, field, s); incomplete != "" {
		return incomplete
	}
	return checkOtherFormat(t, name, s)
}

// guess finds a sample for an attribute that stands alone: a value that
// validation accepts and that is not the usual one. Its other configuration
// leaves the attribute out.
func guess(t *testing.T, attribute *tfprotov6.SchemaAttribute, usual any) (sample, bool) {
	t.Helper()
	server := acctest.Emulate(t, emulator.Options{}).Protocol(t, nil)
	values := guesses(attribute.Type)
	if attribute.Type.Is(tftypes.String) {
		refused := server.Resource(gatewayType).Validate(gatewayWith(attrs{attribute.Name: "no choice"})).At(attribute.Name).String()
		for _, quoted := range regexp.MustCompile(`"([a-zA-Z_-]+)"`).FindAllStringSubmatch(refused, -1) {
			values = append(values, quoted[1])
		}
	}
	for _, value := range values {
		config := attrs{attribute.Name: value}
		if value != usual && !server.Resource(gatewayType).Validate(gatewayWith(config)).HasError() {
			return sample{config: config, other: attrs{}}, true
		}
	}
	return sample{}, false
}

// followCreate creates a gateway and looks for the value in the request, in the
// service, in state, in an import and in the data sources.
func followCreate(t *testing.T, name, field string, s sample, usual outcome) string {
	t.Helper()
	value := s.config[name]
	made := apply(t, s.config)
	switch {
	case made.sent[field] == nil || reflect.DeepEqual(made.sent[field], usual.sent[field]):
		return fmt.Sprintf("%s is never sent by the client: the requests to create a gateway with %s = %v have %q = %v, as without it; "+
			"the model or the codec lacks it, or its field has another name (see wireNames)", name, name, value, field, made.sent[field])
	case !reflect.DeepEqual(made.stored[field], made.sent[field]):
		return fmt.Sprintf("%s is not stored by the emulator: the request has %q = %v and GET shows %v", name, field, made.sent[field], made.stored[field])
	case len(made.failures) > 0:
		return fmt.Sprintf("%s is sent and stored, and not read back: %s", name, sentence(made.failures[0]))
	case made.state[name] != value:
		return fmt.Sprintf("%s is not kept in state: it is %v, want %v", name, made.state[name], value)
	}
	server := made.service.Protocol(t, nil)
	imported := server.Resource(gatewayType)
	id, _ := made.state["id"].(string)
	if diags := imported.Import(id); diags.HasError() {
		return fmt.Sprintf("%s breaks the import: %s", name, diags)
	}
	if got := imported.State()[name]; got != value {
		return fmt.Sprintf("%s is not read back from the service: an import has %v, want %v; the conversion of responses lacks it", name, got, value)
	}
	one, diags := server.ReadDataSource(gatewayType, attrs{"name": id})
	if diags.HasError() {
		return fmt.Sprintf("%s breaks the data source: %s", name, diags)
	}
	if got := protocol.Object(t, one)[name]; got != value {
		return fmt.Sprintf("%s is not in the data source %s: it has %v, want %v", name, gatewayType, got, value)
	}
	all, diags := server.ReadDataSource("aigateway_gateways", attrs{})
	if diags.HasError() {
		return fmt.Sprintf("%s breaks the data source of all gateways: %s", name, diags)
	}
	if list, _ := protocol.Object(t, all)["gateways"].([]any); len(list) != 1 || list[0].(attrs)[name] != value {
		return fmt.Sprintf("%s is not in the data source aigateway_gateways: it has %v", name, list)
	}
	return ""
}

// followUpdate sets the value on a gateway that exists, and looks for it again.
func followUpdate(t *testing.T, name, field string, s sample) string {
	t.Helper()
	made := apply(t, s.other, s.config)
	switch {
	case made.sent[field] == nil:
		return fmt.Sprintf("%s is never sent by the client in an update: no request has %q", name, field)
	case !reflect.DeepEqual(made.stored[field], made.sent[field]):
		return fmt.Sprintf("%s is not stored by the emulator in an update: the request has %q = %v and GET shows %v", name, field, made.sent[field], made.stored[field])
	case len(made.failures) > 0:
		return fmt.Sprintf("%s is sent in an update and stored, and not read back: %s", name, sentence(made.failures[0]))
	case made.state[name] != s.config[name]:
		return fmt.Sprintf("%s is not kept in state in an update: it is %v, want %v", name, made.state[name], s.config[name])
	}
	return ""
}

// inGatewayInput are the settings of the published OpenAPI document, which the
// other wire format carries.
var inGatewayInput = []string{
	"cache_enabled", "cache_ttl", "rate_limiting_enabled", "rate_limiting_limit", "rate_limiting_interval", "log_enabled",
}

// checkOtherFormat checks that the plan refuses what the wire format cannot
// carry, instead of dropping it.
func checkOtherFormat(t *testing.T, name string, s sample) string {
	t.Helper()
	server := acctest.Emulate(t, emulator.Options{}).Protocol(t, attrs{"wire_format": "gateway_input"})
	_, diags := server.Resource(gatewayType).Plan(gatewayWith(s.config))
	if carried := slices.Contains(inGatewayInput, name); carried == diags.At(name).HasError() {
		return fmt.Sprintf("%s in the wire format gateway_input: carried is %v, and the plan says %q", name, carried, diags)
	}
	return ""
}

// sentence returns the first sentence of a failure, on one line.
func sentence(failure string) string {
	first, _, _ := strings.Cut(strings.Join(strings.Fields(failure), " "), ". ")
	return first
}

// An outcome is what became of a gateway's configuration.
type outcome struct {
	service *acctest.Service
	// sent are the fields of the requests of the last apply, and stored is what
	// an emulator that gets all requests shows then.
	sent, stored attrs
	state        attrs
	failures     []string
}

// apply applies configurations one after another.
func apply(t *testing.T, configs ...attrs) outcome {
	t.Helper()
	made := outcome{service: acctest.Emulate(t, emulator.Options{}), sent: attrs{}, stored: attrs{}}
	replayed := acctest.Emulate(t, emulator.Options{})
	made.failures = protocol.Record(t, func(tb testing.TB) {
		tb.Helper()
		gateway := made.service.Protocol(tb, nil).Resource(gatewayType)
		for _, config := range configs {
			gateway.MustApply(gatewayWith(config))
			made.state = gateway.State()
		}
	})
	for _, request := range made.service.Emulator.Requests() {
		if request.Method != http.MethodPost && request.Method != http.MethodPut {
			continue
		}
		var body attrs
		if err := json.Unmarshal([]byte(request.Body), &body); err != nil {
			t.Fatal(err)
		}
		maps.Copy(made.sent, body)
		shown := send(t, replayed, request.Method, request.Path, request.Body)
		id, _ := shown["id"].(string)
		made.stored = send(t, replayed, http.MethodGet, "/client/v4/accounts/"+acctest.AccountID+"/ai-gateway/gateways/"+id, "")
	}
	return made
}

func gatewayWith(config attrs) attrs {
	all := attrs{"name": "demo"}
	maps.Copy(all, config)
	return all
}

// send sends a request without the provider and returns the result in the
// response.
func send(t *testing.T, service *acctest.Service, method, path, body string) attrs {
	t.Helper()
	url := strings.TrimSuffix(service.BaseURL, "/client/v4") + path
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+service.Token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var envelope struct{ Result attrs }
	if err := json.NewDecoder(resp.Body).Decode(&envelope); err != nil {
		t.Fatal(err)
	}
	return envelope.Result
}
