package protocol

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Unknown stands for a value that is known only after apply.
var Unknown = unknown{}

type unknown struct{}

// Value converts plain Go to a value of a schema's type: maps for objects and
// maps (attributes that are left out are null), slices for lists, sets and
// tuples, strings, booleans and numbers; nil is null and [Unknown] is unknown.
func Value(t testing.TB, typ tftypes.Type, v any) tftypes.Value {
	t.Helper()
	value, err := makeValue(typ, v)
	must(t, err)
	return value
}

func makeValue(typ tftypes.Type, v any) (tftypes.Value, error) {
	switch v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil), nil
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue), nil
	}
	if typ.Is(tftypes.DynamicPseudoType) {
		typ = typeOf(v)
	}
	switch typ := typ.(type) {
	case tftypes.Object:
		given, ok := v.(map[string]any)
		if !ok {
			return tftypes.Value{}, fmt.Errorf("%T is not an object", v)
		}
		for name := range given {
			if _, ok := typ.AttributeTypes[name]; !ok {
				return tftypes.Value{}, fmt.Errorf("there is no attribute %q", name)
			}
		}
		values := map[string]tftypes.Value{}
		for name, attribute := range typ.AttributeTypes {
			value, err := makeValue(attribute, given[name])
			if err != nil {
				return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
			}
			values[name] = value
		}
		return tftypes.NewValue(typ, values), nil
	case tftypes.Map:
		given, ok := v.(map[string]any)
		if !ok {
			return tftypes.Value{}, fmt.Errorf("%T is not a map", v)
		}
		values := map[string]tftypes.Value{}
		for key, element := range given {
			value, err := makeValue(typ.ElementType, element)
			if err != nil {
				return tftypes.Value{}, fmt.Errorf("%s: %w", key, err)
			}
			values[key] = value
		}
		return tftypes.NewValue(typ, values), nil
	case tftypes.Tuple:
		given, ok := v.([]any)
		if !ok || len(given) != len(typ.ElementTypes) {
			return tftypes.Value{}, fmt.Errorf("%v is not a tuple of %d elements", v, len(typ.ElementTypes))
		}
		values := make([]tftypes.Value, 0, len(given))
		for i, element := range given {
			value, err := makeValue(typ.ElementTypes[i], element)
			if err != nil {
				return tftypes.Value{}, fmt.Errorf("%d: %w", i, err)
			}
			values = append(values, value)
		}
		return tftypes.NewValue(typ, values), nil
	case tftypes.List:
		values, err := makeValues(typ.ElementType, v)
		return tftypes.NewValue(typ, values), err
	case tftypes.Set:
		values, err := makeValues(typ.ElementType, v)
		return tftypes.NewValue(typ, values), err
	}
	if err := tftypes.ValidateValue(typ, v); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(typ, v), nil
}

// typeOf returns the type that a literal has in a configuration.
func typeOf(v any) tftypes.Type {
	switch v := v.(type) {
	case map[string]any:
		attributes := map[string]tftypes.Type{}
		for name, value := range v {
			attributes[name] = typeOf(value)
		}
		return tftypes.Object{AttributeTypes: attributes}
	case []any:
		elements := make([]tftypes.Type, 0, len(v))
		for _, element := range v {
			elements = append(elements, typeOf(element))
		}
		return tftypes.Tuple{ElementTypes: elements}
	case string:
		return tftypes.String
	case bool:
		return tftypes.Bool
	case nil, unknown:
		return tftypes.DynamicPseudoType
	default:
		return tftypes.Number
	}
}

func makeValues(typ tftypes.Type, v any) ([]tftypes.Value, error) {
	given, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("%T is not a list", v)
	}
	values := make([]tftypes.Value, 0, len(given))
	for i, element := range given {
		value, err := makeValue(typ, element)
		if err != nil {
			return nil, fmt.Errorf("%d: %w", i, err)
		}
		values = append(values, value)
	}
	return values, nil
}

// Go converts a value to plain Go, the reverse of [Value]. Whole numbers become
// int64, others float64.
func Go(t testing.TB, value tftypes.Value) any {
	t.Helper()
	switch {
	case value.IsNull():
		return nil
	case !value.IsKnown():
		return Unknown
	}
	switch {
	case value.Type().Is(tftypes.String):
		return as[string](t, value)
	case value.Type().Is(tftypes.Bool):
		return as[bool](t, value)
	case value.Type().Is(tftypes.Number):
		number := as[big.Float](t, value)
		if n, accuracy := number.Int64(); accuracy == big.Exact {
			return n
		}
		f, _ := number.Float64()
		return f
	case value.Type().Is(tftypes.Object{}), value.Type().Is(tftypes.Map{}):
		plain := map[string]any{}
		for key, element := range as[map[string]tftypes.Value](t, value) {
			plain[key] = Go(t, element)
		}
		return plain
	default:
		plain := []any{}
		for _, element := range as[[]tftypes.Value](t, value) {
			plain = append(plain, Go(t, element))
		}
		return plain
	}
}

// Object is like [Go] for an object or a map, and returns nil for null.
func Object(t testing.TB, value tftypes.Value) map[string]any {
	t.Helper()
	plain, _ := Go(t, value).(map[string]any)
	return plain
}

func as[T any](t testing.TB, value tftypes.Value) T {
	t.Helper()
	var v T
	must(t, value.As(&v))
	return v
}

func attributes(t testing.TB, value tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	if value.IsNull() || !value.IsKnown() {
		return nil
	}
	return as[map[string]tftypes.Value](t, value)
}

func elements(t testing.TB, value tftypes.Value) []tftypes.Value {
	t.Helper()
	if value.IsNull() || !value.IsKnown() {
		return nil
	}
	return as[[]tftypes.Value](t, value)
}
