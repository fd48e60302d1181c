package protocol

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// proposedState merges configuration and prior state as core does before it
// asks for a plan: configured values win, computed values that are not
// configured stay, and everything else is null.
func proposedState(t testing.TB, schema []*tfprotov6.SchemaAttribute, typ tftypes.Type, prior, config tftypes.Value) tftypes.Value {
	t.Helper()
	configured, before := attributes(t, config), attributes(t, prior)
	merged := map[string]tftypes.Value{}
	for _, attribute := range schema {
		value := configured[attribute.Name]
		was, existed := before[attribute.Name]
		switch {
		case value.IsNull() && attribute.Computed && existed:
			value = was
		case attribute.NestedType != nil && existed && isSet(value) && isSet(was):
			value = proposedNested(t, attribute.NestedType, was, value)
		}
		merged[attribute.Name] = value
	}
	return tftypes.NewValue(typ, merged)
}

func proposedNested(t testing.TB, nested *tfprotov6.SchemaObject, prior, config tftypes.Value) tftypes.Value {
	t.Helper()
	switch nested.Nesting {
	case tfprotov6.SchemaObjectNestingModeSingle:
		return proposedState(t, nested.Attributes, config.Type(), prior, config)
	case tfprotov6.SchemaObjectNestingModeMap:
		before, merged := attributes(t, prior), map[string]tftypes.Value{}
		for key, element := range attributes(t, config) {
			if was, ok := before[key]; ok && isSet(element) {
				element = proposedState(t, nested.Attributes, element.Type(), was, element)
			}
			merged[key] = element
		}
		return tftypes.NewValue(config.Type(), merged)
	case tfprotov6.SchemaObjectNestingModeList:
		before, merged := elements(t, prior), []tftypes.Value{}
		for i, element := range elements(t, config) {
			if i < len(before) && isSet(element) {
				element = proposedState(t, nested.Attributes, element.Type(), before[i], element)
			}
			merged = append(merged, element)
		}
		return tftypes.NewValue(config.Type(), merged)
	default:
		// Core matches elements of sets by content. Without computed parts, the
		// result is the configuration.
		for _, attribute := range nested.Attributes {
			if attribute.Computed {
				t.Fatalf("%s is computed and in a set of objects, which this package cannot plan", attribute.Name)
			}
		}
		return config
	}
}

// isSet reports whether a value is neither null nor unknown.
func isSet(value tftypes.Value) bool { return value.IsKnown() && !value.IsNull() }
