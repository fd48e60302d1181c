// Package schemafile carries a provider's schemas from the bench to the echo
// provider, which then has our schema without the code that makes it.
package schemafile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Schemas holds what a provider returns about itself.
type Schemas struct {
	Provider   *tfprotov6.GetProviderSchemaResponse
	Identities *tfprotov6.GetResourceIdentitySchemasResponse
}

// file is the form of the file. A type is an interface, which encoding/json
// cannot read back, so the types have a list of their own, in the order of
// visitTypes, and are null in the schemas.
type file struct {
	Schemas Schemas
	Types   []json.RawMessage
}

// Write asks the server for its schemas and writes them to the file at path.
func Write(ctx context.Context, path string, server tfprotov6.ProviderServer) error {
	var f file
	var err error
	if f.Schemas.Provider, err = server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		return err
	}
	if f.Schemas.Identities, err = server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{}); err != nil {
		return err
	}
	if diags := slices.Concat(f.Schemas.Provider.Diagnostics, f.Schemas.Identities.Diagnostics); len(diags) > 0 {
		return fmt.Errorf("the provider's schema: %s: %s", diags[0].Summary, diags[0].Detail)
	}
	visitTypes(f.Schemas, func(typ *tftypes.Type) {
		encoded, encodeErr := json.Marshal(*typ)
		f.Types, err = append(f.Types, encoded), errors.Join(err, encodeErr)
		*typ = nil
	})
	if err != nil {
		return err
	}
	content, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// Read returns the schemas that the file at path holds.
func Read(path string) (Schemas, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return Schemas{}, err
	}
	var f file
	if err := json.Unmarshal(content, &f); err != nil {
		return Schemas{}, err
	}
	i := 0
	visitTypes(f.Schemas, func(typ *tftypes.Type) {
		if i < len(f.Types) {
			var parseErr error
			*typ, parseErr = tftypes.ParseJSONType(f.Types[i]) //nolint:staticcheck // the bench reads what the bench wrote
			err = errors.Join(err, parseErr)
		}
		i++
	})
	if i != len(f.Types) {
		err = errors.Join(err, fmt.Errorf("%s has %d types for schemas with %d", path, len(f.Types), i))
	}
	return f.Schemas, err
}

// visitTypes calls visit for each type of the schemas, always in the same order.
func visitTypes(schemas Schemas, visit func(*tftypes.Type)) {
	p := schemas.Provider
	visitSchema(p.Provider, visit)
	visitSchema(p.ProviderMeta, visit)
	for _, set := range []map[string]*tfprotov6.Schema{
		p.ResourceSchemas, p.DataSourceSchemas, p.EphemeralResourceSchemas, p.ListResourceSchemas, p.StateStoreSchemas,
	} {
		for _, name := range slices.Sorted(maps.Keys(set)) {
			visitSchema(set[name], visit)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.ActionSchemas)) {
		visitSchema(p.ActionSchemas[name].Schema, visit)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Functions)) {
		function := p.Functions[name]
		for _, parameter := range function.Parameters {
			visit(&parameter.Type)
		}
		if function.VariadicParameter != nil {
			visit(&function.VariadicParameter.Type)
		}
		visit(&function.Return.Type)
	}
	for _, name := range slices.Sorted(maps.Keys(schemas.Identities.IdentitySchemas)) {
		for _, attribute := range schemas.Identities.IdentitySchemas[name].IdentityAttributes {
			visit(&attribute.Type)
		}
	}
}

func visitSchema(schema *tfprotov6.Schema, visit func(*tftypes.Type)) {
	if schema != nil {
		visitBlock(schema.Block, visit)
	}
}

func visitBlock(block *tfprotov6.SchemaBlock, visit func(*tftypes.Type)) {
	visitAttributes(block.Attributes, visit)
	for _, nested := range block.BlockTypes {
		visitBlock(nested.Block, visit)
	}
}

func visitAttributes(attributes []*tfprotov6.SchemaAttribute, visit func(*tftypes.Type)) {
	for _, attribute := range attributes {
		if attribute.NestedType != nil {
			visitAttributes(attribute.NestedType.Attributes, visit)
		} else {
			visit(&attribute.Type)
		}
	}
}
