package acctest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"regexp"
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

// guesses are values for a setting without an entry in samples, in the order in
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
	found := 0
	for _, attribute := range schema.Block.Attributes {
		scalar := attribute.NestedType == nil && (attribute.Type.Is(tftypes.String) || attribute.Type.Is(tftypes.Bool) || attribute.Type.Is(tftypes.Number))
		if !scalar || !attribute.Optional && !attribute.Required || attribute.Name == "account_id" { // which is in the path
			continue
		}
		found++
		t.Run(attribute.Name, func(t *testing.T) {
			t.Parallel()
			if incomplete := checkSetting(t, attribute); incomplete != "" {
				t.Error(incomplete)
			}
		})
	}
	if found < 20 {
		t.Errorf("the schema has %d scalar attributes that can be set, and had more", found)
	}
}

// checkSetting returns a sentence that says where the attribute is forgotten, or
// nothing.
func checkSetting(t *testing.T, attribute *tfprotov6.SchemaAttribute) string {
	t.Helper()
	name := attribute.Name
	s, ok := samples[name]
	if !ok {
		if s, ok = guess(t, attribute); !ok {
			return fmt.Sprintf("%s: no value to test it with passes validation and differs from the default; add two configurations to samples", name)
		}
	}
	field := name
	if wire, ok := wireNames[name]; ok {
		field = wire
	}
	if incomplete := followCreate(t, name, field, s); incomplete != "" {
		return incomplete
	}
	if attribute.Required {
		return "" // a change replaces the gateway
	}
	return followUpdate(t, name, field, s)
}

// guess finds a sample for an attribute that stands alone. Its other
// configuration leaves the attribute out.
func guess(t *testing.T, attribute *tfprotov6.SchemaAttribute) (sample, bool) {
	t.Helper()
	service := acctest.Emulate(t, emulator.Options{})
	server := service.Protocol(t, nil)
	values := guesses(attribute.Type)
	if attribute.Type.Is(tftypes.String) {
		refused := server.Resource(gatewayType).Validate(gatewayWith(attrs{attribute.Name: "no choice"})).At(attribute.Name).String()
		for _, quoted := range regexp.MustCompile(`"([a-zA-Z_-]+)"`).FindAllStringSubmatch(refused, -1) {
			values = append(values, quoted[1])
		}
	}
	var usual any
	created := server.Resource(gatewayType)
	if plan, diags := created.Plan(gatewayWith(nil)); !diags.HasError() && !created.Apply(plan).HasError() {
		usual = created.State()[attribute.Name]
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
func followCreate(t *testing.T, name, field string, s sample) string {
	t.Helper()
	value := s.config[name]
	_, usual := createGateway(t, name, s.other)
	service, made := createGateway(t, name, s.config)
	switch {
	case made.sent[field] == nil || reflect.DeepEqual(made.sent[field], usual.sent[field]):
		return fmt.Sprintf("%s is never sent by the client: the requests to create a gateway with %s = %v have %q = %v; the codec of package client lacks it, or its field has another name (see wireNames)",
			name, name, value, field, made.sent[field])
	case !reflect.DeepEqual(made.shown[field], made.sent[field]):
		return fmt.Sprintf("%s is not stored by the emulator: the request said %q = %v and GET shows %v", name, field, made.sent[field], made.shown[field])
	case len(made.failures) > 0:
		return fmt.Sprintf("%s cannot be applied, although it is sent and stored: %s", name, made.failures[0])
	case made.state[name] != value:
		return fmt.Sprintf("%s is not read back into state: it is %v, want %v", name, made.state[name], value)
	}
	server := service.Protocol(t, nil)
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
	value := s.config[name]
	service := acctest.Emulate(t, emulator.Options{})
	var sent attrs
	failures := protocol.Record(t, func(tb testing.TB) {
		gateway := service.Protocol(tb, nil).Resource(gatewayType)
		gateway.MustApply(gatewayWith(s.other))
		service.Emulator.ResetRequests()
		gateway.MustApply(gatewayWith(s.config))
		if got := gateway.State()[name]; got != value {
			tb.Errorf("state has %v, want %v", got, value)
		}
	})
	sent = bodies(t, service)
	shown := get(t, service, "demo")
	switch {
	case sent[field] == nil:
		return fmt.Sprintf("%s is never sent by the client in an update: no request has %q", name, field)
	case !reflect.DeepEqual(shown[field], sent[field]):
		return fmt.Sprintf("%s is not stored by the emulator in an update: the request said %q = %v and GET shows %v", name, field, sent[field], shown[field])
	case len(failures) > 0:
		return fmt.Sprintf("%s cannot be changed, although it is sent and stored: %s", name, failures[0])
	}
	return ""
}

// creation is what became of a gateway's configuration.
type creation struct {
	sent, shown attrs // in the terms of the wire
	state       attrs
	failures    []string
}

func createGateway(t *testing.T, name string, config attrs) (*acctest.Service, creation) {
	t.Helper()
	service := acctest.Emulate(t, emulator.Options{})
	var made creation
	made.failures = protocol.Record(t, func(tb testing.TB) {
		gateway := service.Protocol(tb, nil).Resource(gatewayType)
		gateway.MustApply(gatewayWith(config))
		made.state = gateway.State()
	})
	made.sent = bodies(t, service)
	id := "demo"
	if name == "name" && config["name"] != nil {
		id, _ = config["name"].(string)
	}
	made.shown = get(t, service, id)
	return service, made
}

func gatewayWith(config attrs) attrs {
	all := attrs{"name": "demo"}
	maps.Copy(all, config)
	return all
}

// bodies returns the fields of all requests that write, the last of each name.
func bodies(t *testing.T, service *acctest.Service) attrs {
	t.Helper()
	all := attrs{}
	for _, request := range service.Emulator.Requests() {
		if request.Body == "" {
			continue
		}
		var body attrs
		if err := json.Unmarshal([]byte(request.Body), &body); err != nil {
			t.Fatal(err)
		}
		maps.Copy(all, body)
	}
	return all
}

// get returns a gateway as the service shows it, or nothing if it has none.
func get(t *testing.T, service *acctest.Service, id string) attrs {
	t.Helper()
	url := service.BaseURL + "/accounts/" + service.AccountID + "/ai-gateway/gateways/" + id
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+service.Token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var envelope struct{ Result attrs }
	if err := json.Unmarshal(text, &envelope); err != nil {
		t.Fatal(err)
	}
	return envelope.Result
}
