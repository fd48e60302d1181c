package routes_test

import (
	"encoding/json"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
)

func version(change clienttest.Fields) clienttest.Fields {
	v := clienttest.Fields{"version_id": "v1", "active": true, "data": graphOf("a"), "created_at": "2026-08-03T10:00:00.000Z"}
	for field, value := range change {
		if v[field] = value; value == clienttest.Absent {
			delete(v, field)
		}
	}
	return v
}

// A graph is found wherever the service returns it.
func TestGetRouteFindsTheGraph(t *testing.T) {
	single := clienttest.Reply(200, clienttest.Envelope(version(nil)))
	single2 := clienttest.Reply(200, clienttest.Envelope(version(clienttest.Fields{"data": clienttest.Absent, "elements": graphOf("a")})))
	for name, test := range map[string]struct {
		change  clienttest.Fields
		version []clienttest.Handler
	}{
		"data is a list":            {nil, nil},
		"data is a text":            {clienttest.Fields{"version": version(clienttest.Fields{"data": wireOneModel})}, nil},
		"data is a text with space": {clienttest.Fields{"version": version(clienttest.Fields{"data": "\n " + wireOneModel})}, nil},
		"elements":                  {clienttest.Fields{"version": version(clienttest.Fields{"data": clienttest.Absent}), "elements": graphOf("a")}, nil},
		"elements, data null":       {clienttest.Fields{"version": version(clienttest.Fields{"data": nil}), "elements": graphOf("a")}, nil},
		"elements, data empty":      {clienttest.Fields{"version": version(clienttest.Fields{"data": ""}), "elements": graphOf("a")}, nil},
		"elements, data no list":    {clienttest.Fields{"version": version(clienttest.Fields{"data": "v1"}), "elements": graphOf("a")}, nil},
		"elements of the version":   {clienttest.Fields{"version": version(clienttest.Fields{"data": []any{}, "elements": graphOf("a")}), "elements": []any{}}, nil},
		"both":                      {clienttest.Fields{"elements": graphOf("b")}, nil},
		"the version alone has it":  {clienttest.Fields{"version": version(clienttest.Fields{"data": clienttest.Absent})}, []clienttest.Handler{single}},
		"its data null":             {clienttest.Fields{"version": version(clienttest.Fields{"data": nil}), "elements": nil}, []clienttest.Handler{single2}},
		"named by the deployment":   {clienttest.Fields{"version": clienttest.Absent}, []clienttest.Handler{single}},
		"odd forms": {clienttest.Fields{
			"version":  version(clienttest.Fields{"active": "true", "is_valid": 1, "created_at": 7, "new": []any{}}),
			"elements": "?", "new": clienttest.Fields{},
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, append([]clienttest.Handler{clienttest.Reply(200, clienttest.Envelope(routeObject(test.change)))}, test.version...)...)
			route, err := routes.Get(t.Context(), c, clienttest.Account, "demo", "r1")
			requireRoute(t, wantRoute(), route, err)
			want := []string{"GET /demo/routes/r1"}
			if test.version != nil {
				want = append(want, "GET /demo/routes/r1/versions/v1")
			}
			server.RequireRequests(want...)
		})
	}
}

