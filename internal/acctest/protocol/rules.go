package protocol

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// proposedNew merges configuration and prior state as core does before it asks
// for a plan: what is configured wins, what is computed and not configured
// stays, all else is null.
func proposedNew(t testing.TB, schema []*tfprotov6.SchemaAttribute, typ tftypes.Type, prior, config tftypes.Value) tftypes.Value {
	t.Helper()
	configured, before := attributes(t, config), attributes(t, prior)
	merged := map[string]tftypes.Value{}
	for _, attribute := range schema {
		value := configured[attribute.Name]
		was, existed := before[attribute.Name]
		switch {
		case value.IsNull() && attribute.Computed && existed:
			value = was
		case attribute.NestedType != nil && existed && !value.IsNull() && value.IsKnown() && !was.IsNull():
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
		return proposedNew(t, nested.Attributes, config.Type(), prior, config)
	case tfprotov6.SchemaObjectNestingModeMap:
		before := as[map[string]tftypes.Value](t, prior)
		merged := map[string]tftypes.Value{}
		for key, element := range as[map[string]tftypes.Value](t, config) {
			if was, ok := before[key]; ok && element.IsKnown() && !element.IsNull() {
				element = proposedNew(t, nested.Attributes, element.Type(), was, element)
			}
			merged[key] = element
		}
		return tftypes.NewValue(config.Type(), merged)
	case tfprotov6.SchemaObjectNestingModeList:
		before := as[[]tftypes.Value](t, prior)
		var merged []tftypes.Value
		for i, element := range as[[]tftypes.Value](t, config) {
			if i < len(before) && element.IsKnown() && !element.IsNull() {
				element = proposedNew(t, nested.Attributes, element.Type(), before[i], element)
			}
			merged = append(merged, element)
		}
		return tftypes.NewValue(config.Type(), merged)
	default: // sets are matched by content; without computed parts that is the configuration
		return config
	}
}

// planFaults lists where a plan is not one that core accepts.
func planFaults(t testing.TB, schema []*tfprotov6.SchemaAttribute, prior, config, planned tftypes.Value, at string) []string {
	t.Helper()
	var faults []string
	before, configured, planneds := attributes(t, prior), attributes(t, config), attributes(t, planned)
	for _, attribute := range schema {
		name := at + attribute.Name
		want, got := configured[attribute.Name], planneds[attribute.Name]
		was, existed := before[attribute.Name]
		switch {
		case attribute.WriteOnly && !got.IsNull():
			faults = append(faults, fmt.Sprintf("%s is write-only and planned", name))
		case attribute.WriteOnly, got.Equal(want):
		case want.IsNull() && attribute.Computed:
		case want.IsNull():
			faults = append(faults, fmt.Sprintf("%s is not configured and not computed, and planned as %s", name, got))
		case existed && !was.IsNull() && got.Equal(was) && want.IsKnown():
			// The provider says that both mean the same.
		case attribute.NestedType != nil && attribute.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle && !got.IsNull():
			faults = append(faults, planFaults(t, attribute.NestedType.Attributes, was, want, got, name+".")...)
		case attribute.NestedType != nil && attribute.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeMap && !got.IsNull():
			wants, gots, wases := attributes(t, want), attributes(t, got), attributes(t, was)
			if len(wants) != len(gots) {
				faults = append(faults, fmt.Sprintf("%s is configured with %d elements and planned with %d", name, len(wants), len(gots)))
			}
			for key, element := range wants {
				faults = append(faults, planFaults(t, attribute.NestedType.Attributes, wases[key], element, gots[key], name+"."+key+".")...)
			}
		case attribute.NestedType != nil && attribute.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeList && !got.IsNull():
			wants, gots, wases := elements(t, want), elements(t, got), elements(t, was)
			if len(wants) != len(gots) {
				faults = append(faults, fmt.Sprintf("%s is configured with %d elements and planned with %d", name, len(wants), len(gots)))
				continue
			}
			for i, element := range wants {
				before := tftypes.NewValue(element.Type(), nil)
				if i < len(wases) {
					before = wases[i]
				}
				faults = append(faults, planFaults(t, attribute.NestedType.Attributes, before, element, gots[i], fmt.Sprintf("%s.%d.", name, i))...)
			}
		default:
			faults = append(faults, fmt.Sprintf("%s is configured as %s and planned as %s", name, want, got))
		}
	}
	return faults
}

// applyFaults lists where a new value is not what was planned: what was known
// in the plan must have come true.
func applyFaults(planned, got tftypes.Value, at string) []string {
	switch {
	case !planned.IsKnown():
		return nil
	case planned.IsNull() || got.IsNull() || !got.IsKnown():
		if planned.Equal(got) {
			return nil
		}
		return []string{fmt.Sprintf("%s was planned as %s and is %s", at, planned, got)}
	}
	var wants, gots map[string]tftypes.Value
	if planned.Type().Is(tftypes.Object{}) || planned.Type().Is(tftypes.Map{}) {
		if planned.As(&wants) != nil || got.As(&gots) != nil || len(wants) != len(gots) {
			return []string{fmt.Sprintf("%s was planned as %s and is %s", at, planned, got)}
		}
		var faults []string
		for key, want := range wants {
			is, ok := gots[key]
			if !ok {
				faults = append(faults, fmt.Sprintf("%s.%s was planned and is gone", at, key))
				continue
			}
			faults = append(faults, applyFaults(want, is, at+"."+key)...)
		}
		return faults
	}
	var wantList, gotList []tftypes.Value
	if planned.Type().Is(tftypes.List{}) {
		if planned.As(&wantList) != nil || got.As(&gotList) != nil || len(wantList) != len(gotList) {
			return []string{fmt.Sprintf("%s was planned as %s and is %s", at, planned, got)}
		}
		var faults []string
		for i := range wantList {
			faults = append(faults, applyFaults(wantList[i], gotList[i], fmt.Sprintf("%s.%d", at, i))...)
		}
		return faults
	}
	if !planned.Equal(got) {
		return []string{fmt.Sprintf("%s was planned as %s and is %s", at, planned, got)}
	}
	return nil
}
