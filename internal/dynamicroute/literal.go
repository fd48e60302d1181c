package dynamicroute

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// elementsOf converts an object or a map of any type to elements, as core converts what is
// assigned to the attribute elements. The value must be known. The error says where it does
// not fit.
func elementsOf(ctx context.Context, value attr.Value) (types.Map, error) {
	converted, err := convertTo(ctx, types.MapType{ElemType: types.ObjectType{AttrTypes: elementTypes()}}, value, path.Root("elements"))
	elements, _ := converted.(types.Map)
	return elements, err
}

// convertTo converts a value to a type of elements. Only the kinds of an element, which are
// objects in an object, may be null or missing.
func convertTo(ctx context.Context, typ attr.Type, value attr.Value, at path.Path) (attr.Value, error) {
	value = unwrap(value)
	if value.IsNull() {
		return nil, fmt.Errorf("%s must not be null", at)
	}
	switch typ := typ.(type) {
	case types.MapType:
		return convertToMap(ctx, typ, value, at)
	case types.ObjectType:
		return convertToObject(ctx, typ, value, at)
	default:
		return convertToPrimitive(ctx, typ, value, at)
	}
}

// unwrap returns a value without the wrapper that the framework puts around one of a dynamic
// type.
func unwrap(value attr.Value) attr.Value {
	if wrapped, ok := value.(types.Dynamic); ok && !wrapped.IsNull() {
		return wrapped.UnderlyingValue()
	}
	return value
}

func convertToMap(ctx context.Context, typ types.MapType, value attr.Value, at path.Path) (attr.Value, error) {
	members, ok := membersOf(value)
	if !ok {
		return nil, fmt.Errorf("%s must be an object or a map", at)
	}
	converted := make(map[string]attr.Value, len(members))
	for key, member := range sorted(members) {
		var err error
		if converted[key], err = convertTo(ctx, typ.ElemType, member, at.AtMapKey(key)); err != nil {
			return nil, err
		}
	}
	return types.MapValueMust(typ.ElemType, converted), nil
}

func convertToObject(ctx context.Context, typ types.ObjectType, value attr.Value, at path.Path) (attr.Value, error) {
	members, ok := membersOf(value)
	if !ok {
		return nil, fmt.Errorf("%s must be an object", at)
	}
	for name := range sorted(members) {
		if _, exists := typ.AttrTypes[name]; !exists {
			return nil, fmt.Errorf("%s cannot have the attribute %q. Its attributes are %s", at, name,
				strings.Join(slices.Sorted(maps.Keys(typ.AttrTypes)), ", "))
		}
	}
	converted := make(map[string]attr.Value, len(typ.AttrTypes))
	for name, attribute := range sorted(typ.AttrTypes) {
		member, exists := members[name]
		kind, optional := attribute.(types.ObjectType)
		if optional && (!exists || unwrap(member).IsNull()) {
			converted[name] = types.ObjectNull(kind.AttrTypes)
			continue
		}
		if !exists {
			return nil, fmt.Errorf("%s must have the attribute %q", at, name)
		}
		var err error
		if converted[name], err = convertTo(ctx, attribute, member, at.AtName(name)); err != nil {
			return nil, err
		}
	}
	return types.ObjectValueMust(typ.AttrTypes, converted), nil
}

// membersOf returns the members of an object or a map. It reports false for other values.
func membersOf(value attr.Value) (map[string]attr.Value, bool) {
	switch value := value.(type) {
	case types.Object:
		return value.Attributes(), true
	case types.Map:
		return value.Elements(), true
	default:
		return nil, false
	}
}

// convertToPrimitive converts a value to a string, a JSON object as a string, or a number.
func convertToPrimitive(ctx context.Context, typ attr.Type, value attr.Value, at path.Path) (attr.Value, error) {
	text, ok := textOf(value)
	if typ.Equal(types.Float64Type) {
		number, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
			return nil, fmt.Errorf("%s must be a number", at)
		}
		return types.Float64Value(number), nil
	}
	if !ok {
		return nil, fmt.Errorf("%s must be a string", at)
	}
	converted, err := typ.ValueFromTerraform(ctx, tftypes.NewValue(tftypes.String, text))
	if err != nil {
		return nil, err
	}
	if rule, ok := converted.(xattr.ValidateableAttribute); ok {
		var resp xattr.ValidateAttributeResponse
		rule.ValidateAttribute(ctx, xattr.ValidateAttributeRequest{Path: at}, &resp)
		if problems := resp.Diagnostics.Errors(); len(problems) > 0 {
			return nil, errors.New(problems[0].Detail())
		}
	}
	return converted, nil
}

// textOf returns a string, a number or a boolean as text. It reports false for other values.
func textOf(value attr.Value) (string, bool) {
	switch value := value.(type) {
	case types.String:
		return value.ValueString(), true
	case types.Number:
		return value.ValueBigFloat().Text('f', -1), true
	case types.Bool:
		return strconv.FormatBool(value.ValueBool()), true
	default:
		return "", false
	}
}
