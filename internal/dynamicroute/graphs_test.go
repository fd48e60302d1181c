package dynamicroute_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// graph is a valid graph: each element leads to elements behind it, and each
// but the first is led to by one before it.
type graph struct {
	name  string
	nodes []node
}

// node is an element.
type node struct {
	id   string
	kind string
	// values and style stand for what is in it, and for how that is written.
	values, style int
	outputs       []string // names of the ways out
	targets       []int    // where they lead: to a node, or beyond the last one
	parent        int      // the node that leads to it, if to no other
	at            int      // its place among the nodes
}

// anySize is mostly small, and now and then larger, which takes its time.
var anySize = rapid.Custom(func(t *rapid.T) int {
	if rapid.IntRange(0, 14).Draw(t, "large") == 14 {
		return rapid.IntRange(30, 60).Draw(t, "size")
	}
	return rapid.IntRange(1, 15).Draw(t, "size")
})

// anyID are ids as people and programs write them.
var anyID = rapid.OneOf(
	rapid.StringMatching(`[a-z][a-z0-9_-]{0,10}`),
	rapid.StringOfN(rapid.RuneFrom([]rune(`aZ09_-.:/ #%"'<>[](){}|&;$`+"`\\\t\nüßéñ日本語🙂")), 1, 12, -1),
).Filter(func(id string) bool { return id != "start" && id != "end" })

// anyShares are names of the ways out of a percentage.
var anyShares = rapid.SampledFrom([][]string{
	{"else"}, {"100%"}, {"10%", "else"}, {"2.5%", "97.5%"}, {"33.3%", "33.30001%", "else"}, {"0.000000001%", "else"}, {"0%", "else"},
	{"5%", "10.5%", "else"}, {"1%", "2%", "3%", "4%", "5%", "else"}, {"20%", "19%", "21%", "15.5%", "24.5%"},
})

func anyGraph(size *rapid.Generator[int]) *rapid.Generator[graph] {
	return rapid.Custom(func(t *rapid.T) graph {
		n := size.Draw(t, "size")
		ids := rapid.SliceOfNDistinct(anyID, n, n, rapid.ID[string]).Draw(t, "ids")
		g := graph{name: rapid.StringMatching(`[a-zA-Z0-9._-]{1,20}`).Filter(hasLetter).Draw(t, "name")}
		var free [][2]int // ways that lead nowhere yet
		for i, id := range ids {
			next := anyNode(id).Draw(t, "node")
			next.at, next.parent = i, -1
			if i > 0 {
				from := rapid.IntRange(0, len(free)-1).Draw(t, "from")
				way := free[from]
				free = slices.Delete(free, from, from+1)
				g.nodes[way[0]].targets[way[1]], next.parent = i, way[0]
			}
			for way := range next.outputs {
				free = append(free, [2]int{i, way})
			}
			g.nodes = append(g.nodes, next)
		}
		for _, way := range free {
			g.nodes[way[0]].targets[way[1]] = rapid.IntRange(way[0]+1, n).Draw(t, "to")
		}
		return g
	})
}

// hasLetter leaves out names that are dots alone.
func hasLetter(name string) bool { return strings.Trim(name, ".") != "" }

// anyNode returns an element that leads nowhere yet.
func anyNode(id string) *rapid.Generator[node] {
	return rapid.Custom(func(t *rapid.T) node {
		n := node{id: id, kind: rapid.SampledFrom([]string{"conditional", "percentage", "rate", "model"}).Draw(t, "kind")}
		n.values, n.style = rapid.IntRange(0, 1000).Draw(t, "values"), rapid.IntRange(0, 3).Draw(t, "style")
		switch n.kind {
		case "conditional":
			n.outputs = []string{"on_true", "on_false"}
		case "percentage":
			n.outputs = anyShares.Draw(t, "shares")
		default:
			n.outputs = []string{"on_success", "on_fallback"}
		}
		n.targets = make([]int, len(n.outputs))
		return n
	})
}

// anyEdit returns the graph after an edit that keeps it valid, or another graph.
func anyEdit(g graph) *rapid.Generator[graph] {
	return rapid.Custom(func(t *rapid.T) graph {
		edited := graph{g.name, slices.Clone(g.nodes)}
		for i := range edited.nodes {
			edited.nodes[i].targets = slices.Clone(edited.nodes[i].targets)
		}
		last := len(g.nodes) - 1
		n := &edited.nodes[rapid.IntRange(0, last).Draw(t, "node")]
		switch rapid.SampledFrom([]string{"values", "style", "name", "add", "remove", "replace"}).Draw(t, "edit") {
		case "values":
			n.values++
		case "style":
			n.style++
		case "name":
			edited.name += "-renamed"
		case "add":
			// The last one leads to the end alone.
			added := anyNode(g.freeID()).Draw(t, "added")
			added.at, added.parent = last+1, last
			for way := range added.targets {
				added.targets[way] = last + 2
			}
			for i := range edited.nodes {
				for way, to := range edited.nodes[i].targets {
					if to > last && i < last {
						edited.nodes[i].targets[way] = last + 2
					}
				}
			}
			edited.nodes = append(edited.nodes, added)
		case "remove":
			if last > 0 { // what led to it leads to the end
				edited.nodes = edited.nodes[:last]
			}
		default:
			edited = anyGraph(rapid.IntRange(1, 10)).Draw(t, "another")
			edited.name = g.name
		}
		return edited
	})
}

