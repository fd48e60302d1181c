// Package wholenumber provides the type of integer attributes that a configuration
// can set. The framework's own type fails to convert a fraction before any validator
// runs, and the framework calls that a bug of the provider.
package wholenumber

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Type is the type of an integer attribute in a schema. Its values are types.Int64.
//
// It is for schemas only: what is not a whole number becomes unknown, and the
// framework reports it by [Type.Validate]. Conversions without that check, as those
// of package raw, use types.Int64Type, which fails.
type Type struct{ basetypes.Int64Type }

var _ basetypes.Int64Typable = Type{}

// Equal reports whether the other type has the same values, as the framework's own does.
func (t Type) Equal(other attr.Type) bool {
	if o, ok := other.(Type); ok {
		return t.Int64Type.Equal(o.Int64Type)
	}
	return t.Int64Type.Equal(other)
}

// String names the type in messages about the schema.
func (Type) String() string { return "wholenumber.Type" }

// ValueFromTerraform converts whole numbers, and all others to unknown, so that the
// value that contains the number can be converted.
func (t Type) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	if number, ok := known(in); ok && problem(number) != "" {
		return types.Int64Unknown(), nil
	}
	return t.Int64Type.ValueFromTerraform(ctx, in)
}

// Validate reports numbers that are not whole. The framework calls it for each
// attribute of a configuration, nested ones included.
func (t Type) Validate(ctx context.Context, in tftypes.Value, at path.Path) diag.Diagnostics {
	number, ok := known(in)
	if !ok {
		return t.Int64Type.Validate(ctx, in, at)
	}
	if found := problem(number); found != "" {
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, "Invalid Attribute Value", fmt.Sprintf("Attribute %s %s.", at, found))}
	}
	return nil
}

// known returns the number that a value holds, if it is one.
func known(in tftypes.Value) (*big.Float, bool) {
	if in.Type() == nil || !in.Type().Equal(tftypes.Number) || !in.IsKnown() || in.IsNull() {
		return nil, false
	}
	var number *big.Float
	err := in.As(&number)
	return number, err == nil
}

// problem says what is wrong with a number, or "".
func problem(number *big.Float) string {
	if !number.IsInt() {
		return "must be a whole number, got: " + number.Text('f', -1)
	}
	if _, accuracy := number.Int64(); accuracy != big.Exact {
		return "must be a whole number that fits into 64 bits, got: " + number.Text('g', -1)
	}
	return ""
}
