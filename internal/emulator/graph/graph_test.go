package graph_test

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/graph"
)

// nodes reads a graph: "a: b c" is a node a with edges to b and c.
func nodes(lines ...string) []graph.Node {
	var out []graph.Node
	for _, line := range lines {
		id, to, _ := strings.Cut(line, ":")
		n := graph.Node{ID: id}
		for target := range strings.FieldsSeq(to) {
			n.Edges = append(n.Edges, graph.Edge{Label: id + target, To: target})
		}
		out = append(out, n)
	}
	return out
}

// layers returns the ids of the boxes, row by row, from left to right.
func layers(d graph.Drawing) string {
	rows := map[int][]graph.Box{}
	highest := 0
	for _, b := range d.Boxes {
		rows[b.Y] = append(rows[b.Y], b)
		highest = max(highest, b.Y)
	}
	var out []string
	for y := 0; y <= highest; y++ {
		row := rows[y]
		if row == nil {
			continue
		}
		var ids []string
		for len(row) > 0 {
			first := 0
			for i, b := range row {
				if b.X < row[first].X {
					first = i
				}
			}
			ids = append(ids, row[first].ID)
			row = append(row[:first:first], row[first+1:]...)
		}
		out = append(out, strings.Join(ids, " "))
	}
	return strings.Join(out, " | ")
}

func TestLayout(t *testing.T) {
	for _, tt := range []struct{ name, lines, want string }{
		{"empty", "", ""},
		{"one", "a:", "a"},
		{"chain", "a: b/b: c/c:", "a | b | c"},
		{"in any order", "c:/b: c/a: b", "a | b | c"},
		{"branches", "s: x y/x: e/y: e/e:", "s | x y | e"},
		{"fallbacks", "s: a/a: e b/b: e c/c: e e/e:", "s | a | b | c | e"},
		{"crossing edges are uncrossed", "s: a b/a: y/b: x/x:/y:", "s | a b | y x"},
		{"a loop", "s: a/a: b/b: a e/e:", "s | a | b | e"},
		{"a loop of one", "s: s e/e:", "s | e"},
		{"no way in", "a: b/b: a", "a | b"},
		{"missing", "s: nowhere", "s | nowhere"},
		{"unreached", "s: e/e:/x: e", "s x | e"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var lines []string
			if tt.lines != "" {
				lines = strings.Split(tt.lines, "/")
			}
			start := -1
			for i, line := range lines {
				if strings.HasPrefix(line, "s:") {
					start = i
				}
			}
			if got := layers(graph.Layout(nodes(lines...), start)); got != tt.want {
				t.Errorf("layers = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestLayoutMarksWhatIsOdd(t *testing.T) {
	d := graph.Layout(nodes("s: a nowhere", "a: s", "x: a"), 0)
	if !d.Boxes[0].Reached || !d.Boxes[1].Reached || d.Boxes[2].Reached {
		t.Errorf("boxes = %+v: want all but x reached", d.Boxes)
	}
	if last := d.Boxes[3]; !last.Missing || last.ID != "nowhere" || !last.Reached {
		t.Errorf("the missing box = %+v", last)
	}
	for _, line := range d.Lines {
		if line.Back != (line.Label == "as") {
			t.Errorf("line = %+v: only the edge from a to s closes a loop", line)
		}
	}
}

// TestLayoutOfIDsThatOccurTwice shows that edges lead to the last node of an id, as
// requests do.
func TestLayoutOfIDsThatOccurTwice(t *testing.T) {
	d := graph.Layout(nodes("s: a", "a:", "a:"), 0)
	if len(d.Boxes) != 3 || d.Boxes[1].Reached || !d.Boxes[2].Reached {
		t.Errorf("boxes = %+v", d.Boxes)
	}
}

// TestLayoutOfAnyGraph shows that boxes never overlap, that all lies inside the drawing,
// and that no graph makes the layout hang.
func TestLayoutOfAnyGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(0, 25).Draw(t, "count")
		target := rapid.Map(rapid.IntRange(0, 27), strconv.Itoa) // the last ones may be missing
		var all []graph.Node
		edges := 0
		for i := range count {
			n := graph.Node{ID: strconv.Itoa(i)}
			if rapid.IntRange(0, 9).Draw(t, "same id") == 0 {
				n.ID = "0"
			}
			for _, to := range rapid.SliceOfN(target, 0, 4).Draw(t, "targets") {
				n.Edges = append(n.Edges, graph.Edge{To: to})
			}
			edges += len(n.Edges)
			all = append(all, n)
		}
		d := graph.Layout(all, rapid.IntRange(-1, count-1).Draw(t, "start"))
		if len(d.Boxes) < count || len(d.Lines) != edges {
			t.Fatalf("%d boxes of %d nodes, %d lines of %d edges", len(d.Boxes), count, len(d.Lines), edges)
		}
		for i, b := range d.Boxes {
			if b.X < 0 || b.Y < 0 || b.X+graph.BoxWidth > d.Width || b.Y+graph.BoxHeight > d.Height {
				t.Fatalf("box %+v is outside of %d x %d", b, d.Width, d.Height)
			}
			for _, other := range d.Boxes[:i] {
				if b.Y == other.Y && max(b.X-other.X, other.X-b.X) < graph.BoxWidth {
					t.Fatalf("boxes %+v and %+v overlap", b, other)
				}
			}
		}
	})
}

// TestLayoutOfALargeGraph shows that the work stays small: a wide graph in which all
// leads to all, with loops.
func TestLayoutOfALargeGraph(t *testing.T) {
	var all []graph.Node
	for i := range 120 {
		n := graph.Node{ID: strconv.Itoa(i)}
		for j := range 6 {
			n.Edges = append(n.Edges, graph.Edge{To: strconv.Itoa((i*7 + j*13) % 120)})
		}
		all = append(all, n)
	}
	if d := graph.Layout(all, 0); len(d.Boxes) != 120 {
		t.Errorf("%d boxes", len(d.Boxes))
	}
}
