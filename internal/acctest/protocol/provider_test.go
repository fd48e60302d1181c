package protocol_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

type attrs = map[string]any

const typeName = "fake_object"

// nested are the attributes of the fake resource's nested objects.
var nested = []*tfprotov6.SchemaAttribute{
	{Name: "limit", Type: tftypes.Number, Optional: true},
	{Name: "etag", Type: tftypes.String, Computed: true},
	{Name: "token_wo", Type: tftypes.String, Optional: true, WriteOnly: true},
}

func object(mode tfprotov6.SchemaObjectNestingMode, name string) *tfprotov6.SchemaAttribute {
	return &tfprotov6.SchemaAttribute{Name: name, Optional: true, NestedType: &tfprotov6.SchemaObject{Nesting: mode, Attributes: nested}}
}

var resourceSchema = &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
	{Name: "id", Type: tftypes.String, Computed: true},
	{Name: "kind", Type: tftypes.String, Required: true},
	{Name: "note", Type: tftypes.String, Optional: true},
	{Name: "size", Type: tftypes.Number, Optional: true, Computed: true},
	{Name: "tags", Type: tftypes.Set{ElementType: tftypes.String}, Optional: true},
	{Name: "secret_wo", Type: tftypes.String, Optional: true, WriteOnly: true},
	object(tfprotov6.SchemaObjectNestingModeSingle, "one"),
	object(tfprotov6.SchemaObjectNestingModeMap, "named"),
	object(tfprotov6.SchemaObjectNestingModeList, "listed"),
	{Name: "group", Optional: true, NestedType: &tfprotov6.SchemaObject{Nesting: tfprotov6.SchemaObjectNestingModeSet, Attributes: []*tfprotov6.SchemaAttribute{
		{Name: "limit", Type: tftypes.Number, Optional: true},
	}}},
}}}

var identitySchema = &tfprotov6.ResourceIdentitySchema{IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
	{Name: "id", Type: tftypes.String, RequiredForImport: true},
}}

// response is what the fake provider is about to return, in plain Go. A test
// breaks the provider by changing it.
type response struct {
	state    attrs // nil for no object
	identity attrs // nil for none
	private  string
	replace  []string
	diags    []*tfprotov6.Diagnostic
	// imports is the number of imported objects.
	imports int
}

// fake is a correct provider with one resource, unless a function breaks it.
type fake struct {
	tfprotov6.ProviderServer

	// Each gets the number of the call, from 1 on, and the prior state.
	plan, apply, read func(call int, prior attrs, resp *response)
	take              func(resp *response)
	// requests are the requests, in words.
	requests []string
	plans    []attrs // the proposed states

	planned, applied, refreshed, created int
	tb                                   testing.TB
}

func (f *fake) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		Provider:        &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}},
		ResourceSchemas: map[string]*tfprotov6.Schema{typeName: resourceSchema},
		DataSourceSchemas: map[string]*tfprotov6.Schema{typeName: {Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
			{Name: "id", Type: tftypes.String, Computed: true},
		}}}},
	}, nil
}

func (f *fake) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{typeName: identitySchema}}, nil
}

func (f *fake) ValidateProviderConfig(context.Context, *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{}, nil
}

func (f *fake) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (f *fake) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (f *fake) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (f *fake) ReadDataSource(_ context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}
	return &tfprotov6.ReadDataSourceResponse{State: encode(f.tb, typ, attrs{"id": protocol.Unknown})}, nil
}

// PlanResourceChange keeps what is proposed. Computed values are unknown where
// there are none yet; kind and deleting a note replace the object.
func (f *fake) PlanResourceChange(_ context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	f.planned++
	prior, proposed := f.decode(req.PriorState), f.decode(req.ProposedNewState)
	f.plans = append(f.plans, f.decode(req.ProposedNewState))
	f.requests = append(f.requests, fmt.Sprintf("plan %s, private %q, identity %v", known(prior, "id"), req.PriorPrivate, f.identity(req.PriorIdentity)["id"]))
	resp := &response{state: proposed, private: string(req.PriorPrivate) + "p", identity: f.identity(req.PriorIdentity), replace: []string{"kind"}}
	if proposed != nil {
		each(proposed, func(o attrs) {
			for _, name := range []string{"secret_wo", "token_wo"} {
				if _, ok := o[name]; ok {
					o[name] = nil
				}
			}
			for _, name := range []string{"id", "size", "etag"} {
				if value, ok := o[name]; ok && value == nil {
					o[name] = protocol.Unknown
				}
			}
		})
	}
	if f.plan != nil {
		f.plan(f.planned, prior, resp)
	}
	var paths []*tftypes.AttributePath
	for _, name := range resp.replace {
		paths = append(paths, tftypes.NewAttributePath().WithAttributeName(name))
	}
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState: f.encode(resp.state), PlannedPrivate: []byte(resp.private), PlannedIdentity: f.encodeIdentity(resp.identity),
		RequiresReplace: paths, Diagnostics: resp.diags,
	}, nil
}

// ApplyResourceChange makes values for what is unknown.
func (f *fake) ApplyResourceChange(_ context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	f.applied++
	prior, planned := f.decode(req.PriorState), f.decode(req.PlannedState)
	f.requests = append(f.requests, fmt.Sprintf("apply %s, private %q, identity %v", known(prior, "id"), req.PlannedPrivate, f.identity(req.PlannedIdentity)["id"]))
	resp := &response{state: planned, private: string(req.PlannedPrivate) + "a"}
	if planned != nil {
		if prior == nil {
			f.created++
		}
		id := fmt.Sprintf("id-%d", f.created)
		each(planned, func(o attrs) {
			for name, value := range (attrs{"id": id, "size": int64(1), "etag": "etag"}) {
				if o[name] == protocol.Unknown {
					o[name] = value
				}
			}
		})
		resp.identity = attrs{"id": planned["id"]}
	}
	if f.apply != nil {
		f.apply(f.applied, prior, resp)
	}
	return &tfprotov6.ApplyResourceChangeResponse{
		NewState: f.encode(resp.state), Private: []byte(resp.private), NewIdentity: f.encodeIdentity(resp.identity), Diagnostics: resp.diags,
	}, nil
}

