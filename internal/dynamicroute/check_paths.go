package dynamicroute

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// cycles refuses cycles: one error for all elements that lead to each other, at
// the way that leads back to the one that requests come to first.
func (c *checker) cycles(entry string) {
	for _, circle := range c.circles(entry) {
		round, last := c.round(circle)
		if round == nil {
			continue // an element by itself
		}
		outcome := "A request could go round there and never come to the end."
		if !c.leaves(circle) {
			outcome = "No way leads from there to the end."
		}
		// What leads back may be meant to lead elsewhere.
		for _, id := range circle {
			c.open[id] = true
		}
		names := make([]string, len(round))
		for i, id := range round {
			names[i] = strconv.Quote(id)
		}
		c.diags.AddAttributeError(last.path, "Cycle in a dynamic route", fmt.Sprintf(
			"Element %s: %s leads back to %q: %s. %s Let one of these ways lead elsewhere.",
			names[len(names)-2], last.output, last.to, strings.Join(names, " -> "), outcome))
	}
}

// circles are the elements in groups, in each of which every element leads to
// every other (the strongly connected components, found as Tarjan does). The
// first one of each is the one that is found first from the entry.
func (c *checker) circles(entry string) [][]string {
	var circles [][]string
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
		circle := slices.Clone(trail[first:])
		trail = trail[:first]
		for _, member := range circle {
			onTrail[member] = false
		}
		circles = append(circles, circle)
	}
	if _, exists := c.edges[entry]; exists {
		visit(entry)
	}
	for id := range sorted(c.edges) {
		if order[id] == 0 {
			visit(id)
		}
	}
	return circles
}

// round is the shortest way from a circle's first element back to it, with that
// at both ends, and the last step of it. It is nil where there is none.
func (c *checker) round(circle []string) (round []string, last edge) {
	first := circle[0]
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
			if _, seen := from[e.to]; !seen && slices.Contains(circle, e.to) {
				from[e.to] = id
				queue = append(queue, e.to)
			}
		}
	}
	return nil, edge{}
}

// leaves tells whether a way leads out of a circle, as far as is known.
func (c *checker) leaves(circle []string) bool {
	for _, id := range circle {
		if c.open[id] || slices.ContainsFunc(c.edges[id], func(e edge) bool { return !slices.Contains(circle, e.to) }) {
			return true
		}
	}
	return false
}

// reachable refuses elements that no request can come to. A way that is not
// known, or is refused already, may be meant to lead there.
func (c *checker) reachable(entry string) {
	reached, open := c.from(entry)
	if open || len(reached) == 0 {
		return // where entry leads nowhere, that is the mistake
	}
	// Of elements that lead to each other, the first is to be named. Circles
	// come after those that they lead to.
	missed := map[string]bool{}
	for _, circle := range slices.Backward(c.circles(entry)) {
		id := circle[0]
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
			also = ", nor to those behind it: " + choices(others)
		}
		c.diags.AddAttributeError(pathOf(id), "Element that cannot be reached", fmt.Sprintf(
			"No way leads from entry (%q) to the element %q%s. Let an element lead there, or remove it.", entry, id, also))
	}
}

// from are the elements that requests can come to from one of them, itself too,
// and whether one of these may lead elsewhere.
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
