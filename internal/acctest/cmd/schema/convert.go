package main

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The types below are the document, in Terraform's terms and order.

type jsonDocument struct {
	FormatVersion   string                  `json:"format_version"`
	ProviderSchemas map[string]jsonProvider `json:"provider_schemas"`
}

type jsonProvider struct {
	Provider    *jsonSchema             `json:"provider,omitempty"`
	Resources   map[string]jsonSchema   `json:"resource_schemas,omitempty"`
	DataSources map[string]jsonSchema   `json:"data_source_schemas,omitempty"`
	Ephemeral   map[string]jsonSchema   `json:"ephemeral_resource_schemas,omitempty"`
	Lists       map[string]jsonSchema   `json:"list_resource_schemas,omitempty"`
	Functions   map[string]jsonFunction `json:"functions,omitempty"`
	Identities  map[string]jsonIdentity `json:"resource_identity_schemas,omitempty"`
	Actions     map[string]jsonAction   `json:"action_schemas,omitempty"`
}

type jsonSchema struct {
	Version int64      `json:"version"`
	Block   *jsonBlock `json:"block,omitempty"`
}

type jsonAction struct {
	Block *jsonBlock `json:"block,omitempty"`
}

type jsonBlock struct {
	Attributes      map[string]jsonAttribute   `json:"attributes,omitempty"`
	BlockTypes      map[string]jsonNestedBlock `json:"block_types,omitempty"`
	Description     string                     `json:"description,omitempty"`
	DescriptionKind string                     `json:"description_kind,omitempty"`
	Deprecated      bool                       `json:"deprecated,omitempty"`
	DeprecationNote string                     `json:"deprecation_message,omitempty"`
}

type jsonNestedBlock struct {
	NestingMode string     `json:"nesting_mode"`
	Block       *jsonBlock `json:"block,omitempty"`
	MinItems    int64      `json:"min_items,omitempty"`
	MaxItems    int64      `json:"max_items,omitempty"`
}

type jsonAttribute struct {
	Type            json.RawMessage `json:"type,omitempty"`
	NestedType      *jsonObject     `json:"nested_type,omitempty"`
	Description     string          `json:"description,omitempty"`
	DescriptionKind string          `json:"description_kind,omitempty"`
	Deprecated      bool            `json:"deprecated,omitempty"`
	DeprecationNote string          `json:"deprecation_message,omitempty"`
	Required        bool            `json:"required,omitempty"`
	Optional        bool            `json:"optional,omitempty"`
	Computed        bool            `json:"computed,omitempty"`
	Sensitive       bool            `json:"sensitive,omitempty"`
	WriteOnly       bool            `json:"write_only,omitempty"`
}

type jsonObject struct {
	Attributes  map[string]jsonAttribute `json:"attributes,omitempty"`
	NestingMode string                   `json:"nesting_mode"`
}

type jsonFunction struct {
	Description     string          `json:"description,omitempty"`
	Summary         string          `json:"summary,omitempty"`
	DeprecationNote string          `json:"deprecation_message,omitempty"`
	ReturnType      json.RawMessage `json:"return_type"`
	Parameters      []jsonParameter `json:"parameters,omitempty"`
	Variadic        *jsonParameter  `json:"variadic_parameter,omitempty"`
}

type jsonParameter struct {
	Name        string          `json:"name,omitempty"`
	Description string          `json:"description,omitempty"`
	IsNullable  bool            `json:"is_nullable,omitempty"`
	Type        json.RawMessage `json:"type"`
}

type jsonIdentity struct {
	Version    int64                            `json:"version"`
	Attributes map[string]jsonIdentityAttribute `json:"attributes,omitempty"`
}

type jsonIdentityAttribute struct {
	Type              json.RawMessage `json:"type,omitempty"`
	Description       string          `json:"description,omitempty"`
	RequiredForImport bool            `json:"required_for_import,omitempty"`
	OptionalForImport bool            `json:"optional_for_import,omitempty"`
}

// converter keeps the first error, so that the conversions read straight on.
type converter struct{ err error }

func convertProvider(s *tfprotov6.GetProviderSchemaResponse, ids *tfprotov6.GetResourceIdentitySchemasResponse) (jsonProvider, error) {
	var c converter
	p := jsonProvider{
		Resources:   each(s.ResourceSchemas, c.schema),
		DataSources: each(s.DataSourceSchemas, c.schema),
		Ephemeral:   each(s.EphemeralResourceSchemas, c.schema),
		Lists:       each(s.ListResourceSchemas, c.schema),
		Functions:   each(s.Functions, c.function),
		Identities:  each(ids.IdentitySchemas, c.identity),
		Actions: each(s.ActionSchemas, func(a *tfprotov6.ActionSchema) jsonAction {
			return jsonAction{Block: c.schema(a.Schema).Block}
		}),
	}
	if s.Provider != nil {
		schema := c.schema(s.Provider)
		p.Provider = &schema
	}
	return p, c.err
}

