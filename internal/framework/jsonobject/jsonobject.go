// Package jsonobject provides a type of attributes for JSON strings that hold an object.
// Two strings are equal if they encode the same object: the order of keys, white space
// and the format of numbers do not matter.
//
// The framework applies semantic equality only to values that the service returns.
// [KeepEqual] applies it to plans, so that a change of white space changes nothing.
package jsonobject

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// Type is the type of the attribute.
type Type struct {
	basetypes.StringType
}

// Value is a JSON string that holds an object, or null or unknown.
type Value struct {
	basetypes.StringValue
}

var (
	_ basetypes.StringTypable                    = Type{}
	_ basetypes.StringValuableWithSemanticEquals = Value{}
	_ xattr.ValidateableAttribute                = Value{}
)

// NewValue returns a known value.
func NewValue(text string) Value { return Value{basetypes.NewStringValue(text)} }

// Equal reports whether the other type is this one.
func (t Type) Equal(other attr.Type) bool {
	_, same := other.(Type)
	return same
}

// String returns the name of the type for errors of the framework.
func (t Type) String() string { return "jsonobject.Type" }

// ValueType returns the zero value of the type.
func (t Type) ValueType(context.Context) attr.Value { return Value{} }

// ValueFromString converts a string to a value.
func (t Type) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Value{in}, nil
}

// ValueFromTerraform converts a value of the protocol. It returns an error if that is not
// a string.
func (t Type) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("%T is not a string", value)
	}
	return Value{text}, nil
}

// Type returns [Type].
func (v Value) Type(context.Context) attr.Type { return Type{} }

// Equal reports whether the other value is the same string.
func (v Value) Equal(other attr.Value) bool {
	o, ok := other.(Value)
	return ok && v.StringValue.Equal(o.StringValue)
}

// StringSemanticEquals reports whether another value encodes the same object.
func (v Value) StringSemanticEquals(_ context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	o, ok := other.(Value)
	return ok && wire.SameJSON(v.ValueString(), o.ValueString()), nil
}

// IsObject reports whether the string holds a JSON object. Null and unknown do not.
func (v Value) IsObject() bool { return kindOf(v.ValueString()) == "" }

// ValidateAttribute rejects strings that do not hold a JSON object.
func (v Value) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	why := kindOf(v.ValueString())
	if why == "" {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid JSON object", fmt.Sprintf(
		"%s must be a JSON string that holds an object, but it is %s. Use jsonencode({ … }) to write it.", req.Path, why))
}

// kindOf describes a string that does not hold a JSON object. It returns the empty string
// for one that does.
func kindOf(text string) string {
	if strings.TrimSpace(text) == "" {
		return "empty"
	}
	if wrong := syntaxError(text); wrong != "" {
		return "not JSON: " + wrong
	}
	switch strings.TrimSpace(text)[0] {
	case '{':
		return ""
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 'n':
		return "null"
	default:
		return "a number or a boolean"
	}
}

// KeepEqual returns a plan modifier that keeps the string in state if the configuration
// encodes the same object.
func KeepEqual() planmodifier.String { return keepEqual{} }

type keepEqual struct{}

func (keepEqual) Description(context.Context) string {
	return "Keeps the string in state if the new one encodes the same JSON object."
}

func (k keepEqual) MarkdownDescription(ctx context.Context) string { return k.Description(ctx) }

func (keepEqual) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if wire.SameJSON(req.StateValue.ValueString(), req.PlanValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}
