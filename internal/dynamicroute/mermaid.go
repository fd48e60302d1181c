package dynamicroute

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
)

// mermaid returns a graph as a Mermaid flowchart, from the entry downwards. It is
// deterministic.
func mermaid(graph routes.Graph) string {
	order := walk(graph)
	names := make(map[string]string, len(order))
	for i, id := range order {
		names[id] = fmt.Sprintf("n%d", i+1)
	}
	names[routes.End] = "stop" // "end" is a keyword of Mermaid
	var b strings.Builder
	b.WriteString("flowchart TD\n  start([\"start\"])\n")
	for _, id := range order {
		b.WriteString("  " + names[id] + shape(id, graph.Elements[id]) + "\n")
	}
	b.WriteString("  stop([\"end\"])\n")
	edge := func(from, label, to string) {
		name, exists := names[to]
		if !exists {
			name = "missing" // only in graphs that were not created here
		}
		if label != "" {
			label = "|" + quote(label) + "|"
		}
		b.WriteString("  " + from + " -->" + label + " " + name + "\n")
	}
	edge("start", "", graph.Entry)
	for _, id := range order {
		for _, e := range graph.Elements[id].Edges() {
			edge(names[id], e.Output, e.To)
		}
	}
	return b.String()
}

// walk returns the elements in breadth-first order from the entry, and then those that no
// request can reach.
func walk(graph routes.Graph) []string {
	var order []string
	seen := map[string]bool{}
	visit := func(first string) {
		queue := []string{first}
		for len(queue) > 0 {
			id := queue[0]
			queue = queue[1:]
			element, exists := graph.Elements[id]
			if !exists || seen[id] {
				continue
			}
			seen[id] = true
			order = append(order, id)
			for _, e := range element.Edges() {
				queue = append(queue, e.To)
			}
		}
	}
	visit(graph.Entry)
	for id := range sorted(graph.Elements) {
		visit(id)
	}
	return order
}

// shape returns the node of an element.
func shape(id string, element routes.Element) string {
	box := func(left, right string, lines ...string) string {
		return left + quote(append([]string{id}, lines...)...) + right
	}
	switch e := element; {
	case e.Conditional != nil:
		return box("{", "}", compact(e.Conditional.Conditions))
	case e.Percentage != nil:
		return box("{{", "}}", "by percentage")
	case e.Rate != nil:
		unit := "requests"
		if e.Rate.LimitType == "cost" {
			unit = "USD"
		}
		return box("{{", "}}", fmt.Sprintf("%v %s in %v s by %s", e.Rate.Limit, unit, e.Rate.Window, e.Rate.Key))
	case e.Model != nil:
		return box("[", "]", e.Model.Provider+"/"+e.Model.Model)
	case e.Other != nil:
		return box("[/", "/]", e.Other.Type)
	default:
		return box("[", "]")
	}
}

// compact returns JSON without white space, or any other string unchanged.
func compact(text string) string {
	var line bytes.Buffer
	if json.Compact(&line, []byte(text)) != nil {
		return text
	}
	return line.String()
}

// escape replaces what Mermaid interprets inside quotes by Mermaid's entities. Besides
// punctuation, these are markers of formulas and directives and two keywords: in a line with
// one of them and a colon, Mermaid drops the end of the last entity.
var escape = strings.NewReplacer(
	"#", "#35;", "&", "#amp;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "`", "#96;", "\n", " ", "\r", " ",
	"$$", "#36;#36;", "%%", "#37;#37;", "style", "styl#101;", "classDef", "classDe#102;",
)

// quote returns lines as a quoted string of Mermaid.
func quote(lines ...string) string {
	for i, line := range lines {
		lines[i] = escape.Replace(line)
	}
	return `"` + strings.Join(lines, "<br>") + `"`
}
