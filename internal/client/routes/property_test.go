package routes_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"pgregory.net/rapid"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// anyConditions generates JSON objects of all kinds.
var anyConditions = rapid.Custom(func(t *rapid.T) string {
	value := rapid.OneOf(
		rapid.Just(any(nil)), rapid.Map(rapid.Bool(), toAny[bool]), rapid.Map(rapid.String(), toAny[string]),
		rapid.Map(rapid.Float64Range(-1e30, 1e30), toAny[float64]), rapid.Map(rapid.SliceOfN(rapid.Int(), 0, 3), toAny[[]int]),
	)
	inner := rapid.MapOfN(rapid.String(), value, 0, 3)
	return clienttest.Encode(rapid.MapOfN(rapid.String(), rapid.OneOf(value, rapid.Map(inner, toAny[map[string]any])), 0, 3).Draw(t, "conditions"))
})

func toAny[T any](v T) any { return v }

var anyNumber = rapid.OneOf(rapid.Map(rapid.IntRange(0, 1e6), func(n int) float64 { return float64(n) }), rapid.Float64Range(0, 1e30))

// anyGraph generates graphs that can be encoded.
var anyGraph = rapid.Custom(func(t *rapid.T) routes.Graph {
	ids := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,3}(-[0-9])?|[a-zA-Zü "]{1,4}|end-2|begin`).Filter(func(id string) bool {
		return id != "start" && id != "end"
	}), 0, 5, rapid.ID[string]).Draw(t, "ids")
	target := rapid.SampledFrom(append([]string{routes.End}, ids...))
	graph := routes.Graph{Entry: target.Draw(t, "entry"), Elements: map[string]routes.Element{}}
	for _, id := range ids {
		graph.Elements[id] = anyElement(target).Draw(t, id)
	}
	return graph
})

func anyElement(target *rapid.Generator[string]) *rapid.Generator[routes.Element] {
	return rapid.Custom(func(t *rapid.T) routes.Element {
		one, other := target.Draw(t, "one"), target.Draw(t, "other")
		switch rapid.IntRange(0, 3).Draw(t, "type") {
		case 0:
			return routes.Element{Conditional: &routes.Conditional{Conditions: anyConditions.Draw(t, "conditions"), OnTrue: one, OnFalse: other}}
		case 1:
			share := rapid.OneOf(rapid.StringMatching(`[0-9]{1,3}(\.[0-9]{1,9})?%`), rapid.Just(routes.PercentageElse))
			return routes.Element{Percentage: &routes.Percentage{Outputs: rapid.MapOfN(share, target, 0, 4).Draw(t, "shares")}}
		case 2:
			return routes.Element{Rate: &routes.Rate{
				Key: rapid.String().Draw(t, "key"), Limit: anyNumber.Draw(t, "limit"), LimitType: rapid.SampledFrom([]string{"count", "cost"}).Draw(t, "limit type"),
				Window: anyNumber.Draw(t, "window"), OnSuccess: one, OnFallback: other,
			}}
		default:
			return routes.Element{Model: &routes.ModelCall{
				Provider: rapid.String().Draw(t, "provider"), Model: rapid.String().Draw(t, "model"),
				Timeout: anyNumber.Draw(t, "timeout"), Retries: anyNumber.Draw(t, "retries"), OnSuccess: one, OnFallback: other,
			}}
		}
	})
}

// routeForms are the forms in which a service returns the elements that it was sent.
var routeForms = map[string]func(elements json.RawMessage) clienttest.Fields{
	"a list": func(elements json.RawMessage) clienttest.Fields {
		return clienttest.Fields{"version": version(clienttest.Fields{"data": elements})}
	},
	"a text": func(elements json.RawMessage) clienttest.Fields {
		return clienttest.Fields{"version": version(clienttest.Fields{"data": string(elements)})}
	},
	"at the top": func(elements json.RawMessage) clienttest.Fields {
		return clienttest.Fields{"version": nil, "elements": elements}
	},
}

// echoingRoute returns a service that returns what it was sent, in a form, after a
// change.
func echoingRoute(form func(json.RawMessage) clienttest.Fields, change func([]clienttest.Fields) []clienttest.Fields) clienttest.Transport {
	return func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodPost {
			return nil, errors.New("the response to the POST was not decoded")
		}
		var sent struct{ Elements []clienttest.Fields }
		decoder := json.NewDecoder(r.Body)
		decoder.UseNumber() // a service keeps numbers as they are
		if err := decoder.Decode(&sent); err != nil {
			return nil, err
		}
		return clienttest.HTTPResponse(r, 200, clienttest.Envelope(routeObject(form(json.RawMessage(clienttest.Encode(change(sent.Elements))))))), nil
	}
}

// A graph decodes as it was sent, in every form, order and with other ids of start and
// end.
func TestGraphsSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		graph := anyGraph.Draw(t, "graph")
		form := rapid.SampledFrom(clienttest.SortedKeys(routeForms)).Draw(t, "form")
		begin := rapid.SampledFrom([]string{"start", "START", "end", "0"}).Draw(t, "start's id")
		finish := rapid.SampledFrom([]string{"end", "END", "start", "1"}).Filter(func(id string) bool { return id != begin }).Draw(t, "end's id")
		c, err := client.New(client.Config{APIToken: clienttest.APIToken, Transport: echoingRoute(routeForms[form], func(elements []clienttest.Fields) []clienttest.Fields {
			return rapid.Permutation(renamed(elements, map[string]string{"start": begin, "end": finish})).Draw(t, "order")
		})})
		clienttest.RequireNoError(t, err)
		route, err := routes.Create(t.Context(), c, clienttest.Account, "demo", "support", graph)
		clienttest.RequireNoError(t, err)
		if route.Graph == nil || !route.Graph.Same(graph) || route.Graph.Fingerprint() != graph.Fingerprint() {
			t.Fatalf("\n got %s\nwant %s", clienttest.Encode(route.Graph), clienttest.Encode(graph))
		}
	})
}

