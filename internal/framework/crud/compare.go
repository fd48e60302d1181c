package crud

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// Different returns the names of the attributes that were planned with a known value and
// stored with another one, sorted by name.
func Different(planned, stored map[string]attr.Value) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(planned)) {
		if !planned[name].IsUnknown() && !Same(planned[name], stored[name]) {
			names = append(names, name)
		}
	}
	return names
}

// Same reports whether two values are equal for the API, where null and the empty
// string are the same.
func Same(a, b attr.Value) bool {
	if a.Equal(b) {
		return true
	}
	x, isString := a.(types.String)
	y, _ := b.(types.String)
	return isString && !x.IsUnknown() && !y.IsUnknown() && x.ValueString() == y.ValueString()
}

// AddNotStored adds an error about an attribute that the service stored with
// another value than planned. State then holds what is stored; without the error,
// the CLI would report a bug of the provider. The attribute must not be a secret.
func AddNotStored(object, name string, planned, stored attr.Value, advice string, diags *diag.Diagnostics) {
	const longest = 500 // of a text that the service made up, in bytes
	diags.AddAttributeError(path.Root(name), "The service stored another value", fmt.Sprintf(
		"The request set %s = %s and succeeded, but the %s now has %s. %s", name, planned, object, client.Printable(stored.String(), longest), advice))
}