func TestGetRouteWithoutGraph(t *testing.T) {
	for name, test := range map[string]struct {
		change  clienttest.Fields
		version clienttest.Handler
		kind    error
		says    string
	}{
		"no version":           {clienttest.Fields{"version": nil, "deployment": nil}, nil, client.ErrUnexpectedResponse, "read dynamic route: HTTP 200 OK: the response does not show the graph"},
		"neither":              {clienttest.Fields{"version": version(clienttest.Fields{"data": nil})}, clienttest.Reply(200, clienttest.Envelope(version(clienttest.Fields{"data": nil}))), client.ErrUnexpectedResponse, "read dynamic route: HTTP 200 OK: the response does not show the graph"},
		"bad graph":            {clienttest.Fields{"version": version(clienttest.Fields{"data": clienttest.Fields{}})}, nil, client.ErrUnexpectedResponse, "read dynamic route: HTTP 200 OK: the graph is not a list of elements"},
		"bad graph of version": {clienttest.Fields{"version": version(clienttest.Fields{"data": nil})}, clienttest.Reply(200, clienttest.Envelope(version(clienttest.Fields{"data": "?"}))), client.ErrUnexpectedResponse, "read dynamic route version: HTTP 200 OK: the graph is not a list of elements"},
		// The route exists, so the error must not say otherwise.
		"version not found": {clienttest.Fields{"version": version(clienttest.Fields{"data": nil})}, routeNotFound, client.ErrUnexpectedResponse, "read dynamic route version: HTTP 404 Not Found: Route not found (code 7005); the dynamic route names this version"},
		"version forbidden": {clienttest.Fields{"version": version(clienttest.Fields{"data": nil})}, clienttest.Forbidden, client.ErrUnauthorized, "read dynamic route version: HTTP 403"},
		"id of a version":   {clienttest.Fields{"version": version(clienttest.Fields{"version_id": "../v", "data": nil})}, nil, client.ErrUnexpectedResponse, `describes a dynamic route with the ID "../v", which cannot be used`},
	} {
		t.Run(name, func(t *testing.T) {
			responses, want := []clienttest.Handler{clienttest.Reply(200, clienttest.Envelope(routeObject(test.change)))}, []string{"GET /demo/routes/r1"}
			if test.version != nil {
				responses, want = append(responses, test.version), append(want, "GET /demo/routes/r1/versions/v1")
			}
			server, c := clienttest.Start(t, responses...)
			route, err := routes.Get(t.Context(), c, clienttest.Account, "demo", "r1")
			clienttest.RequireNil(t, route)
			clienttest.RequireError(t, err, test.kind, test.says)
			server.RequireRequests(want...)
		})
	}
}

// readGraph returns the graph of a list of elements.
func readGraph(t *testing.T, elements string) (*routes.Graph, error) {
	t.Helper()
	data := json.RawMessage(elements)
	if !json.Valid(data) {
		t.Fatalf("not JSON: %s", elements)
	}
	body := clienttest.Envelope(routeObject(clienttest.Fields{"version": version(clienttest.Fields{"data": data})}))
	c, _ := clienttest.New(t, "http://api.invalid", clienttest.Over(clienttest.AlwaysReply(200, body)))
	route, err := routes.Get(t.Context(), c, clienttest.Account, "demo", "r1")
	if err != nil {
		return nil, err
	}
	return route.Graph, nil
}

const (
	wStart = `{"id":"start","type":"start","outputs":{"next":{"elementId":"m"}}}`
	wEnd   = `{"id":"end","type":"end","outputs":{}}`
)

func ofElement(id string, e routes.Element) routes.Graph {
	return routes.Graph{Entry: id, Elements: map[string]routes.Element{id: e}}
}

