package main

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cmd/bench/schemafile"
)

var objectType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"id": tftypes.String, "name": tftypes.String, "ttl": tftypes.Number, "on": tftypes.Bool, "tags": tftypes.List{ElementType: tftypes.String},
}}

func testServer() server {
	attributes := []*tfprotov6.SchemaAttribute{{Name: "name", Type: tftypes.String, Required: true}}
	for _, name := range []string{"id", "ttl", "on"} {
		attributes = append(attributes, &tfprotov6.SchemaAttribute{
			Name: name, Type: objectType.AttributeTypes[name], Optional: true, Computed: true,
		})
	}
	attributes = append(attributes, &tfprotov6.SchemaAttribute{Name: "tags", Type: objectType.AttributeTypes["tags"], Optional: true})
	return server{schemas: schemafile.Schemas{
		Provider: &tfprotov6.GetProviderSchemaResponse{ResourceSchemas: map[string]*tfprotov6.Schema{
			"thing": {Block: &tfprotov6.SchemaBlock{Attributes: attributes}},
		}},
		Identities: &tfprotov6.GetResourceIdentitySchemasResponse{IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{
			"thing": {IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{{Name: "id", Type: tftypes.String, RequiredForImport: true}}},
		}},
	}}
}

// object returns an object with a name, and with all else as given: nil for
// null, or tftypes.UnknownValue.
func object(t *testing.T, id, ttl, on any) *tfprotov6.DynamicValue {
	t.Helper()
	value, err := tfprotov6.NewDynamicValue(objectType, tftypes.NewValue(objectType, map[string]tftypes.Value{
		"id":   tftypes.NewValue(tftypes.String, id),
		"name": tftypes.NewValue(tftypes.String, "a"),
		"ttl":  tftypes.NewValue(tftypes.Number, ttl),
		"on":   tftypes.NewValue(tftypes.Bool, on),
		"tags": tftypes.NewValue(objectType.AttributeTypes["tags"], nil),
	}))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

func null(t *testing.T) *tfprotov6.DynamicValue {
	t.Helper()
	value, err := tfprotov6.NewDynamicValue(objectType, tftypes.NewValue(objectType, nil))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

func requireEqual(t *testing.T, what string, got, want *tfprotov6.DynamicValue) {
	t.Helper()
	a, err := got.Unmarshal(objectType)
	if err != nil {
		t.Fatal(err)
	}
	b, err := want.Unmarshal(objectType)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Equal(b) {
		t.Errorf("%s = %s, want %s", what, a, b)
	}
}

func TestPlanAndApply(t *testing.T) {
	s := testServer()
	unknown := tftypes.UnknownValue
	for name, test := range map[string]struct{ prior, proposed, planned, applied *tfprotov6.DynamicValue }{
		"create": {null(t), object(t, nil, 5, nil), object(t, unknown, 5, unknown), object(t, "echo", 5, false)},
		"keep":   {object(t, "x", 5, true), object(t, "x", 5, true), object(t, "x", 5, true), object(t, "x", 5, true)},
		"update": {object(t, "x", 5, nil), object(t, "x", 6, nil), object(t, "x", 6, nil), object(t, "x", 6, nil)},
		"delete": {object(t, "x", 5, true), null(t), null(t), null(t)},
	} {
		t.Run(name, func(t *testing.T) {
			plan, err := s.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
				TypeName: "thing", PriorState: test.prior, ProposedNewState: test.proposed, PriorPrivate: []byte("p"),
			})
			if err != nil {
				t.Fatal(err)
			}
			requireEqual(t, "plan", plan.PlannedState, test.planned)
			apply, err := s.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
				TypeName: "thing", PriorState: test.prior, PlannedState: plan.PlannedState, PlannedPrivate: plan.PlannedPrivate,
			})
			if err != nil {
				t.Fatal(err)
			}
			requireEqual(t, "state", apply.NewState, test.applied)
			if string(apply.Private) != "p" {
				t.Errorf("private state = %q", apply.Private)
			}
			if (apply.NewIdentity == nil) != (name == "delete") {
				t.Errorf("identity = %v", apply.NewIdentity)
			}
		})
	}
}

func TestReadReturnsTheState(t *testing.T) {
	state := object(t, "x", 5, true)
	read, err := testServer().ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "thing", CurrentState: state, Private: []byte("p")})
	if err != nil {
		t.Fatal(err)
	}
	requireEqual(t, "state", read.NewState, state)
	if string(read.Private) != "p" {
		t.Errorf("private state = %q", read.Private)
	}
	upgraded, err := testServer().UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: "thing", RawState: &tfprotov6.RawState{JSON: []byte(`{"id":"x","name":"a","ttl":5,"on":true,"tags":null}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	requireEqual(t, "upgraded state", upgraded.UpgradedState, state)
}
