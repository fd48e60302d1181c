package dynamicroute

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
)

// mermaid is a graph as the text of a Mermaid flowchart, from the entry
// downwards. The same graph always makes the same text.
func mermaid(graph routes.Graph) string {
	order := walk(graph)
	names := make(map[string]string, len(order))
	for i, id := range order {
		names[id] = fmt.Sprintf("n%d", i+1)
	}
	names[routes.End] = "stop" // "end" is a word of Mermaid's own
	var b strings.Builder
	b.WriteString("flowchart TD\n  start([\"start\"])\n")
	for _, id := range order {
		b.WriteString("  " + names[id] + shape(id, graph.Elements[id]) + "\n")
	}
	b.WriteString("  stop([\"end\"])\n")
	edge := func(from, label, to string) {
		name, exists := names[to]
		if !exists {
			name = "missing" // which only a graph of somebody else has
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

// walk is the order of the elements as a request comes to them, those that it
// does not come to last.
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

// shape is an element's box with what it does.
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

// compact is JSON in one line, or the text as it is.
func compact(text string) string {
	var line bytes.Buffer
	if json.Compact(&line, []byte(text)) != nil {
		return text
	}
	return line.String()
}

// escape replaces what Mermaid reads in another way between quotes, by its own
// form of entities. Beside the obvious, these are marks of formulas and of
// directives, and two words: in a line with one of them and a colon, Mermaid
// drops the end of the last entity.
var escape = strings.NewReplacer(
	"#", "#35;", "&", "#amp;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "`", "#96;", "\n", " ", "\r", " ",
	"$$", "#36;#36;", "%%", "#37;#37;", "style", "styl#101;", "classDef", "classDe#102;",
)

// quote is text as Mermaid takes it between quotes, in lines.
func quote(lines ...string) string {
	for i, line := range lines {
		lines[i] = escape.Replace(line)
	}
	return `"` + strings.Join(lines, "<br>") + `"`
}
