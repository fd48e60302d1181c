package convert

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// JSON returns a value of any type as encoding/json encodes it, with every number as it
// is written. Null is nil. An unknown value is nil as well, so check for it before.
func JSON(value attr.Value) any {
	if value == nil || value.IsNull() || value.IsUnknown() {
		return nil
	}
	switch v := value.(type) {
	case types.Dynamic:
		return JSON(v.UnderlyingValue())
	case types.String:
		return v.ValueString()
	case types.Bool:
		return v.ValueBool()
	case types.Number:
		return json.Number(v.ValueBigFloat().Text('f', -1))
	case types.Object:
		return jsonMembers(v.Attributes())
	case types.Map:
		return jsonMembers(v.Elements())
	case interface{ Elements() []attr.Value }: // a list, set or tuple
		elements := []any{}
		for _, element := range v.Elements() {
			elements = append(elements, JSON(element))
		}
		return elements
	default:
		return nil
	}
}

func jsonMembers(values map[string]attr.Value) map[string]any {
	members := map[string]any{}
	for name, value := range values {
		members[name] = JSON(value)
	}
	return members
}
