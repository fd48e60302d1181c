package main

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// convert changes an encoded object of the schema. Null stays null.
func convert(
	encoded *tfprotov6.DynamicValue, schema *tfprotov6.Schema, change func(tftypes.Value, *tfprotov6.Schema) (tftypes.Value, error),
) (*tfprotov6.DynamicValue, error) {
	typ := schema.ValueType()
	value, err := encoded.Unmarshal(typ)
	if err != nil || value.IsNull() {
		return encoded, err
	}
	if value, err = change(value, schema); err != nil {
		return nil, err
	}
	changed, err := tfprotov6.NewDynamicValue(typ, value)
	return &changed, err
}

// withUnknowns replaces null in computed root attributes by unknown.
func withUnknowns(object tftypes.Value, schema *tfprotov6.Schema) (tftypes.Value, error) {
	var values map[string]tftypes.Value
	if err := object.As(&values); err != nil {
		return object, err
	}
	for _, attribute := range schema.Block.Attributes {
		if value := values[attribute.Name]; attribute.Computed && value.IsNull() {
			values[attribute.Name] = tftypes.NewValue(value.Type(), tftypes.UnknownValue)
		}
	}
	return tftypes.NewValue(object.Type(), values), nil
}

// withoutUnknowns replaces unknown values by some value of their type.
func withoutUnknowns(object tftypes.Value, _ *tfprotov6.Schema) (tftypes.Value, error) {
	return tftypes.Transform(object, func(_ *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		if value.IsKnown() {
			return value, nil
		}
		switch typ := value.Type(); {
		case typ.Is(tftypes.String):
			return tftypes.NewValue(typ, "echo"), nil
		case typ.Is(tftypes.Number):
			return tftypes.NewValue(typ, 0), nil
		case typ.Is(tftypes.Bool):
			return tftypes.NewValue(typ, false), nil
		default:
			return tftypes.NewValue(typ, nil), nil
		}
	})
}
