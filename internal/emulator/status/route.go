package status

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/graph"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
)

const (
	// maxDrawn bounds the elements of a graph that is drawn, and maxListed those of a
	// graph that is listed.
	maxDrawn  = 60
	maxListed = 500
	// lineLength is how many characters fit into a box.
	lineLength = 29
)

type routeView struct {
	Name, Modified string
	Version        string
	Versions       string
	Elements       []elementView
	Omitted        int
	// Drawing is nil for a graph that is too large.
	Drawing *drawingView
}

// elementView is an element of a route.
type elementView struct {
	ID, Type string
	// Decides is what the element decides by, and Short the same for the drawing.
	Decides, Short string
	Outputs        []outputView
}

// outputView is an output of an element. An output without a target ends the route.
type outputView struct{ Name, To string }

type drawingView struct {
	graph.Drawing
	// Boxes hides that of the drawing.
	Boxes []boxView
}

// boxView is an element in the drawing.
type boxView struct {
	graph.Box
	Class              string
	Type, Name, Decide string
	// Title is the text that the box may have to cut off.
	Title string
}

func newRouteView(r store.Route) routeView {
	out := routeView{
		Name: r.Name, Modified: clock(r.Modified), Version: r.Deployed.ID, Versions: plural(len(r.Versions), "version", "versions"),
	}
	for _, item := range r.Deployed.Elements {
		if len(out.Elements) == maxListed {
			out.Omitted++
			continue
		}
		values, _ := item.(map[string]any)
		out.Elements = append(out.Elements, newElementView(values))
	}
	if len(r.Deployed.Elements) <= maxDrawn {
		out.Drawing = draw(out.Elements)
	}
	return out
}

func newElementView(v values) elementView {
	properties := v.object("properties")
	e := elementView{ID: v.text("id"), Type: v.text("type")}
	outputs := v.object("outputs")
	for _, name := range slices.SortedFunc(maps.Keys(outputs), byOutput) {
		e.Outputs = append(e.Outputs, outputView{name, outputs.object(name).text("elementId")})
	}
	switch e.Type {
	case "start", "end":
	case "conditional":
		condition := properties["conditions"]
		if condition == nil {
			condition = properties["condition"]
		}
		e.Decides = "always true"
		if condition != nil {
			e.Decides = conditionText(condition)
		}
	case "percentage":
		e.Decides = "a random number per request"
	case "rate", "rate_limit":
		e.Decides = properties.rateElement()
	case "model":
		e.Short = properties.text("provider") + "/" + properties.text("model")
		e.Decides = properties.modelElement()
	case "":
		e.Type = "no type"
	default:
		e.Decides = compact(map[string]any(properties))
	}
	return e
}

// byOutput sorts outputs: what goes well first, shares by their size, the rest last.
func byOutput(a, b string) int {
	rank := func(output string) int {
		switch output {
		case "true", "success", "next":
			return 0
		case "else":
			return 2
		}
		return 1
	}
	share := func(output string) float64 {
		percent, _ := strconv.ParseFloat(strings.TrimSuffix(output, "%"), 64)
		return percent
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(share(b), share(a)), strings.Compare(a, b))
}

// either returns the first of two properties that is a number: the documents have other
// names than the API.
func (v values) either(name, other string) float64 {
	if v[name] != nil {
		return v.number(name)
	}
	return v.number(other)
}

func (v values) rateElement() string {
	window := v.either("window", "interval")
	if window <= 0 {
		return "no limit"
	}
	unit := "requests"
	if v.text("limitType") == "cost" {
		unit = "USD"
	}
	out := fmt.Sprintf("%s %s in %s", number(v.number("limit")), unit, seconds(window))
	if key := v.text("key"); key != "" {
		out += ", for each " + key
	}
	return out
}

func (v values) modelElement() string {
	out := v.text("provider") + "/" + v.text("model")
	if timeout := v.number("timeout"); timeout > 0 {
		out += fmt.Sprintf(", timeout %s ms", number(timeout))
	}
	if retries := v.number("retries"); retries > 0 {
		out += ", " + plural(int(retries), "retry", "retries")
	}
	return out
}

// draw lays out a route.
func draw(elements []elementView) *drawingView {
	start := -1
	nodes := make([]graph.Node, len(elements))
	for i, e := range elements {
		nodes[i].ID = e.ID
		if e.Type == "start" {
			start = i // the last one counts, as for requests
		}
		for _, o := range e.Outputs {
			if o.To != "" {
				nodes[i].Edges = append(nodes[i].Edges, graph.Edge{Label: cut(o.Name, 14), To: o.To})
			}
		}
	}
	drawing := graph.Layout(nodes, start)
	out := &drawingView{Drawing: drawing}
	for i, box := range drawing.Boxes {
		if box.Missing {
			out.Boxes = append(out.Boxes, boxView{
				Box: box, Class: "missing", Type: "no such element", Name: cut(box.ID, lineLength), Title: box.ID + " does not exist: the route ends here",
			})
			continue
		}
		e := elements[i]
		shown := boxView{Box: box, Class: "k-" + class(e.Type), Type: e.Type, Name: cut(e.ID, lineLength), Decide: cut(cmp.Or(e.Short, e.Decides), lineLength)}
		shown.Title = strings.TrimSpace(e.Type + " " + e.ID + "\n" + e.Decides)
		if !box.Reached {
			shown.Class += " unreached"
			shown.Type += " (no way leads here)"
		}
		out.Boxes = append(out.Boxes, shown)
	}
	return out
}

// class returns the CSS class of a type of elements.
func class(kind string) string {
	switch kind {
	case "start", "end", "conditional", "percentage", "model":
		return kind
	case "rate", "rate_limit":
		return "rate"
	}
	return "other"
}

// cut shortens a text to a number of characters.
func cut(text string, length int) string {
	runes := []rune(text)
	if len(runes) <= length {
		return text
	}
	return string(runes[:length-1]) + "…"
}
