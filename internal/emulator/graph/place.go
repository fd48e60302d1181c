package graph

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// place gives every vertex an x near its neighbours, without overlaps.
func (l *layout) place() {
	for _, layer := range l.layers {
		l.spread(layer, func(int) float64 { return 0 })
	}
	for sweep := range 2 * sweeps {
		if sweep%2 == 0 {
			for _, layer := range l.layers {
				l.spread(layer, func(i int) float64 { return l.mean(i, l.vertices[i].up) })
			}
			continue
		}
		for _, layer := range slices.Backward(l.layers) {
			l.spread(layer, func(i int) float64 { return l.mean(i, l.vertices[i].down) })
		}
	}
}

// mean returns the mean x of neighbours, or the vertex's own without any.
func (l *layout) mean(i int, around []int) float64 {
	if len(around) == 0 {
		return l.vertices[i].x
	}
	sum := 0.0
	for _, n := range around {
		sum += l.vertices[n].x
	}
	return sum / float64(len(around))
}

// spread moves the vertices of a layer as near to where they should be as their widths
// allow: half-way between what pushing all to the right and all to the left gives.
func (l *layout) spread(layer []int, wanted func(int) float64) {
	n := len(layer)
	goal, right, left := make([]float64, n), make([]float64, n), make([]float64, n)
	for p, i := range layer {
		goal[p] = wanted(i)
	}
	apart := func(p int) float64 {
		return (l.vertices[layer[p-1]].width()+l.vertices[layer[p]].width())/2 + gapX
	}
	for p := range n {
		right[p] = goal[p]
		if p > 0 {
			right[p] = max(goal[p], right[p-1]+apart(p))
		}
	}
	for p := n - 1; p >= 0; p-- {
		left[p] = goal[p]
		if p < n-1 {
			left[p] = min(goal[p], left[p+1]-apart(p+1))
		}
	}
	for p, i := range layer {
		l.vertices[i].x = (right[p] + left[p]) / 2
	}
}

type point struct{ x, y float64 }

// draw turns places into boxes and lines.
func (l *layout) draw() Drawing {
	lowest, highest := math.Inf(1), math.Inf(-1)
	for _, v := range l.vertices {
		lowest, highest = min(lowest, v.x-v.width()/2), max(highest, v.x+v.width()/2)
	}
	if len(l.vertices) == 0 {
		return Drawing{}
	}
	for _, v := range l.vertices {
		v.x += margin - lowest
	}
	edge := highest - lowest + margin
	var out Drawing
	for _, v := range l.vertices {
		if !v.bend {
			out.Boxes = append(out.Boxes, Box{
				ID: v.id, X: round(v.x - BoxWidth/2), Y: round(top(v)), Missing: v.missing, Reached: v.reached,
			})
		}
	}
	leaving := l.ports(func(k *link) (int, int) { return k.from, l.after(k) })
	entering := l.ports(func(k *link) (int, int) { return k.to, l.before(k) })
	lanes := 0
	for i, k := range l.links {
		if k.back {
			lanes++
			out.Lines = append(out.Lines, l.backLine(k, edge+laneWidth*float64(lanes), lanes))
			continue
		}
		out.Lines = append(out.Lines, l.line(k, leaving[i], entering[i]))
	}
	out.Width = round(edge + margin)
	if lanes > 0 {
		out.Width = round(edge + laneWidth*float64(lanes+1))
	}
	out.Height = round(float64(len(l.layers))*(BoxHeight+gapY) - gapY + 2*margin)
	return out
}

// top returns the y of the upper side of a vertex.
func top(v *vertex) float64 { return margin + float64(v.layer)*(BoxHeight+gapY) }

// after returns the first vertex that a link passes, and before the last one.
func (l *layout) after(k *link) int  { return append(slices.Clone(k.bends), k.to)[0] }
func (l *layout) before(k *link) int { return append([]int{k.from}, k.bends...)[len(k.bends)] }

// port is where on a side of a box a line ends: the nth of count.
type port struct{ n, count int }

// x returns the place of the port on a box.
func (p port) x(v *vertex) float64 {
	return v.x - BoxWidth/2 + BoxWidth*float64(p.n+1)/float64(p.count+1)
}

// ports spreads the lines that end at a box along its side, in the order of where they
// lead, so that they do not cross. Ends returns the vertex of a link and its neighbour.
func (l *layout) ports(ends func(*link) (vertex, neighbour int)) map[int]port {
	at := map[int][]int{}
	for i, k := range l.links {
		if !k.back {
			v, _ := ends(k)
			at[v] = append(at[v], i)
		}
	}
	out := map[int]port{}
	for _, links := range at {
		slices.SortStableFunc(links, func(a, b int) int {
			_, first := ends(l.links[a])
			_, second := ends(l.links[b])
			return cmp.Compare(l.vertices[first].x, l.vertices[second].x)
		})
		for n, i := range links {
			out[i] = port{n, len(links)}
		}
	}
	return out
}

func (l *layout) line(k *link, leaving, entering port) Line {
	from, to := l.vertices[k.from], l.vertices[k.to]
	points := []point{{leaving.x(from), top(from) + BoxHeight}}
	for _, i := range k.bends {
		v := l.vertices[i]
		points = append(points, point{v.x, top(v)}, point{v.x, top(v) + BoxHeight})
	}
	points = append(points, point{entering.x(to), top(to)})
	// Labels of many outputs take turns, so that neighbours do not overlap.
	y := points[0].y + 16
	if leaving.count > 2 && leaving.n%2 == 1 {
		y += 14
	}
	return Line{Label: k.label, LabelX: round(points[0].x), LabelY: round(y), Path: curve(points)}
}

// curve returns a path that leaves and enters points vertically.
func curve(points []point) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", round(points[0].x), round(points[0].y))
	for i, p := range points[1:] {
		last := points[i]
		if last.x == p.x {
			fmt.Fprintf(&b, " L%d %d", round(p.x), round(p.y))
			continue
		}
		middle := round((last.y + p.y) / 2)
		fmt.Fprintf(&b, " C%d %d %d %d %d %d", round(last.x), middle, round(p.x), middle, round(p.x), round(p.y))
	}
	return b.String()
}

// backLine returns the line of a link that closes a loop: along a lane beside the boxes.
func (l *layout) backLine(k *link, lane float64, n int) Line {
	from, to := l.vertices[k.from], l.vertices[k.to]
	// Lines that leave or enter the same box do not lie on one another.
	shift := float64(n%3) * 8
	y1, y2 := top(from)+BoxHeight/2+4+shift, top(to)+BoxHeight/2-4-shift
	x1, x2 := from.x+BoxWidth/2, to.x+BoxWidth/2
	return Line{
		Label: k.label, LabelX: round(x1 + 4), LabelY: round(y1 + 12), Back: true,
		Path: fmt.Sprintf("M%d %d L%d %d L%d %d L%d %d", round(x1), round(y1), round(lane), round(y1), round(lane), round(y2), round(x2), round(y2)),
	}
}

func round(x float64) int { return int(math.Round(x)) }
