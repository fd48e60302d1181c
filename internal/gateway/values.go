package gateway

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// part is an attribute of an object. Where the object is null, it is T's zero
// value, which is null as well.
func part[T attr.Value](object types.Object, name string) T {
	value, _ := object.Attributes()[name].(T)
	return value
}

// stringsOf are the elements of a list or a set of strings, never nil.
func stringsOf(collection interface{ Elements() []attr.Value }) []string {
	all := []string{}
	for _, element := range collection.Elements() {
		if text, ok := element.(types.String); ok {
			all = append(all, text.ValueString())
		}
	}
	return all
}

// sortedStringsOf is stringsOf for a set, whose order means nothing.
func sortedStringsOf(set types.Set) []string { return slices.Sorted(slices.Values(stringsOf(set))) }

func listOf(texts []string) types.List {
	return types.ListValueMust(types.StringType, valuesOf(texts))
}

func setOf(texts []string) types.Set {
	return types.SetValueMust(types.StringType, valuesOf(slices.Compact(slices.Sorted(slices.Values(texts)))))
}

func valuesOf(texts []string) []attr.Value {
	values := make([]attr.Value, 0, len(texts))
	for _, text := range texts {
		values = append(values, types.StringValue(text))
	}
	return values
}