// each converts the values of a map; an empty map becomes nil, so that it is
// left out of the document.
func each[From, To any](from map[string]From, convert func(From) To) map[string]To {
	if len(from) == 0 {
		return nil
	}
	to := make(map[string]To, len(from))
	for name, value := range from {
		to[name] = convert(value)
	}
	return to
}

func (c *converter) schema(s *tfprotov6.Schema) jsonSchema {
	return jsonSchema{Version: s.Version, Block: c.block(s.Block)}
}

func (c *converter) block(b *tfprotov6.SchemaBlock) *jsonBlock {
	if b == nil {
		return nil
	}
	out := &jsonBlock{
		Attributes:      c.attributes(b.Attributes),
		Description:     b.Description,
		DescriptionKind: kind(b.DescriptionKind),
		Deprecated:      b.Deprecated,
		DeprecationNote: b.DeprecationMessage,
	}
	for _, nested := range b.BlockTypes {
		if out.BlockTypes == nil {
			out.BlockTypes = make(map[string]jsonNestedBlock)
		}
		out.BlockTypes[nested.TypeName] = jsonNestedBlock{
			NestingMode: c.mode(blockModes[nested.Nesting], nested.TypeName),
			Block:       c.block(nested.Block),
			MinItems:    nested.MinItems,
			MaxItems:    nested.MaxItems,
		}
	}
	return out
}

func (c *converter) attributes(list []*tfprotov6.SchemaAttribute) map[string]jsonAttribute {
	if len(list) == 0 {
		return nil
	}
	out := make(map[string]jsonAttribute, len(list))
	for _, a := range list {
		attr := jsonAttribute{
			Description: a.Description, DescriptionKind: kind(a.DescriptionKind),
			Deprecated: a.Deprecated, DeprecationNote: a.DeprecationMessage,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed,
			Sensitive: a.Sensitive, WriteOnly: a.WriteOnly,
		}
		if a.NestedType != nil {
			attr.NestedType = &jsonObject{
				Attributes:  c.attributes(a.NestedType.Attributes),
				NestingMode: c.mode(objectModes[a.NestedType.Nesting], a.Name),
			}
		} else {
			attr.Type = c.typ(a.Type, a.Name)
		}
		out[a.Name] = attr
	}
	return out
}

func (c *converter) function(f *tfprotov6.Function) jsonFunction {
	out := jsonFunction{
		Description:     f.Description,
		Summary:         f.Summary,
		DeprecationNote: f.DeprecationMessage,
		ReturnType:      c.typ(f.Return.Type, "the return value"),
	}
	for _, p := range f.Parameters {
		out.Parameters = append(out.Parameters, c.parameter(p))
	}
	if f.VariadicParameter != nil {
		p := c.parameter(f.VariadicParameter)
		out.Variadic = &p
	}
	return out
}

func (c *converter) parameter(p *tfprotov6.FunctionParameter) jsonParameter {
	return jsonParameter{Name: p.Name, Description: p.Description, IsNullable: p.AllowNullValue, Type: c.typ(p.Type, p.Name)}
}

func (c *converter) identity(s *tfprotov6.ResourceIdentitySchema) jsonIdentity {
	out := jsonIdentity{Version: s.Version, Attributes: make(map[string]jsonIdentityAttribute)}
	for _, a := range s.IdentityAttributes {
		out.Attributes[a.Name] = jsonIdentityAttribute{
			Type:              c.typ(a.Type, a.Name),
			Description:       a.Description,
			RequiredForImport: a.RequiredForImport,
			OptionalForImport: a.OptionalForImport,
		}
	}
	return out
}

func (c *converter) typ(t tftypes.Type, name string) json.RawMessage {
	if t == nil {
		c.fail(fmt.Errorf("%s has no type", name))
		return nil
	}
	content, err := json.Marshal(t)
	if err != nil {
		c.fail(fmt.Errorf("the type of %s: %w", name, err))
	}
	return content
}

func (c *converter) mode(mode, name string) string {
	if mode == "" {
		c.fail(fmt.Errorf("%s has an unknown nesting mode", name))
	}
	return mode
}

func (c *converter) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

func kind(k tfprotov6.StringKind) string {
	if k == tfprotov6.StringKindMarkdown {
		return "markdown"
	}
	return "plain"
}

var blockModes = map[tfprotov6.SchemaNestedBlockNestingMode]string{
	tfprotov6.SchemaNestedBlockNestingModeSingle: "single",
	tfprotov6.SchemaNestedBlockNestingModeList:   "list",
	tfprotov6.SchemaNestedBlockNestingModeSet:    "set",
	tfprotov6.SchemaNestedBlockNestingModeMap:    "map",
	tfprotov6.SchemaNestedBlockNestingModeGroup:  "group",
}

var objectModes = map[tfprotov6.SchemaObjectNestingMode]string{
	tfprotov6.SchemaObjectNestingModeSingle: "single",
	tfprotov6.SchemaObjectNestingModeList:   "list",
	tfprotov6.SchemaObjectNestingModeSet:    "set",
	tfprotov6.SchemaObjectNestingModeMap:    "map",
}
