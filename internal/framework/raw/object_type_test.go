package raw_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

func TestObjectType(t *testing.T) {
	t.Parallel()
	inner := raw.NewObjectType(map[string]attr.Type{"count": types.Int64Type})
	outer := raw.NewObjectType(map[string]attr.Type{"inner": types.MapType{ElemType: inner}})
	plain := types.ObjectType{AttrTypes: outer.AttrTypes}
	if !outer.TerraformType(t.Context()).Equal(plain.TerraformType(t.Context())) {
		t.Errorf("the Terraform type is %s", outer.TerraformType(t.Context()))
	}
	if !outer.Equal(raw.NewObjectType(outer.AttrTypes)) || !outer.Equal(plain) || outer.Equal(inner) || outer.Equal(types.StringType) {
		t.Error("equality does not follow the attributes")
	}
	value := types.ObjectValueMust(outer.AttrTypes, map[string]attr.Value{
		"inner": types.MapValueMust(inner, map[string]attr.Value{
			"a": types.ObjectValueMust(inner.AttrTypes, map[string]attr.Value{"count": types.Int64Value(1)}),
		}),
	})
	converted, err := value.ToTerraformValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	back, err := outer.ValueFromTerraform(t.Context(), converted)
	if err != nil || !back.Equal(value) {
		t.Errorf("got %s, want %s; %v", back, value, err)
	}
	if null, err := outer.ValueFromTerraform(t.Context(), tftypes.NewValue(outer.TerraformType(t.Context()), nil)); err != nil || !null.IsNull() {
		t.Errorf("got %s; %v", null, err)
	}
}