func TestDecodeGraph(t *testing.T) {
	model := func(m routes.ModelCall) routes.Graph {
		m.OnSuccess, m.OnFallback = "end", "end"
		return ofElement("m", routes.Element{Model: &m})
	}
	conditional := func(conditions string) routes.Graph {
		return ofElement("m", routes.Element{Conditional: &routes.Conditional{Conditions: conditions, OnTrue: "end", OnFalse: "end"}})
	}
	rate := func(window float64) routes.Graph {
		return ofElement("m", routes.Element{Rate: &routes.Rate{Key: "k", Limit: 2.5, LimitType: "cost", Window: window, OnSuccess: "end", OnFallback: "end"}})
	}
	for name, test := range map[string]struct {
		elements string
		want     routes.Graph
	}{
		"start and end alone": {`[{"id":"s","type":"start","outputs":{"next":{"elementId":"e"}}},{"id":"e","type":"end"}]`,
			routes.Graph{Entry: "end", Elements: map[string]routes.Element{}}},
		"start alone":        {`[{"id":"s","type":"start","outputs":{}}]`, routes.Graph{Entry: "end", Elements: map[string]routes.Element{}}},
		"start to itself":    {`[{"id":"s","type":"start","outputs":{"next":{"elementId":"s"}}}]`, routes.Graph{Entry: "end", Elements: map[string]routes.Element{}}},
		"without outputs":    {`[{"id":"s","type":"start"}]`, routes.Graph{Entry: "end", Elements: map[string]routes.Element{}}},
		"limit_type":         {`[` + wStart + `,{"id":"m","type":"rate","properties":{"key":"k","limit":2.5,"limit_type":"cost","window":60},"outputs":{"success":{"elementId":"end"}}},` + wEnd + `]`, rate(60)},
		"numbers":            {`[` + wStart + `,{"id":"m","type":"model","properties":{"provider":"p","model":"x","timeout":1e4,"retries":1.0},"outputs":{"success":{"elementId":"end"}}},` + wEnd + `]`, model(routes.ModelCall{Provider: "p", Model: "x", Timeout: 10000, Retries: 1})},
		"numbers as texts":   {`[` + wStart + `,{"id":"m","type":"model","properties":{"timeout":"1500","retries":"1.5"},"outputs":null},` + wEnd + `]`, model(routes.ModelCall{Timeout: 1500, Retries: 1.5})},
		"unset":              {`[` + wStart + `,{"id":"m","type":"model","properties":{"provider":null,"timeout":null},"outputs":{"success":null,"fallback":{}}}]`, model(routes.ModelCall{})},
		"without properties": {`[` + wStart + `,{"id":"m","type":"model"}]`, model(routes.ModelCall{})},
		"more properties":    {`[` + wStart + `,{"id":"m","x":1,"type":"model","properties":{"provider":"p","cost":{"a":1}},"outputs":{}}]`, model(routes.ModelCall{Provider: "p"})},
		"targets as texts":   {`[` + wStart + `,{"id":"m","type":"model","outputs":{"success":"end","fallback":""}}]`, model(routes.ModelCall{})},
		"no conditions":      {`[` + wStart + `,{"id":"m","type":"conditional","properties":{}}]`, conditional("{}")},
		"null conditions":    {`[` + wStart + `,{"id":"m","type":"conditional","properties":{"conditions":null,"condition":null}}]`, conditional("{}")},
		"conditions":         {`[` + wStart + `,{"id":"m","type":"conditional","properties":{"conditions":{"b" : 1.0, "a":["x"]}}}]`, conditional(`{"b":1.0,"a":["x"]}`)},
		"condition":          {`[` + wStart + `,{"id":"m","type":"conditional","properties":{"condition":{"a":1}}}]`, conditional(`{"a":1}`)},
		"rate":               {`[` + wStart + `,{"id":"m","type":"rate","properties":{"key":"k","limit":2.5,"limitType":"cost","window":60}}]`, rate(60)},
		"rate_limit":         {`[` + wStart + `,{"id":"m","type":"rate_limit","properties":{"key":"k","limit":2.5,"limitType":"cost","interval":"60","technique":"fixed"}}]`, rate(60)},
		"window 0":           {`[` + wStart + `,{"id":"m","type":"rate","properties":{"key":"k","limit":2.5,"limitType":"cost","window":0,"interval":60}}]`, rate(0)},
		"percentage":         {`[` + wStart + `,{"id":"m","type":"percentage","outputs":{"10%":{"elementId":"m"},"x":{},"else":{"elementId":"end"}}}]`, ofElement("m", routes.Element{Percentage: &routes.Percentage{Outputs: map[string]string{"10%": "m", "x": "end", "else": "end"}}})},
		"other type":         {`[` + wStart + `,{"id":"m","type":"switch","properties":7,"outputs":{"a":{"elementId":"start"},"b":{"elementId":"end"},"c":{"elementId":"gone"}}}]`, ofElement("m", routes.Element{Other: &routes.OtherElement{Type: "switch", Outputs: map[string]string{"a": "m", "b": "end", "c": "gone"}}})},
		"several ends, other ids": {`[{"id":"one","type":"end"},{"id":"m","type":"model","outputs":{"success":{"elementId":"one"},"fallback":{"elementId":"two"}}},{"id":"begin","type":"start","outputs":{"next":{"elementId":"m"}}},{"id":"two","type":"end","outputs":[]}]`,
			model(routes.ModelCall{})},
		"ids of others": {`[{"id":"end","type":"start","outputs":{"next":{"elementId":"start"}}},{"id":"start","type":"model","outputs":{"success":{"elementId":"end"}}},{"id":"x","type":"end"}]`,
			routes.Graph{Entry: "start-2", Elements: map[string]routes.Element{"start-2": {Model: &routes.ModelCall{OnSuccess: "start-2", OnFallback: "end"}}}}},
		"an element called end": {`[{"id":"s","type":"start","outputs":{"next":{"elementId":"end"}}},{"id":"end","type":"model","outputs":{"success":{"elementId":"end"},"fallback":{"elementId":"end-2"}}},{"id":"end-2","type":"model","outputs":{"success":{"elementId":"fin"}}},{"id":"fin","type":"end"}]`,
			routes.Graph{Entry: "end-3", Elements: map[string]routes.Element{
				"end-3": {Model: &routes.ModelCall{OnSuccess: "end-3", OnFallback: "end-2"}}, "end-2": {Model: &routes.ModelCall{OnSuccess: "end", OnFallback: "end"}},
			}}},
	} {
		t.Run(name, func(t *testing.T) {
			graph, err := readGraph(t, test.elements)
			clienttest.RequireNoError(t, err)
			clienttest.RequireEqual(t, &test.want, graph)
			if !graph.Same(test.want) {
				t.Error("not the same")
			}
		})
	}
}