func (f *fake) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	f.refreshed++
	prior := f.decode(req.CurrentState)
	f.requests = append(f.requests, fmt.Sprintf("read %s, private %q, identity %v", known(prior, "id"), req.Private, f.identity(req.CurrentIdentity)["id"]))
	resp := &response{state: f.decode(req.CurrentState), private: string(req.Private), identity: f.identity(req.CurrentIdentity)}
	if resp.identity == nil {
		resp.identity = attrs{"id": prior["id"]}
	}
	if f.read != nil {
		f.read(f.refreshed, prior, resp)
	}
	return &tfprotov6.ReadResourceResponse{
		NewState: f.encode(resp.state), Private: []byte(resp.private), NewIdentity: f.encodeIdentity(resp.identity), Diagnostics: resp.diags,
	}, nil
}

func (f *fake) ImportResourceState(_ context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	id := req.ID
	if req.Identity != nil {
		id, _ = f.identity(req.Identity)["id"].(string)
	}
	resp := &response{state: attrs{"id": id, "kind": "a", "size": int64(1)}, identity: attrs{"id": id}, private: "i", imports: 1}
	if f.take != nil {
		f.take(resp)
	}
	all := make([]*tfprotov6.ImportedResource, resp.imports)
	for i := range all {
		all[i] = &tfprotov6.ImportedResource{
			TypeName: typeName, State: f.encode(resp.state), Private: []byte(resp.private), Identity: f.encodeIdentity(resp.identity),
		}
	}
	return &tfprotov6.ImportResourceStateResponse{ImportedResources: all, Diagnostics: resp.diags}, nil
}

func (f *fake) MoveResourceState(context.Context, *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	resp := &response{state: attrs{"id": "moved", "kind": "a", "size": int64(1)}, private: "m"}
	if f.take != nil {
		f.take(resp)
	}
	return &tfprotov6.MoveResourceStateResponse{TargetState: f.encode(resp.state), TargetPrivate: []byte(resp.private), Diagnostics: resp.diags}, nil
}

func (f *fake) decode(value *tfprotov6.DynamicValue) attrs {
	f.tb.Helper()
	return decode(f.tb, resourceSchema.ValueType(), value)
}

func (f *fake) encode(state attrs) *tfprotov6.DynamicValue {
	f.tb.Helper()
	return encode(f.tb, resourceSchema.ValueType(), state)
}

func (f *fake) identity(data *tfprotov6.ResourceIdentityData) attrs {
	f.tb.Helper()
	if data == nil {
		return nil
	}
	return decode(f.tb, identitySchema.ValueType(), data.IdentityData)
}

func (f *fake) encodeIdentity(identity attrs) *tfprotov6.ResourceIdentityData {
	f.tb.Helper()
	if identity == nil {
		return nil
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: encode(f.tb, identitySchema.ValueType(), identity)}
}

func decode(tb testing.TB, typ tftypes.Type, value *tfprotov6.DynamicValue) attrs {
	tb.Helper()
	decoded, err := value.Unmarshal(typ)
	if err != nil {
		tb.Fatal(err)
	}
	return protocol.Object(tb, decoded)
}

func encode(tb testing.TB, typ tftypes.Type, v attrs) *tfprotov6.DynamicValue {
	tb.Helper()
	var plain any = v
	if v == nil {
		plain = nil
	}
	value, err := tfprotov6.NewDynamicValue(typ, protocol.Value(tb, typ, plain))
	if err != nil {
		tb.Fatal(err)
	}
	return &value
}

// each visits an object and the objects in it.
func each(o attrs, visit func(attrs)) {
	visit(o)
	if one, ok := o["one"].(attrs); ok {
		visit(one)
	}
	if named, ok := o["named"].(attrs); ok {
		for _, element := range named {
			if element, ok := element.(attrs); ok {
				visit(element)
			}
		}
	}
	if listed, ok := o["listed"].([]any); ok {
		for _, element := range listed {
			if element, ok := element.(attrs); ok {
				visit(element)
			}
		}
	}
}

func known(state attrs, name string) string {
	if text, ok := state[name].(string); ok {
		return text
	}
	return "nothing"
}

// failures returns what a test of this provider reports.
func failures(t *testing.T, f *fake, test func(*protocol.Server, *protocol.Resource)) []string {
	t.Helper()
	return protocol.Record(t, func(tb testing.TB) {
		tb.Helper()
		f.tb = tb
		server := protocol.NewServer(tb, f, attrs{})
		test(server, server.Resource(typeName))
	})
}

// requireFailures fails the test unless one failure has all these words, and all
// failures have the first of them.
func requireFailures(t *testing.T, got []string, words ...string) {
	t.Helper()
	found := false
	for _, failure := range got {
		all := true
		for _, word := range words {
			all = all && strings.Contains(failure, word)
		}
		found = found || all
		if !strings.Contains(failure, words[0]) {
			t.Errorf("another failure: %s", failure)
		}
	}
	if !found {
		t.Errorf("no failure with %q in:\n%s", words, strings.Join(got, "\n"))
	}
}
