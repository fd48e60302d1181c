package wholenumber_test

import (
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/wholenumber"
)

func TestType(t *testing.T) {
	t.Parallel()
	tenth, _, err := big.ParseFloat("1234567.1", 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		in     any
		want   attr.Value
		detail string
	}{
		"null":             {nil, types.Int64Null(), ""},
		"unknown":          {tftypes.UnknownValue, types.Int64Unknown(), ""},
		"whole":            {-7, types.Int64Value(-7), ""},
		"whole as a float": {2.0, types.Int64Value(2), ""},
		"fraction":         {1.5, types.Int64Unknown(), "Attribute rules[\"a\"].window must be a whole number, got: 1.5."},
		"decimal":          {tenth, types.Int64Unknown(), "Attribute rules[\"a\"].window must be a whole number, got: 1234567.1."},
		"too large":        {1e30, types.Int64Unknown(), "Attribute rules[\"a\"].window must be a whole number that fits into 64 bits, got: 1e+30."},
	} {
		in := tftypes.NewValue(tftypes.Number, test.in)
		got, err := wholenumber.Type{}.ValueFromTerraform(t.Context(), in)
		if err != nil || !got.Equal(test.want) {
			t.Errorf("%s: the value is %v, %v; want %v", name, got, err, test.want)
		}
		detail := ""
		diags := wholenumber.Type{}.Validate(t.Context(), in, path.Root("rules").AtMapKey("a").AtName("window"))
		for _, diag := range diags {
			detail += diag.Detail()
		}
		if detail != test.detail {
			t.Errorf("%s: the error is %q; want %q", name, detail, test.detail)
		}
	}
	if _, err := (wholenumber.Type{}).ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.String, "1")); err == nil {
		t.Error("a string was converted")
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	for _, same := range []attr.Type{wholenumber.Type{}, types.Int64Type} {
		if !(wholenumber.Type{}).Equal(same) {
			t.Errorf("the type differs from %s", same)
		}
	}
	if (wholenumber.Type{}).Equal(types.NumberType) {
		t.Error("the type equals types.NumberType")
	}
}
