// Package jsonobject is the type of attributes that hold the text of a JSON
// object. Two texts are the same value when they mean the same: the order of
// keys, white space and the form of numbers do not matter.
//
// The framework compares by meaning only what comes back from the service.
// [KeepEqual] does it for plans, so that an edit of white space changes
// nothing.
package jsonobject

import (
	"context"
	"encoding/json"
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

// Type is the attribute's type.
type Type struct {
	basetypes.StringType
}

// Value is the text of a JSON object, null or unknown.
type Value struct {
	basetypes.StringValue
}

var (
	_ basetypes.StringTypable                    = Type{}
	_ basetypes.StringValuableWithSemanticEquals = Value{}
	_ xattr.ValidateableAttribute                = Value{}
)

// NewValue is a known text.
func NewValue(text string) Value { return Value{basetypes.NewStringValue(text)} }

// Equal reports whether the other type is this one.
func (t Type) Equal(other attr.Type) bool {
	_, same := other.(Type)
	return same
}

// String is the type's name, as the framework shows it in errors.
func (t Type) String() string { return "jsonobject.Type" }

// ValueType is the type's zero value.
func (t Type) ValueType(context.Context) attr.Value { return Value{} }

// ValueFromString makes the value of a string.
func (t Type) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Value{in}, nil
}

// ValueFromTerraform makes the value of what comes over the wire. The error is
// that of a value that is no string.
func (t Type) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("%T is no text", value)
	}
	return Value{text}, nil
}

// Type is [Type].
func (v Value) Type(context.Context) attr.Type { return Type{} }

// Equal reports whether the other value is the same text.
func (v Value) Equal(other attr.Value) bool {
	o, ok := other.(Value)
	return ok && v.StringValue.Equal(o.StringValue)
}

// StringSemanticEquals reports whether another text means the same.
func (v Value) StringSemanticEquals(_ context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	o, ok := other.(Value)
	return ok && wire.SameJSON(v.ValueString(), o.ValueString()), nil
}

// IsObject reports whether the text is that of a JSON object, as
// [Value.ValidateAttribute] wants it. Null and unknown are none.
func (v Value) IsObject() bool { return fault(v.ValueString()) == "" }

// ValidateAttribute refuses a text that is no JSON object.
func (v Value) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	why := fault(v.ValueString())
	if why == "" {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid JSON object", fmt.Sprintf(
		"%s must be the text of a JSON object, and it is %s. Write it with jsonencode({ … }), which makes JSON of any value.", req.Path, why))
}

// fault is what a text is that is no JSON object, empty for one that is.
func fault(text string) string {
	var raw json.RawMessage
	if strings.TrimSpace(text) == "" {
		return "empty"
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return "not JSON: " + err.Error()
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

// KeepEqual is a plan modifier that plans the former text for one that means
// the same.
func KeepEqual() planmodifier.String { return keepEqual{} }

type keepEqual struct{}

func (keepEqual) Description(context.Context) string {
	return "Keeps the former text when the new one means the same."
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
