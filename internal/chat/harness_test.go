package chat_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

const (
	typeName = "aigateway_chat_completion"
	account  = "0123456789abcdef0123456789abcdef"
	token    = "token-of-the-gateway"
	model    = "openai/gpt-x"

	completion = `{"object":"chat.completion","model":"gpt-x-2026","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}`
)

// unknown stands for a value that is known only after apply.
type unknown struct{}

// attrs are the attributes of a configuration. Missing ones are null.
type attrs = map[string]any

// sent is a request that the data plane received.
type sent struct {
	uri, body string
	header    http.Header
}

// dataPlane sends the same response to every request and records the requests.
type dataPlane struct {
	*httptest.Server
	mu       sync.Mutex
	requests []sent
}

func (d *dataPlane) seen() []sent {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]sent(nil), d.requests...)
}

func serve(t *testing.T, handler http.HandlerFunc) *dataPlane {
	t.Helper()
	d := &dataPlane{}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("reading a request: %v", err)
		}
		d.mu.Lock()
		d.requests = append(d.requests, sent{r.Method + " " + r.RequestURI, string(body), r.Header.Clone()})
		d.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(d.Close)
	return d
}

func respond(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// terraform calls the provider as a CLI does.
type terraform struct {
	server   tfprotov6.ProviderServer
	provider tftypes.Object
	data     tftypes.Object
}

func start(t *testing.T) *terraform {
	t.Helper()
	p := provider.NewWithOptions("test", provider.Options{Getenv: func(string) string { return "" }})
	server := providerserver.NewProtocol6(p())()
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if text := texts(schema.Diagnostics); text != "" {
		t.Fatal(text)
	}
	return &terraform{
		server:   server,
		provider: schema.Provider.ValueType().(tftypes.Object),
		data:     schema.DataSourceSchemas[typeName].ValueType().(tftypes.Object),
	}
}

// configure starts a provider that may send requests to the data plane. change
// overrides its attributes, and nil removes one.
func configure(t *testing.T, baseURL string, change attrs) *terraform {
	t.Helper()
	tf := start(t)
	config := attrs{
		"api_token": "token-of-the-api", "gateway_token": token, "account_id": account, "allow_test_requests": true,
		"base_url": baseURL + "/client/v4", "gateway_base_url": baseURL + "/v1",
	}
	maps.Copy(config, change)
	resp, err := tf.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: dynamic(t, tf.provider, config)})
	if err != nil {
		t.Fatal(err)
	}
	if text := texts(resp.Diagnostics); text != "" {
		t.Fatal(text)
	}
	return tf
}

// validate validates a configuration, as a plan does first.
func (tf *terraform) validate(t *testing.T, config attrs) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := tf.server.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: typeName, Config: dynamic(t, tf.data, config),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// readRaw returns the response to a read.
func (tf *terraform) readRaw(ctx context.Context, t *testing.T, config attrs) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	resp, err := tf.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: typeName, Config: dynamic(t, tf.data, config),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// attribute returns an attribute of a configuration or a state.
func (tf *terraform) attribute(t *testing.T, of *tfprotov6.DynamicValue, name string) tftypes.Value {
	t.Helper()
	value, err := of.Unmarshal(tf.data)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]tftypes.Value
	if err := value.As(&all); err != nil {
		t.Fatal(err)
	}
	return all[name]
}

// read returns the state after a read, nil after an error, and the diagnostics.
func (tf *terraform) read(ctx context.Context, t *testing.T, config attrs) (map[string]any, []*tfprotov6.Diagnostic) {
	t.Helper()
	resp := tf.readRaw(ctx, t, config)
	if resp.State == nil || len(resp.Diagnostics) > 0 {
		return nil, resp.Diagnostics // the framework returns the configuration then, which Terraform ignores
	}
	value, err := resp.State.Unmarshal(tf.data)
	if err != nil {
		t.Fatal(err)
	}
	if !value.IsFullyKnown() {
		t.Errorf("the state has unknown values: %s", value)
	}
	if value.IsNull() {
		return nil, resp.Diagnostics
	}
	state, _ := plain(t, value).(map[string]any)
	return state, resp.Diagnostics
}