// freeID returns an id that no element has.
func (g graph) freeID() string { return strings.Join(g.ids(), "+") + "+" }

func (g graph) ids() []string {
	ids := make([]string, len(g.nodes))
	for i, n := range g.nodes {
		ids[i] = n.id
	}
	return ids
}

// target returns a node's id as a target, the end for those beyond the last one.
func (g graph) target(node int) string {
	if node >= len(g.nodes) {
		return "end"
	}
	return g.nodes[node].id
}

// config returns a configuration of the graph.
func (g graph) config() attrs { return g.write(func(n node) int { return n.style }) }

// means returns a text that graphs have in common which mean the same.
func (g graph) means() string {
	raw, err := json.Marshal(g.write(func(node) int { return 0 }))
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func (g graph) write(style func(node) int) attrs {
	elements := attrs{}
	for _, n := range g.nodes {
		variant := n.content(style(n))
		if n.kind == "percentage" {
			outputs := attrs{}
			for i, output := range n.outputs {
				outputs[output] = g.target(n.targets[i])
			}
			variant["outputs"] = outputs
		} else {
			for i, output := range n.outputs {
				variant[output] = g.target(n.targets[i])
			}
		}
		elements[n.id] = attrs{n.kind: variant}
	}
	return attrs{"gateway_id": gatewayID, "name": g.name, "entry": g.nodes[0].id, "elements": elements}
}

// content returns what is in an element beside its ways out.
func (n node) content(style int) attrs {
	switch n.kind {
	case "conditional":
		return attrs{"conditions": conditions(n.values, style)}
	case "rate":
		return attrs{
			"key": "metadata.user_" + fmt.Sprint(n.values%7), "limit": []float64{0, 0.25, 1, 1e6, 123456.789}[n.values%5],
			"limit_type": []string{"count", "cost"}[n.values%2], "window": int64(n.values + 1),
		}
	case "model":
		return attrs{
			"provider": []string{"openai", "workers-ai", "custom-größe"}[n.values%3], "model": fmt.Sprint("@cf/meta/llama ", n.values),
			"timeout": int64(n.values), "retries": int64(n.values % 6),
		}
	default:
		return attrs{}
	}
}

// conditions are JSON of some shape, written in one of several styles.
func conditions(values, style int) string {
	n := fmt.Sprint(values)
	shapes := [][2]string{ // the same in two ways
		{`{"metadata.plan":{"$eq":"free` + n + `"}}`, "{ \"metadata.plan\" :\n\t{\"$eq\": \"\\u0066ree" + n + "\"} }"},
		{`{"a":` + n + `,"b":[1,2.5,-3e2]}`, `{"b": [1.0, 25e-1, -300], "a": ` + n + `.0}`},
		{`{"$and":[{"x":{"$in":["é","日本","🙂",` + n + `]}},{"y":{"$ne":null}},{"z":true}]}`, `{"$and": [ {"x":{"$in":["\u00e9","日本","\ud83d\ude42",` + n + `e0]}}, {"y":{"$ne": null}}, {"z": true} ]}`},
		{`{"$or":[{},[],"",0,false,{"":{"":` + n + `}}],"a":1}`, `{"a":1,"$or": [{}, [], "", -0, false, {"": {"": ` + n + `}}]}`},
		{`{"\"<>&\\/#":"` + n + `"}`, `{"\u0022\u003c\u003e\u0026\u005c\/#": "` + n + `"}`},
		{`{"big":9007199254740991,"small":1e-7,"n":` + n + `}`, `{"n":` + n + `,"small":0.0000001,"big":90071992547409910e-1}`},
		{`{"third":` + third + `,"n":-` + n + third[1:] + `}`, `{"n":-` + n + third[1:] + `3, "third":0.3333333333333333}`},
		{`{"huge":[1e300,-123456789012345678901234567890.5]}`, `{"huge":[1` + strings.Repeat("0", 300) + `.0,-123456789012345678901234567890.25]}`},
	}
	if values == 0 {
		return []string{"{}", " { } "}[style%2]
	}
	return shapes[values%len(shapes)][style%2]
}

// anyNode returns one of the graph's elements.
func (g graph) anyNode(t *rapid.T) node { return rapid.SampledFrom(g.nodes).Draw(t, "element") }

// above returns an element and those that lead to it.
func (g graph) above(n node) []node {
	all := []node{n}
	for n.parent >= 0 {
		n = g.nodes[n.parent]
		all = append(all, n)
	}
	return all
}

// lead makes one of an element's ways lead elsewhere.
func (n node) lead(t *rapid.T, config attrs, to string) {
	element, _ := elementsOf(config)[n.id].(attrs)
	variant, _ := element[n.kind].(attrs)
	if n.kind == "percentage" {
		variant, _ = variant["outputs"].(attrs)
	}
	variant[rapid.SampledFrom(n.outputs).Draw(t, "way")] = to
}

// insert puts an element before the first one, and returns its id.
func (g graph) insert(config, element attrs) string {
	id := g.freeID()
	elementsOf(config)[id] = element
	elementsOf(config)["before"] = to(g.nodes[0].id, id)
	config["entry"] = "before"
	return id
}

func elementsOf(config attrs) attrs {
	elements, _ := config["elements"].(attrs)
	return elements
}