func TestDecodeGraphFails(t *testing.T) {
	for elements, says := range map[string]string{
		`{}`:               "the graph is not a list of elements",
		`7`:                "the graph is not a list of elements",
		`"start"`:          "the graph is not a list of elements",
		`["start"]`:        "the graph is not a list of elements",
		`[null]`:           "the graph has an element without an id",
		`[` + wEnd + `]`:   "the graph has no start",
		`[{"id":"start"}]`: "the graph has no start",
		`[` + wStart + `,{"id":"s","type":"start"}]`:                                                      "the graph has two starts",
		`[` + wStart + `,{"id":"start","type":"model"}]`:                                                  `the graph has two elements with the id "start"`,
		`[` + wStart + `,` + wEnd + `,{"id":"end","type":"model"}]`:                                       `the graph has two elements with the id "end"`,
		`[` + wStart + `,{"id":"m","type":"model"},{"id":"m","type":"model"}]`:                            `the graph has two elements with the id "m"`,
		`[{"id":"start","type":"start","outputs":7}]`:                                                     `element "start": its outputs are not an object`,
		`[` + wStart + `,{"id":"m","type":"model","outputs":{"success":7}}]`:                              `element "m": its output "success" does not name an element`,
		`[` + wStart + `,{"id":"m","type":"model","properties":[]}]`:                                      `element "m": the response does not describe a model element's properties`,
		`[` + wStart + `,{"id":"m","type":"model","properties":{"model":7}}]`:                             `element "m": model is a number`,
		`[` + wStart + `,{"id":"m","type":"model","properties":{"timeout":"soon"}}]`:                      `element "m": timeout: "soon" is not a number`,
		`[` + wStart + `,{"id":"m","type":"model","properties":{"timeout":"NaN"}}]`:                       `element "m": timeout: "NaN" is not a number`,
		`[` + wStart + `,{"id":"m","type":"model","properties":{"timeout":1e999}}]`:                       `element "m": timeout: 1e999 is not a number`,
		`[` + wStart + `,{"id":"m","type":"rate","properties":{"limit":true}}]`:                           `element "m": limit: true is not a number`,
		`[` + wStart + `,{"id":"m","type":"conditional","properties":{"conditions":[{"a":1}]}}]`:          `element "m": conditions is not an object`,
		`[` + wStart + `,{"id":"m","type":"conditional","properties":{"conditions":"a","condition":{}}}]`: `element "m": conditions is not an object`,
	} {
		graph, err := readGraph(t, elements)
		if graph != nil {
			t.Errorf("%s: %+v", elements, graph)
		}
		clienttest.RequireError(t, err, client.ErrUnexpectedResponse, "read dynamic route: HTTP 200 OK: "+says)
	}
}
