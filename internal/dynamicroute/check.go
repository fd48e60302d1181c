package dynamicroute

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/jsonobject"
)

// maxShares is the maximum number of shares of a percentage besides "else" (documented).
const maxShares = 5

// impliedIDs are the IDs of the API's own elements.
var impliedIDs = []string{"start", routes.End}

// variants maps the kinds of elements to the attributes that name the next element. Those of a
// percentage are in its map.
var variants = map[string][]string{
	"conditional": {"on_true", "on_false"},
	"percentage":  nil,
	"rate":        {"on_success", "on_fallback"},
	"model":       {"on_success", "on_fallback"},
}

// A checker finds mistakes in a graph as far as it is known. It finds each mistake once, and
// not the problems that only follow from it.
type checker struct {
	findings []finding
	// edges maps the IDs of all elements to their edges.
	edges map[string][]edge
	// open holds elements with an unknown or mistaken edge, which may be meant to lead
	// anywhere.
	open map[string]bool
}

// An edge leads from an element to the next one.
type edge struct {
	// path is the attribute that names the next element.
	path path.Path
	// output is the name of that attribute, or the share.
	output string
	to     string
}

// checkGraph finds the mistakes of a graph. Unknown values are accepted; they are checked
// again when they are known.
func checkGraph(ctx context.Context, entry types.String, elements types.Map) []finding {
	if elements.IsNull() || elements.IsUnknown() {
		return nil
	}
	c := checker{edges: map[string][]edge{}, open: map[string]bool{}}
	c.graph(ctx, entry, elements.Elements())
	return c.findings
}

func (c *checker) add(f finding) { c.findings = append(c.findings, f) }

// graph checks a graph.
func (c *checker) graph(ctx context.Context, entry types.String, values map[string]attr.Value) {
	if len(values) == 0 {
		c.add(finding{
			at: path.Root("elements"), summary: "Dynamic route without elements",
			what: "A route needs at least one element, such as a model.", advice: "To delete the route, remove the resource.",
		})
		return
	}
	for id, value := range sorted(values) {
		c.element(ctx, id, value)
	}
	if c.reserved() {
		return // edges to a reserved ID are ambiguous
	}
	for id, edges := range sorted(c.edges) {
		for _, e := range edges {
			c.target(id, e)
		}
	}
	isKnown := !entry.IsNull() && !entry.IsUnknown()
	if isKnown {
		c.entry(entry.ValueString())
	}
	c.cycles(entry.ValueString())
	if isKnown {
		c.reachable(entry.ValueString())
	}
}

// sorted iterates over a map in the order of its keys.
func sorted[V any](all map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(all)) {
			if !yield(key, all[key]) {
				return
			}
		}
	}
}

func pathOf(id string) path.Path { return path.Root("elements").AtMapKey(id) }

// reserved adds findings about IDs that no element can have. It reports whether there are any.
func (c *checker) reserved() bool {
	found := false
	for _, id := range append([]string{""}, impliedIDs...) {
		if _, exists := c.edges[id]; !exists {
			continue
		}
		found = true
		if id == "" {
			c.add(finding{
				at: pathOf(id), summary: "Element without an ID",
				what: "The ID of an element is the empty string.", advice: "Choose an ID.", grade: refused,
			})
			continue
		}
		c.add(finding{at: pathOf(id), summary: "Reserved ID of an element", what: fmt.Sprintf(
			"No element can have the ID %q, because start and end are implied: entry names the first element, and \"end\" as a target ends "+
				"the route.", id), advice: "Choose another ID.", grade: refused})
	}
	return found
}