// renamed gives elements other ids.
func renamed(elements []clienttest.Fields, names map[string]string) []clienttest.Fields {
	name := func(id any) any {
		if other, ok := names[fmt.Sprint(id)]; ok {
			return other
		}
		return id
	}
	for _, element := range elements {
		element["id"] = name(element["id"])
		for _, output := range element["outputs"].(clienttest.Fields) {
			output.(clienttest.Fields)["elementId"] = name(output.(clienttest.Fields)["elementId"])
		}
	}
	return elements
}

// Same and Fingerprint agree.
func TestGraphsDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyGraph.Draw(t, "a"), anyGraph.Draw(t, "b")
		same := a.Same(b)
		if same != b.Same(a) || same != (a.Fingerprint() == b.Fingerprint()) || !a.Same(a) {
			t.Fatalf("the same: %t\n%s\n%s", same, clienttest.Encode(a), clienttest.Encode(b))
		}
		for id, element := range a.Elements {
			if other, there := b.Elements[id]; same && (!there || !element.Same(other)) {
				t.Fatalf("element %q", id)
			}
		}
	})
}

func FuzzSameJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `1`, `-0.0e5`, `1e999999999`, `{"a":[1,2.50]}`, `"\ud800"`, `{`, ``, `[[[]]]`, `{"a":1,"a":2}`, `1e-99999999999999999999`} {
		f.Add(seed, seed)
		f.Add(seed, `{"a" : [1.0, 25e-1]}`)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if !wire.SameJSON(a, a) || wire.SameJSON(a, b) != wire.SameJSON(b, a) {
			t.Fatalf("%q %q", a, b)
		}
		if json.Valid([]byte(a)) && !wire.SameJSON(a, " "+a+"\n") {
			t.Fatalf("%q is not the same with space", a)
		}
		if a != b && json.Valid([]byte(a)) != json.Valid([]byte(b)) && wire.SameJSON(a, b) {
			t.Fatalf("%q %q", a, b)
		}
	})
}

func FuzzDecodeRoute(f *testing.F) {
	for _, seed := range []string{
		wireOneModel, clienttest.Encode(wireOneModel), `[` + wStart + `,` + wEnd + `]`, `[]`, `null`, `""`, `"[]"`, `{}`, `[{"id":"a","type":"start","outputs":{"next":"a"}}]`,
		`[` + wStart + `,{"id":"m","type":"rate_limit","properties":{"limit":"1","interval":1e3}}]`,
		`[` + wStart + `,{"id":"m","type":"conditional","properties":{"conditions":{"a":1e999}}}]`,
		`[` + wStart + `,{"id":"end","type":"percentage","outputs":{"10%":"end","10.0%":"start","else":null}}]`,
		`[` + wStart + `,{"id":"m","type":"switch","outputs":{"":{"elementId":7}}}]`, `[null]`, `[7]`, `{"a":1},"elements":[]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		body := `{"success":true,"result":{"id":"r1","name":"n","version":{"data":` + data + `}}}`
		c, err := client.New(client.Config{APIToken: clienttest.APIToken, Transport: clienttest.AlwaysReply(200, body)})
		clienttest.RequireNoError(t, err)
		route, err := routes.Get(t.Context(), c, clienttest.Account, "demo", "r1")
		if err != nil {
			var failed *client.Error
			if !errors.As(err, &failed) || !errors.Is(err, client.ErrUnexpectedResponse) || route != nil {
				t.Fatalf("%+v, %v", route, err)
			}
			return
		}
		requireGraphReadsBack(t, *route.Graph)
	})
}

// requireGraphReadsBack fails the test unless a graph that was decoded is refused, or
// can be encoded and decodes to the same.
func requireGraphReadsBack(t *testing.T, graph routes.Graph) {
	t.Helper()
	if graph.Entry == "" || graph.Elements == nil || !graph.Same(graph) {
		t.Fatalf("%+v", graph)
	}
	for id, element := range graph.Elements {
		if id == "" || id == "start" || id == "end" {
			t.Fatalf("an element with the id %q", id)
		}
		for _, edge := range element.Edges() {
			if edge.To == "" {
				t.Fatalf("element %q leads nowhere: %+v", id, element)
			}
		}
	}
	cfg := client.Config{APIToken: clienttest.APIToken, Transport: echoingRoute(routeForms["a list"], func(elements []clienttest.Fields) []clienttest.Fields { return elements })}
	c, err := client.New(cfg)
	clienttest.RequireNoError(t, err)
	route, err := routes.Create(t.Context(), c, clienttest.Account, "demo", "support", graph)
	var failed *client.Error
	switch {
	case errors.As(err, &failed):
		t.Fatal(err)
	case err != nil: // it has elements of other types, or leads to what is not there
		clienttest.RequireText(t, err.Error(), "so no request was sent")
	case route.Graph == nil || !route.Graph.Same(graph):
		t.Fatalf("\n got %s\nwant %s", clienttest.Encode(route.Graph), clienttest.Encode(graph))
	}
}
