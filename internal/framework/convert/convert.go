// Package convert converts between the plugin framework's types and plain Go types.
// The framework's own pointer methods return a pointer to the zero value for an
// unknown value. Here, null and unknown are both nil, so that an unknown value never
// becomes part of a request.
package convert

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Bool returns a pointer to the value, or nil for null and unknown.
func Bool(v types.Bool) *bool {
	if v.IsNull() || v.IsUnknown() {
		return nil
	}
	return v.ValueBoolPointer()
}

// Int64 returns a pointer to the value, or nil for null and unknown.
func Int64(v types.Int64) *int64 {
	if v.IsNull() || v.IsUnknown() {
		return nil
	}
	return v.ValueInt64Pointer()
}

// String returns a pointer to the value, or nil for null and unknown.
func String(v types.String) *string {
	if v.IsNull() || v.IsUnknown() {
		return nil
	}
	return v.ValueStringPointer()
}

// Text returns the string as a value, with null for the empty string.
func Text(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// Time returns the time as a value in UTC, with null for the zero time.
func Time(t time.Time) timetypes.RFC3339 {
	if t.IsZero() {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339TimeValue(t.UTC())
}

// Part returns an attribute of an object. If the object is null, Part returns the zero
// value of T, which is null as well.
func Part[T attr.Value](object types.Object, name string) T {
	value, _ := object.Attributes()[name].(T)
	return value
}
