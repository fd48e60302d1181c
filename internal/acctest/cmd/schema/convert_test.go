package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// fakeServer answers the two calls that the document is made of.
type fakeServer struct {
	tfprotov6.ProviderServer
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities *tfprotov6.GetResourceIdentitySchemasResponse
}

func (f fakeServer) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return f.schemas, nil
}

func (f fakeServer) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	if f.identities == nil {
		return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
	}
	return f.identities, nil
}

func schemaOf(attributes ...*tfprotov6.SchemaAttribute) *tfprotov6.Schema {
	return &tfprotov6.Schema{Version: 1, Block: &tfprotov6.SchemaBlock{
		Version: 1, Attributes: attributes, Description: "A thing.", DescriptionKind: tfprotov6.StringKindMarkdown,
	}}
}

func TestDocument(t *testing.T) {
	secret := &tfprotov6.SchemaAttribute{
		Name: "secret_wo", Type: tftypes.String, Optional: true, Sensitive: true, WriteOnly: true,
		Description: "Never <kept>.", Deprecated: true, DeprecationMessage: "Use another.",
	}
	nested := &tfprotov6.SchemaAttribute{
		Name: "rules", Optional: true, Computed: true, DescriptionKind: tfprotov6.StringKindMarkdown,
		NestedType: &tfprotov6.SchemaObject{
			Nesting: tfprotov6.SchemaObjectNestingModeList,
			Attributes: []*tfprotov6.SchemaAttribute{
				{Name: "tags", Type: tftypes.Map{ElementType: tftypes.String}, Required: true},
			},
		},
	}
	withBlock := schemaOf(secret)
	withBlock.Block.BlockTypes = []*tfprotov6.SchemaNestedBlock{{
		TypeName: "timeouts", Nesting: tfprotov6.SchemaNestedBlockNestingModeSingle, MaxItems: 1,
		Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{{Name: "create", Type: tftypes.String, Optional: true}}},
	}}
	server := fakeServer{
		schemas: &tfprotov6.GetProviderSchemaResponse{
			Provider:                 withBlock,
			ResourceSchemas:          map[string]*tfprotov6.Schema{"x_thing": schemaOf(nested)},
			DataSourceSchemas:        map[string]*tfprotov6.Schema{"x_any": schemaOf(&tfprotov6.SchemaAttribute{Name: "any", Type: tftypes.DynamicPseudoType, Computed: true})},
			EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"x_once": schemaOf()},
			ListResourceSchemas:      map[string]*tfprotov6.Schema{"x_thing": schemaOf()},
			ActionSchemas:            map[string]*tfprotov6.ActionSchema{"x_do": {Schema: schemaOf()}},
			Functions: map[string]*tfprotov6.Function{"f": {
				Summary: "Does.", Description: "Does it.", DeprecationMessage: "Do not.",
				Parameters:        []*tfprotov6.FunctionParameter{{Name: "n", Type: tftypes.Number, Description: "How many.", AllowNullValue: true}},
				VariadicParameter: &tfprotov6.FunctionParameter{Name: "more", Type: tftypes.Bool},
				Return: &tfprotov6.FunctionReturn{Type: tftypes.Object{AttributeTypes: map[string]tftypes.Type{
					"list": tftypes.List{ElementType: tftypes.String},
				}}},
			}},
		},
		identities: &tfprotov6.GetResourceIdentitySchemasResponse{IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{
			"x_thing": {Version: 0, IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
				{Name: "id", Type: tftypes.String, RequiredForImport: true, Description: "The id."},
				{Name: "account", Type: tftypes.String, OptionalForImport: true},
			}},
		}},
	}
	got, err := document(t.Context(), server, "x")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(got), "Never <kept>.") {
		t.Error("the description is escaped for HTML")
	}
	const plain = `"version":1,"block":{"description":"A thing.","description_kind":"markdown"}`
	want := `{"format_version":"1.0","provider_schemas":{"x":{
		"provider":{"version":1,"block":{
			"attributes":{"secret_wo":{"type":"string","description":"Never <kept>.","description_kind":"plain",
				"deprecated":true,"deprecation_message":"Use another.","optional":true,"sensitive":true,"write_only":true}},
			"block_types":{"timeouts":{"nesting_mode":"single","max_items":1,"block":{
				"attributes":{"create":{"type":"string","description_kind":"plain","optional":true}},"description_kind":"plain"}}},
			"description":"A thing.","description_kind":"markdown"}},
		"resource_schemas":{"x_thing":{"version":1,"block":{
			"attributes":{"rules":{"nested_type":{"nesting_mode":"list","attributes":{
				"tags":{"type":["map","string"],"description_kind":"plain","required":true}}},
				"description_kind":"markdown","optional":true,"computed":true}},
			"description":"A thing.","description_kind":"markdown"}}},
		"data_source_schemas":{"x_any":{"version":1,"block":{
			"attributes":{"any":{"type":"dynamic","description_kind":"plain","computed":true}},
			"description":"A thing.","description_kind":"markdown"}}},
		"ephemeral_resource_schemas":{"x_once":{` + plain + `}},
		"list_resource_schemas":{"x_thing":{` + plain + `}},
		"action_schemas":{"x_do":{"block":{"description":"A thing.","description_kind":"markdown"}}},
		"functions":{"f":{"description":"Does it.","summary":"Does.","deprecation_message":"Do not.",
			"return_type":["object",{"list":["list","string"]}],
			"parameters":[{"name":"n","description":"How many.","is_nullable":true,"type":"number"}],
			"variadic_parameter":{"name":"more","type":"bool"}}},
		"resource_identity_schemas":{"x_thing":{"version":0,"attributes":{
			"id":{"type":"string","description":"The id.","required_for_import":true},
			"account":{"type":"string","optional_for_import":true}}}}
	}}}`
	if diff := cmp.Diff(decode(t, []byte(want)), decode(t, got)); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestDocumentFailures(t *testing.T) {
	for name, test := range map[string]struct {
		schemas *tfprotov6.GetProviderSchemaResponse
		want    string
	}{
		"diagnostic": {
			&tfprotov6.GetProviderSchemaResponse{Diagnostics: []*tfprotov6.Diagnostic{
				{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Odd"},
				{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Invalid schema", Detail: "It is."},
			}},
			"Invalid schema: It is.",
		},
		"no type": {
			&tfprotov6.GetProviderSchemaResponse{Provider: schemaOf(&tfprotov6.SchemaAttribute{Name: "bare"})},
			"bare has no type",
		},
		"unknown nesting": {
			&tfprotov6.GetProviderSchemaResponse{Provider: schemaOf(&tfprotov6.SchemaAttribute{Name: "odd", NestedType: &tfprotov6.SchemaObject{}})},
			"odd has an unknown nesting mode",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := document(t.Context(), fakeServer{schemas: test.schemas}, "x")
			if err == nil || err.Error() != test.want {
				t.Errorf("error %v, want %s", err, test.want)
			}
		})
	}
}

func decode(t *testing.T, content []byte) (v map[string]any) {
	t.Helper()
	if err := json.Unmarshal(content, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