// element checks one element and collects its edges.
func (c *checker) element(ctx context.Context, id string, value attr.Value) {
	c.edges[id] = nil
	object, _ := value.(types.Object)
	if object.IsUnknown() {
		c.open[id] = true
		return
	}
	var kinds []string
	parts, unknown := object.Attributes(), false
	for kind := range sorted(variants) {
		variant, _ := parts[kind].(types.Object)
		unknown = unknown || variant.IsUnknown()
		if variant.IsNull() || variant.IsUnknown() {
			continue
		}
		kinds = append(kinds, kind)
		c.variant(ctx, id, kind, variant)
	}
	c.open[id] = c.open[id] || unknown
	switch {
	case len(kinds) > 1:
		c.add(finding{
			at: pathOf(id), summary: "Element of several kinds", what: fmt.Sprintf("Element %q has %s.", id, strings.Join(kinds, " and ")),
			advice: "An element must have exactly one of them: move the others to elements of their own.", grade: refused,
		})
	case len(kinds) == 0 && !unknown:
		c.open[id] = true // it may be meant to lead anywhere
		c.add(finding{at: pathOf(id), summary: "Element of no kind", what: fmt.Sprintf(
			"Element %q must have exactly one of conditional, percentage, rate and model. It has none of them.", id), grade: refused})
	}
}

// variant checks an element of one kind and collects its edges.
func (c *checker) variant(ctx context.Context, id, kind string, variant types.Object) {
	at, parts := pathOf(id).AtName(kind), variant.Attributes()
	for _, name := range variants[kind] {
		target, _ := parts[name].(types.String)
		if target.IsNull() {
			c.open[id] = true // the schema reports it
			continue
		}
		c.edge(id, at.AtName(name), name, target)
	}
	c.values(ctx, kind, at, parts)
	switch kind {
	case "conditional":
		c.conditions(id, at.AtName("conditions"), parts["conditions"])
	case "percentage":
		c.percentage(id, at.AtName("outputs"), parts["outputs"])
	}
}

// conditions checks operators, and numbers that the service would change.
func (c *checker) conditions(id string, at path.Path, value attr.Value) {
	conditions, _ := value.(jsonobject.Value)
	// The type reports strings that do not hold an object.
	if conditions.IsObject() {
		c.unknownOperators(id, at, conditions.ValueString())
	}
	if number, found := wire.InexactNumber(conditions.ValueString()); found && conditions.IsObject() {
		c.add(finding{at: at, summary: "Number that is too large", what: fmt.Sprintf(
			"Element %q: conditions contains the number %s. The service would change it, because it stores numbers as doubles.", id, number),
			advice: "Use a string, and send a string in requests."})
	}
}

// percentage checks the shares of an element and collects its edges.
func (c *checker) percentage(id string, at path.Path, value attr.Value) {
	outputs, _ := value.(types.Map)
	if outputs.IsUnknown() || outputs.IsNull() {
		c.open[id] = true
		return
	}
	targets := outputs.Elements()
	c.shares(id, at, slices.Sorted(maps.Keys(targets)))
	for output, value := range sorted(targets) {
		target, _ := value.(types.String)
		c.edge(id, at.AtMapKey(output), fmt.Sprintf("outputs[%q]", output), target)
	}
}

// edge adds an edge.
func (c *checker) edge(id string, at path.Path, output string, target types.String) {
	if target.IsUnknown() {
		c.open[id] = true
		return
	}
	c.edges[id] = append(c.edges[id], edge{path: at, output: output, to: target.ValueString()})
}

