package raw

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ObjectType is the framework's object type with its Terraform type computed
// once. The framework asks for it several times per attribute of a plan.
type ObjectType struct {
	basetypes.ObjectType
	terraformType tftypes.Type
}

var _ basetypes.ObjectTypable = ObjectType{}

// NewObjectType returns the type of objects with these attributes.
func NewObjectType(attributes map[string]attr.Type) ObjectType {
	typ := types.ObjectType{AttrTypes: attributes}
	return ObjectType{typ, typ.TerraformType(context.Background())}
}

// TerraformType returns the type in the protocol.
func (t ObjectType) TerraformType(context.Context) tftypes.Type { return t.terraformType }

// Equal reports whether the types have equal attributes, also where one is the
// framework's own: the type of its values is.
func (t ObjectType) Equal(other attr.Type) bool {
	if o, ok := other.(ObjectType); ok {
		return t.ObjectType.Equal(o.ObjectType)
	}
	return t.ObjectType.Equal(other)
}
