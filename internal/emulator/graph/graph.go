// Package graph lays out directed graphs in layers, from the top down, for drawings. It
// takes any graph: loops, edges that lead nowhere, ids that occur twice, nodes that
// nothing leads to.
package graph

import "slices"

// A Node is a node with the edges that leave it.
type Node struct {
	ID    string
	Edges []Edge
}

// Edge is an edge to the node of an id.
type Edge struct{ Label, To string }

// Measures of a drawing, in pixels.
const (
	BoxWidth  = 216
	BoxHeight = 66

	gapX   = 28
	gapY   = 62
	margin = 8
	// bendWidth is the space that an edge takes where it passes a layer.
	bendWidth = 18
	// laneWidth is the space between edges that lead back up.
	laneWidth = 14
)

// A Drawing is a graph with coordinates. The origin is at the top left.
type Drawing struct {
	Width, Height int
	// Boxes has one for each node, in the order of the nodes, and then one for each id
	// that an edge leads to and no node has.
	Boxes []Box
	Lines []Line
}

// Box is where a node is.
type Box struct {
	ID   string
	X, Y int
	// Missing is set for an id that no node has.
	Missing bool
	// Reached is set if a path leads here from the start.
	Reached bool
}

// Line is where an edge is.
type Line struct {
	Label          string
	LabelX, LabelY int
	// Path is the line in the syntax of the attribute d of an SVG path.
	Path string
	// Back is set if the line closes a loop.
	Back bool
}

// Layout lays out a graph. Start is the index of the node at the top, or -1. If several
// nodes have an id, edges lead to the last one.
func Layout(nodes []Node, start int) Drawing {
	l := newLayout(nodes)
	l.findLoops(start)
	l.assignLayers()
	l.bend()
	l.order()
	l.place()
	return l.draw()
}

// vertex is a node, a missing one, or a point where a long edge passes a layer.
type vertex struct {
	id      string
	missing bool
	reached bool
	bend    bool
	layer   int
	// x is the centre.
	x float64
	// up and down are the neighbours in the layers above and below.
	up, down []int
}

func (v *vertex) width() float64 {
	if v.bend {
		return bendWidth
	}
	return BoxWidth
}

// link is an edge between vertices, by their indexes.
type link struct {
	from, to int
	label    string
	back     bool
	// bends are the vertices that the edge passes.
	bends []int
}

type layout struct {
	vertices []*vertex
	links    []*link
	// out holds the indexes of the links that leave each node.
	out    [][]int
	layers [][]int
}

func newLayout(nodes []Node) *layout {
	l := &layout{}
	index := map[string]int{}
	for i, n := range nodes {
		l.vertices = append(l.vertices, &vertex{id: n.ID})
		index[n.ID] = i
	}
	for from, n := range nodes {
		for _, e := range n.Edges {
			to, exists := index[e.To]
			if !exists {
				to = len(l.vertices)
				index[e.To] = to
				l.vertices = append(l.vertices, &vertex{id: e.To, missing: true})
			}
			l.links = append(l.links, &link{from: from, to: to, label: e.Label})
		}
	}
	l.out = make([][]int, len(l.vertices))
	for i, k := range l.links {
		l.out[k.from] = append(l.out[k.from], i)
	}
	return l
}

// findLoops marks the links that close a loop: without them the graph has none. It visits
// the graph depth first, without recursion, since graphs may be deep.
func (l *layout) findLoops(start int) {
	const (
		unseen = iota
		open
		done
	)
	state := make([]int, len(l.vertices))
	visit := func(root int, reached bool) {
		type frame struct{ vertex, next int }
		stack := []frame{{vertex: root}}
		state[root], l.vertices[root].reached = open, reached
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.next == len(l.out[top.vertex]) {
				state[top.vertex] = done
				stack = stack[:len(stack)-1]
				continue
			}
			k := l.links[l.out[top.vertex][top.next]]
			top.next++
			switch state[k.to] {
			case open:
				k.back = true
			case unseen:
				state[k.to], l.vertices[k.to].reached = open, reached
				stack = append(stack, frame{vertex: k.to})
			}
		}
	}
	if start >= 0 {
		visit(start, true)
	}
	for i := range l.vertices {
		if state[i] == unseen {
			visit(i, false)
		}
	}
}

