package gateway

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// stringsOf returns the elements of a list or a set of strings, never nil.
func stringsOf(collection interface{ Elements() []attr.Value }) []string {
	all := []string{}
	for _, element := range collection.Elements() {
		if text, ok := element.(types.String); ok {
			all = append(all, text.ValueString())
		}
	}
	return all
}

// sortedStringsOf is stringsOf for a set, whose order has no meaning.
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
