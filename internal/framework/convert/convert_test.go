package convert_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
)

// requirePointer fails the test unless got points to the value of want. A nil want
// requires a nil got.
func requirePointer[T comparable](t *testing.T, what string, got, want *T) {
	t.Helper()
	switch {
	case got == nil && want == nil:
	case got == nil || want == nil:
		t.Errorf("%s: %v, want %v", what, got, want)
	case *got != *want:
		t.Errorf("%s: %v, want %v", what, *got, *want)
	}
}

func ptr[T any](v T) *T { return &v }

func TestBool(t *testing.T) {
	requirePointer(t, "null", convert.Bool(types.BoolNull()), nil)
	requirePointer(t, "unknown", convert.Bool(types.BoolUnknown()), nil)
	requirePointer(t, "zero value", convert.Bool(types.Bool{}), nil)
	requirePointer(t, "false", convert.Bool(types.BoolValue(false)), ptr(false))
	requirePointer(t, "true", convert.Bool(types.BoolValue(true)), ptr(true))
}

func TestInt64(t *testing.T) {
	requirePointer(t, "null", convert.Int64(types.Int64Null()), nil)
	requirePointer(t, "unknown", convert.Int64(types.Int64Unknown()), nil)
	requirePointer(t, "zero value", convert.Int64(types.Int64{}), nil)
	requirePointer(t, "0", convert.Int64(types.Int64Value(0)), ptr[int64](0))
	requirePointer(t, "-1", convert.Int64(types.Int64Value(-1)), ptr[int64](-1))
}

func TestString(t *testing.T) {
	requirePointer(t, "null", convert.String(types.StringNull()), nil)
	requirePointer(t, "unknown", convert.String(types.StringUnknown()), nil)
	requirePointer(t, "zero value", convert.String(types.String{}), nil)
	requirePointer(t, "empty", convert.String(types.StringValue("")), ptr(""))
	requirePointer(t, "text", convert.String(types.StringValue("text")), ptr("text"))
}

func TestTime(t *testing.T) {
	if got := convert.Time(time.Time{}); !got.IsNull() {
		t.Errorf("the zero time is %s", got)
	}
	east := time.FixedZone("east", 2*60*60)
	for at, want := range map[time.Time]string{
		time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC): "2026-08-03T10:00:00Z",
		time.Date(2026, 8, 3, 12, 0, 0, 0, east):     "2026-08-03T10:00:00Z",
		time.Unix(0, 0):                              "1970-01-01T00:00:00Z",
	} {
		if got := convert.Time(at); got.ValueString() != want {
			t.Errorf("%s is %s, want %s", at, got, want)
		}
	}
}

func TestPart(t *testing.T) {
	kinds := map[string]attr.Type{"text": types.StringType, "list": types.ListType{ElemType: types.BoolType}}
	object := types.ObjectValueMust(kinds, map[string]attr.Value{
		"text": types.StringUnknown(), "list": types.ListValueMust(types.BoolType, []attr.Value{types.BoolValue(true)}),
	})
	if got := convert.Part[types.String](object, "text"); !got.IsUnknown() {
		t.Errorf("%s", got)
	}
	if got := convert.Part[types.List](object, "list"); len(got.Elements()) != 1 {
		t.Errorf("%s", got)
	}
	// Missing values and values of another type become null.
	for name, of := range map[string]types.Object{
		"none": object, "list": object, "text": types.ObjectNull(kinds), "": types.ObjectUnknown(kinds),
	} {
		if got := convert.Part[types.String](of, name); !got.IsNull() {
			t.Errorf("%q is %s", name, got)
		}
	}
}

func TestText(t *testing.T) {
	if got := convert.Text(""); !got.IsNull() {
		t.Errorf("an empty string becomes %s", got)
	}
	if got := convert.Text("a"); got.ValueString() != "a" {
		t.Errorf("a string becomes %s", got)
	}
}
