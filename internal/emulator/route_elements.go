package emulator

import (
	"maps"
	"math"
	"strings"
)

// The elements of a dynamic route. The six types and their properties are
// documented (OpenAPI document and SDKs of 2026; a page of the documentation
// has other names, which no client was seen to use). That types are told apart
// before the rest is checked was observed live: an error names the property.

// routeElements is the graph of a route. Bounds on numbers, on the shares of a
// percentage and on the number of elements are not documented, and what the
// service checks beyond shapes is not known: see [graphValid].
var routeElements = list{item: variant{key: "type", options: []option{
	{"start", elementSchema(member{name: "outputs", schema: outputsTo("next")})},
	{"conditional", elementSchema(
		member{name: "outputs", schema: outputsTo("true", "false")},
		member{name: "properties", schema: open{
			{name: "conditions", schema: open{}, optional: true},
		}},
	)},
	{"percentage", elementSchema(member{name: "outputs", schema: record{item: edgeSchema}})},
	{"rate", elementSchema(
		member{name: "outputs", schema: outputsTo("success", "fallback")},
		member{name: "properties", schema: open{
			{name: "key", schema: text{}},
			{name: "limit", schema: anyNumber},
			{name: "limitType", schema: oneOf{"count", "cost"}},
			{name: "window", schema: anyNumber},
		}},
	)},
	{"model", elementSchema(
		member{name: "outputs", schema: outputsTo("success", "fallback")},
		member{name: "properties", schema: open{
			{name: "model", schema: text{}},
			{name: "provider", schema: text{}},
			{name: "retries", schema: anyNumber},
			{name: "timeout", schema: anyNumber},
		}},
	)},
	{"end", elementSchema(member{name: "outputs", schema: record{item: edgeSchema}})},
}}}

var (
	anyNumber  = number{min: math.Inf(-1), max: noMax}
	edgeSchema = open{{name: "elementId", schema: text{}}}
)

// elementSchema is what all types have, and what one has besides.
func elementSchema(members ...member) open {
	return append(open{{name: "id", schema: text{}}}, members...)
}

// outputsTo are the ways out of an element that has these and must have them.
func outputsTo(names ...string) open {
	var out open
	for _, name := range names {
		out = append(out, member{name: name, schema: edgeSchema})
	}
	return out
}

// open accepts objects and keeps the keys that it does not know. That routes
// keep them is inferred: the dashboard stores positions in elements.
type open object

func (o open) parse(p *problems, path []any, v any) any {
	out := object(o).parse(p, path, v)
	known, ok := out.(map[string]any)
	if in, isObject := v.(map[string]any); ok && isObject {
		all := maps.Clone(in)
		maps.Copy(all, known)
		return all
	}
	return out
}

// variant accepts objects of several types that a key tells apart.
type variant struct {
	key     string
	options []option
}

type option struct {
	name   string
	schema schema
}

func (u variant) parse(p *problems, path []any, v any) any {
	in, ok := v.(map[string]any)
	if !ok {
		expected(p, path, "object", v)
		return v
	}
	names := make([]string, 0, len(u.options))
	for _, o := range u.options {
		if in[u.key] == o.name {
			return o.schema.parse(p, path, v)
		}
		names = append(names, "'"+o.name+"'")
	}
	p.add(join(path, u.key), "Invalid discriminator value. Expected %s", strings.Join(names, " | "))
	return v
}

// graphValid is what a version shows as is_valid: whether there is a start,
// every output leads to an element, and nothing leads back to itself. The
// member is documented; what the service looks at is not known, and so is
// whether it refuses such a graph: the emulator stores it (inferred).
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

// elementTargets are the ids that an element's outputs name.
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