// assignLayers puts every vertex below all that lead to it.
func (l *layout) assignLayers() {
	waiting := make([]int, len(l.vertices))
	for _, k := range l.links {
		if !k.back {
			waiting[k.to]++
		}
	}
	var ready []int
	for i, n := range waiting {
		if n == 0 {
			ready = append(ready, i)
		}
	}
	for len(ready) > 0 {
		from := ready[0]
		ready = ready[1:]
		for _, i := range l.out[from] {
			k := l.links[i]
			if k.back {
				continue
			}
			to := l.vertices[k.to]
			to.layer = max(to.layer, l.vertices[from].layer+1)
			if waiting[k.to]--; waiting[k.to] == 0 {
				ready = append(ready, k.to)
			}
		}
	}
	for i, v := range l.vertices {
		l.add(i, v.layer)
	}
}

func (l *layout) add(i, layer int) {
	for len(l.layers) <= layer {
		l.layers = append(l.layers, nil)
	}
	l.layers[layer] = append(l.layers[layer], i)
}

// bend adds the points where edges pass a layer, and connects neighbours.
func (l *layout) bend() {
	for _, k := range l.links {
		if k.back {
			continue
		}
		last := k.from
		for layer := l.vertices[k.from].layer + 1; layer < l.vertices[k.to].layer; layer++ {
			i := len(l.vertices)
			l.vertices = append(l.vertices, &vertex{bend: true, layer: layer})
			l.add(i, layer)
			k.bends = append(k.bends, i)
			l.connect(last, i)
			last = i
		}
		l.connect(last, k.to)
	}
}

func (l *layout) connect(above, below int) {
	l.vertices[above].down = append(l.vertices[above].down, below)
	l.vertices[below].up = append(l.vertices[below].up, above)
}

// sweeps is how often the order of a layer follows from those around it.
const sweeps = 6

// order sorts each layer by where the neighbours are, so that few edges cross, and keeps
// the order with the fewest crossings.
func (l *layout) order() {
	best, fewest := l.snapshot(), l.crossings()
	for sweep := range sweeps {
		if sweep%2 == 0 {
			for i := 1; i < len(l.layers); i++ {
				l.sort(l.layers[i], l.positions(i-1), func(v *vertex) []int { return v.up })
			}
		} else {
			for i := len(l.layers) - 2; i >= 0; i-- {
				l.sort(l.layers[i], l.positions(i+1), func(v *vertex) []int { return v.down })
			}
		}
		if n := l.crossings(); n < fewest {
			best, fewest = l.snapshot(), n
		}
	}
	l.layers = best
}

func (l *layout) snapshot() [][]int {
	out := make([][]int, len(l.layers))
	for i, layer := range l.layers {
		out[i] = slices.Clone(layer)
	}
	return out
}

// positions returns the places of the vertices of a layer.
func (l *layout) positions(layer int) map[int]int {
	at := make(map[int]int, len(l.layers[layer]))
	for position, i := range l.layers[layer] {
		at[i] = position
	}
	return at
}

// sort sorts a layer by the mean place of the neighbours. A vertex without any stays near
// its place.
func (l *layout) sort(layer []int, at map[int]int, neighbours func(*vertex) []int) {
	key := map[int]float64{}
	for position, i := range layer {
		key[i] = float64(position)
		if around := neighbours(l.vertices[i]); len(around) > 0 {
			sum := 0
			for _, n := range around {
				sum += at[n]
			}
			key[i] = float64(sum) / float64(len(around))
		}
	}
	slices.SortStableFunc(layer, func(a, b int) int {
		switch {
		case key[a] < key[b]:
			return -1
		case key[a] > key[b]:
			return 1
		}
		return 0
	})
}

// crossings counts the pairs of edges that cross.
func (l *layout) crossings() int {
	count := 0
	for i := 0; i+1 < len(l.layers); i++ {
		at := l.positions(i + 1)
		var targets []int
		for _, v := range l.layers[i] {
			own := len(targets)
			for _, to := range l.vertices[v].down {
				for _, other := range targets[:own] {
					if other > at[to] {
						count++
					}
				}
				targets = append(targets, at[to])
			}
		}
	}
	return count
}
