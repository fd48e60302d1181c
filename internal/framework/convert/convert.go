// Package convert moves values between the plugin framework's types and plain
// Go. The framework's own pointer methods return a pointer to the zero value
// for an unknown value; here, null and unknown are both nil, so that an
// unknown can never become part of a request.
package convert

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Bool is v as a pointer, nil for null and unknown.
func Bool(v types.Bool) *bool {
	if v.IsNull() || v.IsUnknown() {
		return nil
	}
	return v.ValueBoolPointer()
}

// Int64 is v as a pointer, nil for null and unknown.
func Int64(v types.Int64) *int64 {
	if v.IsNull() || v.IsUnknown() {
		return nil
	}
	return v.ValueInt64Pointer()
}

// String is v as a pointer, nil for null and unknown.
func String(v types.String) *string {
	if v.IsNull() || v.IsUnknown() {
		return nil
	}
	return v.ValueStringPointer()
}

// Text is s, null for an empty text.
func Text(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// Time is t as an RFC 3339 value in UTC, null for the zero time.
func Time(t time.Time) timetypes.RFC3339 {
	if t.IsZero() {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339TimeValue(t.UTC())
}

// Part is an attribute of an object. Where the object is null, it is T's zero
// value, which is null as well.
func Part[T attr.Value](object types.Object, name string) T {
	value, _ := object.Attributes()[name].(T)
	return value
}
