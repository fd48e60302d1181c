package controlplane

import "github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"

// The elements of a dynamic route. The six types and their properties are
// documented (OpenAPI document and SDKs of 2026). The documentation's page on JSON
// has others: rate_limit with interval and technique, condition, an end without
// outputs. No client was seen to use them, so that they are refused or, where they
// are only unknown keys, kept. That the type is checked before
// the rest was observed live: an error names the property. Elements keep unknown
// keys (inferred: the dashboard stores positions in them).

// routeElements is the schema of a graph. Bounds on numbers, on the shares of a
// percentage and on the number of elements are not documented, and what the
// service checks beyond shapes is not known: see [graphValid]. A percentage without
// outputs is refused (inferred).
var routeElements = apischema.List{Item: apischema.Variant{Key: "type", Options: []apischema.Option{
	{Name: "start", Schema: elementSchema(outputsTo("next"), nil)},
	{Name: "conditional", Schema: elementSchema(outputsTo("true", "false"), apischema.Open{
		{Name: "conditions", Schema: apischema.Open{}, Optional: true},
	})},
	{Name: "percentage", Schema: elementSchema(apischema.Map{Item: edgeSchema, NotEmpty: true}, nil)},
	{Name: "rate", Schema: elementSchema(outputsTo("success", "fallback"), apischema.Open{
		{Name: "key", Schema: apischema.String{}},
		{Name: "limit", Schema: anyNumber},
		{Name: "limitType", Schema: apischema.Enum{"count", "cost"}},
		{Name: "window", Schema: anyNumber},
	})},
	{Name: "model", Schema: elementSchema(outputsTo("success", "fallback"), apischema.Open{
		{Name: "model", Schema: apischema.String{}},
		{Name: "provider", Schema: apischema.String{}},
		{Name: "retries", Schema: anyNumber},
		{Name: "timeout", Schema: anyNumber},
	})},
	{Name: "end", Schema: elementSchema(apischema.Map{Item: edgeSchema}, nil)},
}}}

var (
	anyNumber  = apischema.Number{Min: -apischema.NoMax, Max: apischema.NoMax}
	edgeSchema = apischema.Open{{Name: "elementId", Schema: apischema.String{}}}
)

// elementSchema returns the schema of an element. Types without properties have
// none.
func elementSchema(outputs apischema.Schema, properties apischema.Open) apischema.Open {
	members := apischema.Open{
		{Name: "id", Schema: apischema.String{}},
		{Name: "outputs", Schema: outputs},
	}
	if properties != nil {
		members = append(members, apischema.Member{Name: "properties", Schema: properties})
	}
	return members
}

// outputsTo returns the schema of outputs that must have these names.
func outputsTo(names ...string) apischema.Open {
	var out apischema.Open
	for _, name := range names {
		out = append(out, apischema.Member{Name: name, Schema: edgeSchema})
	}
	return out
}

// graphValid returns the is_valid of a version: there is a start, every output
// leads to an element, and there are no cycles. The member is documented. What the
// service checks is not known, nor whether it refuses an invalid graph: the
// emulator stores it (inferred).
func graphValid(elements []any) bool {
	targets := map[string][]string{}
	started := false
	for _, e := range elements {
		e, _ := e.(map[string]any)
		id, _ := e["id"].(string)
		targets[id] = append(targets[id], elementTargets(e)...)
		started = started || e["type"] == "start"
	}
	if !started {
		return false
	}
	const entered, left = 1, 2
	state := map[string]int{}
	var sound func(id string) bool
	sound = func(id string) bool {
		next, exists := targets[id]
		if !exists || state[id] == entered {
			return false
		}
		if state[id] == left {
			return true
		}
		state[id] = entered
		for _, to := range next {
			if !sound(to) {
				return false
			}
		}
		state[id] = left
		return true
	}
	for id := range targets {
		if !sound(id) {
			return false
		}
	}
	return true
}

// elementTargets returns the ids of the elements that the outputs lead to.
func elementTargets(element map[string]any) []string {
	outputs, _ := element["outputs"].(map[string]any)
	var out []string
	for _, to := range outputs {
		to, _ := to.(map[string]any)
		if id, ok := to["elementId"].(string); ok {
			out = append(out, id)
		}
	}
	return out
}