// shares checks the sorted shares of a percentage.
func (c *checker) shares(id string, at path.Path, outputs []string) {
	found := func(at path.Path, grade grade, what, advice string) {
		c.add(finding{
			at: at, summary: "Invalid shares of a percentage", what: fmt.Sprintf("Element %q: ", id) + what, advice: advice, grade: grade,
		})
	}
	if len(outputs) == 0 {
		c.open[id] = true
		found(at, refused, "it has no outputs, so \"end\" cannot be reached from it.", "Add at least one output, such as \"else\".")
		return
	}
	sum, spellings, valid := new(big.Rat), map[string][]string{}, true
	for _, output := range outputs {
		share, ok := routes.ParseShare(output)
		switch {
		case output == routes.PercentageElse:
		case !ok:
			valid = false
			found(at.AtMapKey(output), kept, fmt.Sprintf("the share %q is neither a percentage, such as \"10%%\", nor \"else\".", output), "")
		default:
			sum.Add(sum, share)
			plain := routes.CanonicalShare(output)
			spellings[plain] = append(spellings[plain], output)
		}
	}
	for plain, written := range sorted(spellings) {
		for _, again := range written[1:] {
			valid = false
			found(at.AtMapKey(again), kept, fmt.Sprintf("the shares %q and %q are equal.", written[0], again), "Use \"else\" for one of them.")
		}
		if only := written[0]; len(written) == 1 && only != plain {
			// In a plan, two spellings of a key are different elements.
			valid = false
			found(at.AtMapKey(only), refused, fmt.Sprintf("write the share %q as %q.", only, plain), "")
		}
	}
	if !valid {
		return // the sum is not meaningful
	}
	whole, named := big.NewRat(100, 1), len(spellings)
	switch {
	case named > maxShares:
		found(at, kept, fmt.Sprintf("there are %d shares besides \"else\".", named), fmt.Sprintf("The service documents at most %d.", maxShares))
	case sum.Cmp(whole) > 0:
		found(at, kept, fmt.Sprintf("the shares add up to %s%%, which is more than 100%%.", decimal(sum)), "")
	case sum.Cmp(whole) < 0 && named == len(outputs):
		found(at, kept, fmt.Sprintf("the shares add up to %s%%, and there is no \"else\" for the rest.", decimal(sum)), "Add \"else\", or shares up to 100%.")
	}
}

// decimal formats a sum of shares with as few digits as possible.
func decimal(n *big.Rat) string {
	text := n.FloatString(9)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// entry adds a finding if the first element does not exist.
func (c *checker) entry(to string) {
	if _, exists := c.edges[to]; exists {
		return
	}
	at, summary, why := path.Root("entry"), "Element that does not exist", "there is no such element"
	if slices.Contains(impliedIDs, to) {
		summary, why = "Dynamic route that does nothing", "requests would not reach an element"
	}
	c.add(finding{
		at: at, summary: summary, what: fmt.Sprintf("entry is %q, but %s.", to, why),
		advice: fmt.Sprintf("It must be the ID of the first element: %s.", choices(c.others(""))), grade: gradeOf(to),
	})
}

// target adds a finding if an edge leads to an element that does not exist.
func (c *checker) target(id string, e edge) {
	if _, exists := c.edges[e.to]; exists || e.to == routes.End {
		return
	}
	c.open[id] = true
	summary, why := "Element that does not exist", "there is no such element"
	if slices.Contains(impliedIDs, e.to) {
		summary, why = "Edge back to the start", "that would be a cycle"
	}
	c.add(finding{
		at: e.path, summary: summary, what: fmt.Sprintf("Element %q: %s leads to %q, but %s.", id, e.output, e.to, why),
		advice: fmt.Sprintf("It must be %s.", choices(c.others(id), routes.End)), grade: gradeOf(e.to),
	})
}

// gradeOf returns the grade of an edge to this target, which does not exist: no request can
// name some.
func gradeOf(to string) grade {
	if to == "" || to == "start" {
		return refused
	}
	return kept
}

// others returns the IDs of all elements but one.
func (c *checker) others(id string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.edges)), func(other string) bool { return other == id })
}

// choices formats IDs for a message: at most ten, and then those that always exist.
func choices(ids []string, always ...string) string {
	const most = 10
	rest := 0
	if len(ids) > most {
		ids, rest = ids[:most], len(ids)-most
	}
	quoted := make([]string, 0, len(ids)+len(always)+1)
	for _, id := range ids {
		quoted = append(quoted, strconv.Quote(id))
	}
	if rest > 0 {
		quoted = append(quoted, fmt.Sprintf("one of %d more elements", rest))
	}
	for _, id := range always {
		quoted = append(quoted, strconv.Quote(id))
	}
	if last := len(quoted) - 1; last > 0 {
		return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
	}
	return quoted[0]
}
