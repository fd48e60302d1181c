package dynamicroute

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/jsonobject"
)

// elementTypes returns the attribute types of an element.
func elementTypes() map[string]attr.Type {
	return map[string]attr.Type{
		"conditional": types.ObjectType{AttrTypes: conditionalTypes()},
		"percentage":  types.ObjectType{AttrTypes: percentageTypes()},
		"rate":        types.ObjectType{AttrTypes: rateTypes()},
		"model":       types.ObjectType{AttrTypes: modelTypes()},
	}
}

func conditionalTypes() map[string]attr.Type {
	return map[string]attr.Type{"conditions": jsonobject.Type{}, "on_true": types.StringType, "on_false": types.StringType}
}

func percentageTypes() map[string]attr.Type {
	return map[string]attr.Type{"outputs": types.MapType{ElemType: types.StringType}}
}

func rateTypes() map[string]attr.Type {
	return map[string]attr.Type{
		"key": types.StringType, "limit": types.Float64Type, "limit_type": types.StringType, "window": types.Float64Type,
		"on_success": types.StringType, "on_fallback": types.StringType,
	}
}

func modelTypes() map[string]attr.Type {
	return map[string]attr.Type{
		"provider": types.StringType, "model": types.StringType, "timeout": types.Float64Type, "retries": types.Float64Type,
		"on_success": types.StringType, "on_fallback": types.StringType,
	}
}

// elementsToAPI converts elements to the client's types. They are not known if any part of
// them is unknown.
func elementsToAPI(elements types.Map) (all map[string]routes.Element, known bool) {
	all, known = make(map[string]routes.Element, len(elements.Elements())), !elements.IsUnknown()
	for id, value := range elements.Elements() {
		element, elementKnown := elementToAPI(value)
		all[id], known = element, known && elementKnown
	}
	return all, known
}

func elementToAPI(value attr.Value) (element routes.Element, known bool) {
	object, _ := value.(types.Object)
	known = !object.IsUnknown()
	for kind, part := range object.Attributes() {
		variant, _ := part.(types.Object)
		if variant.IsNull() {
			continue
		}
		known = known && isKnown(variant)
		switch kind {
		case "conditional":
			element.Conditional = conditionalToAPI(variant)
		case "percentage":
			element.Percentage = &routes.Percentage{Outputs: outputsToAPI(convert.Part[types.Map](variant, "outputs"))}
		case "rate":
			element.Rate = rateToAPI(variant)
		case "model":
			element.Model = modelToAPI(variant)
		}
	}
	return element, known
}

func conditionalToAPI(variant types.Object) *routes.Conditional {
	return &routes.Conditional{
		Conditions: convert.Part[jsonobject.Value](variant, "conditions").ValueString(),
		OnTrue:     text(variant, "on_true"),
		OnFalse:    text(variant, "on_false"),
	}
}

func rateToAPI(variant types.Object) *routes.Rate {
	return &routes.Rate{
		Key:        text(variant, "key"),
		Limit:      number(variant, "limit"),
		LimitType:  text(variant, "limit_type"),
		Window:     number(variant, "window"),
		OnSuccess:  text(variant, "on_success"),
		OnFallback: text(variant, "on_fallback"),
	}
}

func modelToAPI(variant types.Object) *routes.ModelCall {
	return &routes.ModelCall{
		Provider:   text(variant, "provider"),
		Model:      text(variant, "model"),
		Timeout:    number(variant, "timeout"),
		Retries:    number(variant, "retries"),
		OnSuccess:  text(variant, "on_success"),
		OnFallback: text(variant, "on_fallback"),
	}
}

func outputsToAPI(outputs types.Map) map[string]string {
	all := make(map[string]string, len(outputs.Elements()))
	for output, value := range outputs.Elements() {
		target, _ := value.(types.String)
		all[output] = target.ValueString()
	}
	return all
}

func text(variant types.Object, name string) string {
	return convert.Part[types.String](variant, name).ValueString()
}

func number(variant types.Object, name string) float64 {
	return convert.Part[types.Float64](variant, name).ValueFloat64()
}

// isKnown reports whether a variant and all its values are known.
func isKnown(variant types.Object) bool {
	if variant.IsUnknown() {
		return false
	}
	for _, value := range variant.Attributes() {
		if value.IsUnknown() {
			return false
		}
		outputs, isMap := value.(types.Map)
		if !isMap {
			continue
		}
		for _, target := range outputs.Elements() {
			if target.IsUnknown() {
				return false
			}
		}
	}
	return true
}

// elementsFromAPI converts elements of a response. An element that means the same as the one
// before stays as it was written.
func elementsFromAPI(elements map[string]routes.Element, before types.Map) types.Map {
	known := before.Elements()
	all := make(map[string]attr.Value, len(elements))
	for id, element := range elements {
		all[id] = elementFromAPI(element)
		if value, ok := known[id]; ok {
			if was, isKnown := elementToAPI(value); isKnown && was.Same(element) {
				all[id] = value
			}
		}
	}
	return types.MapValueMust(types.ObjectType{AttrTypes: elementTypes()}, all)
}

// elementFromAPI converts an element of a response. An element of an unknown type has no
// variant. No configuration can have such an element, so it shows as a change.
func elementFromAPI(element routes.Element) types.Object {
	variants := map[string]attr.Value{
		"conditional": types.ObjectNull(conditionalTypes()),
		"percentage":  types.ObjectNull(percentageTypes()),
		"rate":        types.ObjectNull(rateTypes()),
		"model":       types.ObjectNull(modelTypes()),
	}
	switch e := element; {
	case e.Conditional != nil:
		variants["conditional"] = types.ObjectValueMust(conditionalTypes(), map[string]attr.Value{
			"conditions": jsonobject.NewValue(e.Conditional.Conditions),
			"on_true":    types.StringValue(e.Conditional.OnTrue),
			"on_false":   types.StringValue(e.Conditional.OnFalse),
		})
	case e.Percentage != nil:
		outputs := make(map[string]attr.Value, len(e.Percentage.Outputs))
		spellings := make(map[string]int, len(e.Percentage.Outputs))
		for output := range e.Percentage.Outputs {
			spellings[routes.CanonicalShare(output)]++
		}
		for output, target := range e.Percentage.Outputs {
			if plain := routes.CanonicalShare(output); spellings[plain] == 1 {
				output = plain
			}
			outputs[output] = types.StringValue(target)
		}
		variants["percentage"] = types.ObjectValueMust(percentageTypes(), map[string]attr.Value{
			"outputs": types.MapValueMust(types.StringType, outputs),
		})
	case e.Rate != nil:
		variants["rate"] = types.ObjectValueMust(rateTypes(), map[string]attr.Value{
			"key":         types.StringValue(e.Rate.Key),
			"limit":       types.Float64Value(e.Rate.Limit),
			"limit_type":  types.StringValue(e.Rate.LimitType),
			"window":      types.Float64Value(e.Rate.Window),
			"on_success":  types.StringValue(e.Rate.OnSuccess),
			"on_fallback": types.StringValue(e.Rate.OnFallback),
		})
	case e.Model != nil:
		variants["model"] = types.ObjectValueMust(modelTypes(), map[string]attr.Value{
			"provider":    types.StringValue(e.Model.Provider),
			"model":       types.StringValue(e.Model.Model),
			"timeout":     types.Float64Value(e.Model.Timeout),
			"retries":     types.Float64Value(e.Model.Retries),
			"on_success":  types.StringValue(e.Model.OnSuccess),
			"on_fallback": types.StringValue(e.Model.OnFallback),
		})
	}
	return types.ObjectValueMust(elementTypes(), variants)
}
