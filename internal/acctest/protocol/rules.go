package protocol

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The rules below are those of Terraform's packages plans/objchange and
// lang/ephemeral. Each function returns one sentence for each attribute that
// breaks them.

// checkPlan compares a plan with the configuration. They may only differ where
// an attribute is computed and not configured, or where the plan keeps the
// prior value because both mean the same.
func checkPlan(t testing.TB, schema []*tfprotov6.SchemaAttribute, prior, config, planned tftypes.Value) []string {
	t.Helper()
	if planned.IsNull() {
		return []string{"an object is configured, and none is planned"}
	}
	return checkPlannedAttributes(t, schema, prior, config, planned, "")
}

func checkPlannedAttributes(t testing.TB, schema []*tfprotov6.SchemaAttribute, prior, config, planned tftypes.Value, at string) []string {
	t.Helper()
	var broken []string
	before, configured, after := attributes(t, prior), attributes(t, config), attributes(t, planned)
	for _, attribute := range schema {
		name := attribute.Name
		broken = append(broken, checkPlanned(t, attribute, before[name], configured[name], after[name], join(at, name))...)
	}
	return broken
}

func checkPlanned(t testing.TB, attribute *tfprotov6.SchemaAttribute, prior, config, planned tftypes.Value, at string) []string {
	t.Helper()
	switch {
	case attribute.WriteOnly, planned.Equal(config): // checkWriteOnly looks at the former
		return nil
	case config.IsNull() && attribute.Computed:
		return nil
	case config.IsNull():
		return []string{fmt.Sprintf("%s is neither configured nor computed, and is planned as %s", at, planned)}
	case config.IsKnown() && !prior.IsNull() && planned.Equal(prior): // the same in other words
		return nil
	case attribute.NestedType == nil, !isSet(config), !isSet(planned), attribute.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSet:
		return []string{fmt.Sprintf("%s is configured as %s and planned as %s", at, config, planned)}
	case attribute.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle:
		return checkPlannedAttributes(t, attribute.NestedType.Attributes, prior, config, planned, at)
	}
	var broken []string
	before, configured, after := parts(t, prior), parts(t, config), parts(t, planned)
	for _, key := range slices.Sorted(maps.Keys(configured)) {
		switch element, ok := after[key]; {
		case !ok:
			broken = append(broken, join(at, key)+" is configured and not planned")
		case isSet(configured[key]) && isSet(element):
			broken = append(broken, checkPlannedAttributes(t, attribute.NestedType.Attributes, before[key], configured[key], element, join(at, key))...)
		case !element.Equal(configured[key]):
			broken = append(broken, fmt.Sprintf("%s is configured as %s and planned as %s", join(at, key), configured[key], element))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if _, ok := configured[key]; !ok {
			broken = append(broken, join(at, key)+" is planned and not configured")
		}
	}
	return broken
}

// checkPromise compares a new value with the plan for it: what the plan knew
// must have come true.
func checkPromise(t testing.TB, planned, got tftypes.Value, at string) []string {
	t.Helper()
	switch {
	case !planned.IsKnown(), planned.Equal(got):
		return nil
	case at == "" && got.IsNull():
		return []string{"the object was planned, and there is none"}
	case at == "" && planned.IsNull():
		return []string{"no object was planned, and there is one"}
	case !isSet(planned), !isSet(got), !hasParts(planned), planned.Type().Is(tftypes.Set{}) && planned.IsFullyKnown():
		return []string{fmt.Sprintf("%s was planned as %s and is %s", at, planned, got)}
	}
	var broken []string
	promised, kept := parts(t, planned), parts(t, got)
	if planned.Type().Is(tftypes.Set{}) {
		// Elements with unknown parts cannot be told apart.
		if len(kept) != len(promised) {
			broken = append(broken, fmt.Sprintf("%s was planned with %d elements and has %d", at, len(promised), len(kept)))
		}
		return broken
	}
	for _, key := range slices.Sorted(maps.Keys(promised)) {
		if value, ok := kept[key]; ok {
			broken = append(broken, checkPromise(t, promised[key], value, join(at, key))...)
		} else {
			broken = append(broken, join(at, key)+" was planned and is absent")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(kept)) {
		if _, ok := promised[key]; !ok {
			broken = append(broken, join(at, key)+" was not planned and is there")
		}
	}
	return broken
}

// checkWriteOnly looks for write-only values in a plan or in state, where they
// must never be.
func checkWriteOnly(t testing.TB, schema []*tfprotov6.SchemaAttribute, value tftypes.Value, at string) []string {
	t.Helper()
	var broken []string
	values := attributes(t, value)
	for _, attribute := range schema {
		name, held := join(at, attribute.Name), values[attribute.Name]
		switch {
		case attribute.WriteOnly && !held.IsNull():
			broken = append(broken, name+" is write-only and has a value")
		case attribute.NestedType == nil || !isSet(held):
		case attribute.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle:
			broken = append(broken, checkWriteOnly(t, attribute.NestedType.Attributes, held, name)...)
		default:
			elements := parts(t, held)
			for _, key := range slices.Sorted(maps.Keys(elements)) {
				broken = append(broken, checkWriteOnly(t, attribute.NestedType.Attributes, elements[key], join(name, key))...)
			}
		}
	}
	return broken
}

// checkKnown looks for unknown values, of which state has none.
func checkKnown(t testing.TB, value tftypes.Value, at string) []string {
	t.Helper()
	if !value.IsKnown() {
		return []string{at + " is unknown"}
	}
	var broken []string
	if value.IsNull() || !hasParts(value) {
		return nil
	}
	all := parts(t, value)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		broken = append(broken, checkKnown(t, all[key], join(at, key))...)
	}
	return broken
}

// hasParts reports whether a value's type is made of other types.
func hasParts(value tftypes.Value) bool {
	switch value.Type().(type) {
	case tftypes.Object, tftypes.Map, tftypes.List, tftypes.Set, tftypes.Tuple:
		return true
	default:
		return false
	}
}

// parts returns the attributes or elements of a value, by their names, keys or
// indexes.
func parts(t testing.TB, value tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	if value.Type() == nil || value.Type().Is(tftypes.Object{}) || value.Type().Is(tftypes.Map{}) {
		return attributes(t, value)
	}
	all := map[string]tftypes.Value{}
	for i, element := range elements(t, value) {
		all[strconv.Itoa(i)] = element
	}
	return all
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
