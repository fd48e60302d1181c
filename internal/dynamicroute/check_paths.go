package dynamicroute

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// cycles adds one finding for all elements that lead to each other, at the edge that leads back to
// the element that requests reach first.
func (c *checker) cycles(entry string) {
	for _, component := range c.components(entry) {
		round, last := c.round(component)
		if round == nil {
			continue // a single element without an edge to itself
		}
		outcome := "A request could follow the cycle and never reach the end."
		if !c.leaves(component) {
			outcome = "The end cannot be reached from the cycle."
		}
		// The edge that leads back may be meant to lead elsewhere.
		for _, id := range component {
			c.open[id] = true
		}
		names := make([]string, len(round))
		for i, id := range round {
			names[i] = strconv.Quote(id)
		}
		c.add(finding{
			at: last.path, summary: "Cycle in a dynamic route", what: fmt.Sprintf("Element %s: %s leads back to %q: %s. %s",
				names[len(names)-2], last.output, last.to, strings.Join(names, " -> "), outcome),
			advice: "Change the target of one of these elements.",
		})
	}
}

// components returns the strongly connected components of the graph (by Tarjan's algorithm). The
// first element of each is the one that is reached first from the entry.
func (c *checker) components(entry string) [][]string {
	var components [][]string
	var trail []string
	order, lowest, onTrail := map[string]int{}, map[string]int{}, map[string]bool{}
	var visit func(id string)
	visit = func(id string) {
		order[id] = len(order) + 1
		lowest[id] = order[id]
		trail, onTrail[id] = append(trail, id), true
		for _, e := range c.edges[id] {
			if _, exists := c.edges[e.to]; !exists {
				continue
			}
			if order[e.to] == 0 {
				visit(e.to)
				lowest[id] = min(lowest[id], lowest[e.to])
			} else if onTrail[e.to] {
				lowest[id] = min(lowest[id], order[e.to])
			}
		}
		if lowest[id] < order[id] {
			return
		}
		first := slices.Index(trail, id)
		component := slices.Clone(trail[first:])
		trail = trail[:first]
		for _, member := range component {
			onTrail[member] = false
		}
		components = append(components, component)
	}
	if _, exists := c.edges[entry]; exists {
		visit(entry)
	}
	for id := range sorted(c.edges) {
		if order[id] == 0 {
			visit(id)
		}
	}
	return components
}

// round returns the shortest path from a component's first element back to it, and the last edge
// of the path. It returns nil if there is none.
func (c *checker) round(component []string) (round []string, last edge) {
	first := component[0]
	from := map[string]string{}
	queue := []string{first}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		for _, e := range c.edges[id] {
			if e.to == first {
				round = []string{first}
				for ; id != first; id = from[id] {
					round = append(round, id)
				}
				round = append(round, first)
				slices.Reverse(round)
				return round, e
			}
			if _, seen := from[e.to]; !seen && slices.Contains(component, e.to) {
				from[e.to] = id
				queue = append(queue, e.to)
			}
		}
	}
	return nil, edge{}
}

// leaves reports whether an edge leads, or may lead, out of a component.
func (c *checker) leaves(component []string) bool {
	for _, id := range component {
		if c.open[id] || slices.ContainsFunc(c.edges[id], func(e edge) bool { return !slices.Contains(component, e.to) }) {
			return true
		}
	}
	return false
}

// reachable adds findings about elements that no request can reach, unless an edge that is unknown
// or already reported may be meant to lead there.
func (c *checker) reachable(entry string) {
	reached, open := c.from(entry)
	if open || len(reached) == 0 {
		return // a wrong entry is already reported
	}
	// Each component is named by its first element. Components come after those that they
	// lead to.
	missed := map[string]bool{}
	for _, component := range slices.Backward(c.components(entry)) {
		id := component[0]
		if reached[id] || missed[id] {
			continue
		}
		behind, _ := c.from(id)
		var others []string
		for other := range sorted(behind) {
			if other != id && !reached[other] && !missed[other] {
				others = append(others, other)
			}
			missed[other] = true
		}
		also := ""
		if len(others) > 0 {
			also = " and the elements after it, " + choices(others) + ","
		}
		c.add(finding{
			at: pathOf(id), summary: "Element that cannot be reached", what: fmt.Sprintf("The element %q%s cannot be reached from entry (%q).", id, also, entry),
			advice: "Make it the target of an element, or remove it.",
		})
	}
}

// from returns the elements that can be reached from an element, including itself, and whether one
// of them is open.
func (c *checker) from(first string) (reached map[string]bool, open bool) {
	reached = map[string]bool{}
	queue := []string{first}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		edges, exists := c.edges[id]
		if !exists || reached[id] {
			continue
		}
		reached[id] = true
		open = open || c.open[id]
		for _, e := range edges {
			queue = append(queue, e.to)
		}
	}
	return reached, open
}
