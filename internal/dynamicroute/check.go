package dynamicroute

import (
	"fmt"
	"iter"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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

// A checker finds mistakes in a graph as far as it is known. It reports each mistake once, and
// not the problems that only follow from it.
type checker struct {
	diags *diag.Diagnostics
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

// checkGraph adds errors about a graph that the service could not use. Unknown values are
// accepted; they are checked again when they are known.
func checkGraph(entry types.String, elements types.Map, diags *diag.Diagnostics) {
	if elements.IsNull() || elements.IsUnknown() {
		return
	}
	c := checker{diags: diags, edges: map[string][]edge{}, open: map[string]bool{}}
	values := elements.Elements()
	if len(values) == 0 {
		diags.AddAttributeError(path.Root("elements"), "Dynamic route without elements",
			"A route needs at least one element, such as a model. To delete the route, remove the resource.")
		return
	}
	for id, value := range sorted(values) {
		c.element(id, value)
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

// reserved adds errors about IDs that no element can have. It reports whether there are any.
func (c *checker) reserved() bool {
	found := false
	for _, id := range append([]string{""}, impliedIDs...) {
		if _, exists := c.edges[id]; !exists {
			continue
		}
		found = true
		if id == "" {
			c.diags.AddAttributeError(pathOf(id), "Element without an ID", "The ID of an element is the empty string. Choose an ID.")
			continue
		}
		c.diags.AddAttributeError(pathOf(id), "Reserved ID of an element", fmt.Sprintf(
			"No element can have the ID %q, because start and end are implied: entry names the first element, and \"end\" as a target ends "+
				"the route. Choose another ID.", id))
	}
	return found
}

// element checks one element and collects its edges.
func (c *checker) element(id string, value attr.Value) {
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
		c.variant(id, kind, variant)
	}
	c.open[id] = c.open[id] || unknown
	switch {
	case len(kinds) > 1:
		c.diags.AddAttributeError(pathOf(id), "Element of several kinds", fmt.Sprintf(
			"Element %q has %s. An element must have exactly one of them: move the others to elements of their own.", id, strings.Join(kinds, " and ")))
	case len(kinds) == 0 && !unknown:
		c.open[id] = true // it may be meant to lead anywhere
		c.diags.AddAttributeError(pathOf(id), "Element of no kind", fmt.Sprintf(
			"Element %q must have exactly one of conditional, percentage, rate and model. It has none of them.", id))
	}
}

// variant collects the edges of an element of one kind.
func (c *checker) variant(id, kind string, variant types.Object) {
	at, parts := pathOf(id).AtName(kind), variant.Attributes()
	for _, name := range variants[kind] {
		target, _ := parts[name].(types.String)
		if target.IsNull() {
			c.open[id] = true // the schema reports it
			continue
		}
		c.edge(id, at.AtName(name), name, target)
	}
	switch kind {
	case "conditional":
		c.conditions(id, at.AtName("conditions"), parts["conditions"])
	case "percentage":
		c.percentage(id, at.AtName("outputs"), parts["outputs"])
	}
}

// conditions adds errors about numbers that the service would change.
func (c *checker) conditions(id string, at path.Path, value attr.Value) {
	conditions, _ := value.(jsonobject.Value)
	// The type reports strings that do not hold an object.
	if number, found := wire.InexactNumber(conditions.ValueString()); found && conditions.IsObject() {
		c.diags.AddAttributeError(at, "Number that is too large", fmt.Sprintf(
			"Element %q: conditions contains the number %s. The service would change it, because it stores numbers as doubles. Use a string, and "+
				"send a string in requests.", id, number))
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
	refuse := func(at path.Path, format string, args ...any) {
		c.diags.AddAttributeError(at, "Invalid shares of a percentage", fmt.Sprintf("Element %q: ", id)+fmt.Sprintf(format, args...))
	}
	if len(outputs) == 0 {
		c.open[id] = true
		refuse(at, "it has no outputs, so \"end\" cannot be reached from it. Add at least one output, such as \"else\".")
		return
	}
	sum, spellings, valid := new(big.Rat), map[string][]string{}, true
	for _, output := range outputs {
		share, ok := routes.ParseShare(output)
		switch {
		case output == routes.PercentageElse:
		case !ok:
			valid = false
			refuse(at.AtMapKey(output), "the share %q is neither a percentage, such as \"10%%\", nor \"else\".", output)
		default:
			sum.Add(sum, share)
			plain := routes.CanonicalShare(output)
			spellings[plain] = append(spellings[plain], output)
		}
	}
	for plain, written := range sorted(spellings) {
		for _, again := range written[1:] {
			valid = false
			refuse(at.AtMapKey(again), "the shares %q and %q are equal. Use \"else\" for one of them.", written[0], again)
		}
		if only := written[0]; len(written) == 1 && only != plain {
			// In a plan, two spellings of a key are different elements.
			valid = false
			refuse(at.AtMapKey(only), "write the share %q as %q.", only, plain)
		}
	}
	if !valid {
		return // the sum is not meaningful
	}
	whole, named := big.NewRat(100, 1), len(spellings)
	switch {
	case named > maxShares:
		refuse(at, "there are %d shares besides \"else\". The service accepts at most %d.", named, maxShares)
	case sum.Cmp(whole) > 0:
		refuse(at, "the shares add up to %s%%, which is more than 100%%.", decimal(sum))
	case sum.Cmp(whole) < 0 && named == len(outputs):
		refuse(at, "the shares add up to %s%%, and there is no \"else\" for the rest. Add \"else\", or shares up to 100%%.", decimal(sum))
	}
}

// decimal formats a sum of shares with as few digits as possible.
func decimal(n *big.Rat) string {
	text := n.FloatString(9)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// entry adds an error if the first element does not exist.
func (c *checker) entry(to string) {
	if _, exists := c.edges[to]; exists {
		return
	}
	at, summary, why := path.Root("entry"), "Element that does not exist", "there is no such element"
	if slices.Contains(impliedIDs, to) {
		summary, why = "Dynamic route that does nothing", "requests would not reach an element"
	}
	c.diags.AddAttributeError(at, summary, fmt.Sprintf(
		"entry is %q, but %s. It must be the ID of the first element: %s.", to, why, choices(c.others(""))))
}

// target adds an error if an edge leads to an element that does not exist.
func (c *checker) target(id string, e edge) {
	if _, exists := c.edges[e.to]; exists || e.to == routes.End {
		return
	}
	c.open[id] = true
	summary, why := "Element that does not exist", "there is no such element"
	if slices.Contains(impliedIDs, e.to) {
		summary, why = "Edge back to the start", "that would be a cycle"
	}
	c.diags.AddAttributeError(e.path, summary, fmt.Sprintf(
		"Element %q: %s leads to %q, but %s. It must be %s.", id, e.output, e.to, why, choices(c.others(id), routes.End)))
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