// texts returns the text of all diagnostics, or "" without any.
func texts(diags []*tfprotov6.Diagnostic) string {
	var all []string
	for _, d := range diags {
		at := ""
		if d.Attribute != nil {
			at = d.Attribute.String() + ": "
		}
		all = append(all, fmt.Sprintf("%s%s\n%s", at, d.Summary, d.Detail))
	}
	return strings.Join(all, "\n\n")
}

func dynamic(t *testing.T, of tftypes.Object, config attrs) *tfprotov6.DynamicValue {
	t.Helper()
	for name := range config {
		if _, ok := of.AttributeTypes[name]; !ok {
			t.Fatalf("there is no attribute %q", name)
		}
	}
	value, err := tfprotov6.NewDynamicValue(of, build(t, of, config))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

// build converts v into a value of a type of the schema. A value of tftypes stays as it
// is.
func build(t *testing.T, as tftypes.Type, v any) tftypes.Value {
	t.Helper()
	if value, ok := v.(tftypes.Value); ok {
		return value
	}
	if as.Is(tftypes.DynamicPseudoType) {
		as = typeOf(t, v)
	}
	if _, ok := v.(unknown); ok {
		return tftypes.NewValue(as, tftypes.UnknownValue)
	}
	if v == nil {
		return tftypes.NewValue(as, nil)
	}
	switch as := as.(type) {
	case tftypes.Object:
		members := map[string]tftypes.Value{}
		for name, memberType := range as.AttributeTypes {
			members[name] = build(t, memberType, v.(attrs)[name])
		}
		return tftypes.NewValue(as, members)
	case tftypes.Map:
		members := map[string]tftypes.Value{}
		for name, member := range v.(attrs) {
			members[name] = build(t, as.ElementType, member)
		}
		return tftypes.NewValue(as, members)
	case tftypes.List:
		members := []tftypes.Value{}
		for _, member := range v.([]any) {
			members = append(members, build(t, as.ElementType, member))
		}
		return tftypes.NewValue(as, members)
	case tftypes.Tuple:
		members := []tftypes.Value{}
		for i, member := range v.([]any) {
			members = append(members, build(t, as.ElementTypes[i], member))
		}
		return tftypes.NewValue(as, members)
	default:
		return tftypes.NewValue(as, v)
	}
}

// typeOf returns the type that Terraform gives to a literal: objects and tuples, and no
// maps and lists.
func typeOf(t *testing.T, v any) tftypes.Type {
	t.Helper()
	switch v := v.(type) {
	case nil, unknown:
		return tftypes.DynamicPseudoType
	case tftypes.Value:
		return v.Type()
	case attrs:
		members := map[string]tftypes.Type{}
		for name, member := range v {
			members[name] = typeOf(t, member)
		}
		return tftypes.Object{AttributeTypes: members}
	case []any:
		members := []tftypes.Type{}
		for _, member := range v {
			members = append(members, typeOf(t, member))
		}
		return tftypes.Tuple{ElementTypes: members}
	case string:
		return tftypes.String
	case bool:
		return tftypes.Bool
	default:
		return tftypes.Number
	}
}

// plain converts a known value into Go's basic types, with numbers as int64.
func plain(t *testing.T, value tftypes.Value) any {
	t.Helper()
	var err error
	if value.IsNull() {
		return nil
	}
	defer func() {
		if err != nil {
			t.Fatal(err)
		}
	}()
	switch value.Type().(type) {
	case tftypes.Object, tftypes.Map:
		var members map[string]tftypes.Value
		err = value.As(&members)
		all := map[string]any{}
		for name, member := range members {
			all[name] = plain(t, member)
		}
		return all
	case tftypes.List:
		var members []tftypes.Value
		err = value.As(&members)
		all := []any{}
		for _, member := range members {
			all = append(all, plain(t, member))
		}
		return all
	}
	switch {
	case value.Type().Is(tftypes.Number):
		number := new(big.Float)
		err = value.As(number)
		whole, _ := number.Int64()
		return whole
	case value.Type().Is(tftypes.Bool):
		var b bool
		err = value.As(&b)
		return b
	default:
		var s string
		err = value.As(&s)
		return s
	}
}
