package emulator_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

const discriminator = "Invalid discriminator value. Expected 'start' | 'conditional' | 'percentage' | 'rate' | 'model' | 'end'"

// elementOf returns a valid element of a type, with changes. Nil removes a member.
func elementOf(kind string, changes object) object {
	both := func(a, b string) object { return object{a: to("x"), b: to("x")} }
	e := map[string]object{
		"start":       {"outputs": object{"next": to("x")}},
		"conditional": {"outputs": both("true", "false"), "properties": object{"conditions": object{"metadata.plan": "free"}}},
		"percentage":  {"outputs": both("10%", "else")},
		"rate": {"outputs": both("success", "fallback"),
			"properties": object{"key": "k", "limit": 1, "limitType": "cost", "window": 60}},
		"model": {"outputs": both("success", "fallback"),
			"properties": object{"provider": "p", "model": "m", "retries": 0, "timeout": 1}},
		"end": {"outputs": object{}},
	}[kind]
	e["id"], e["type"] = "x", kind
	for path, value := range changes {
		holder, name := e, path
		if outer, inner, ok := strings.Cut(path, "."); ok {
			holder, name = e[outer].(object), inner
		}
		if value == nil {
			delete(holder, name)
		} else {
			holder[name] = value
		}
	}
	return e
}

func TestRouteBodies(t *testing.T) {
	h, path := aRoute(t)
	create := []string{"body.elements: Required", "body.name: Required"}
	for _, body := range []string{"{}", "", "not json"} {
		h.api("POST", "gateways/gw/routes", body).wantErrors(t, 400, 7001, create...)
		h.api("PATCH", path, body).wantErrors(t, 400, 7001, create[1])
		h.api("POST", path+"/versions", body).wantErrors(t, 400, 7001, create[0])
		h.api("POST", path+"/deployments", body).wantErrors(t, 400, 7001, "body.version_id: Required")
	}
	h.api("POST", "gateways/gw/routes", object{"name": 5, "elements": object{}}).
		wantErrors(t, 400, 7001, "body.elements: Expected array, received object", "body.name: Expected string, received number")
	h.api("PATCH", path, `{"name":null}`).wantErrors(t, 400, 7001, "body.name: Expected string, received null")
	h.api("POST", path+"/deployments", object{"version_id": 1}).wantErrors(t, 400, 7001, "body.version_id: Expected string, received number")
	h.api("POST", path+"/versions", "[]").wantErrors(t, 400, 7001, "body: Expected object, received array")
	// The body is checked before anything is looked up.
	h.api("PATCH", "gateways/x/routes/y", "{}").wantErrors(t, 400, 7001, create[1])
	equal(t, "a refused request left versions", 1, len(h.list(path+"/versions", "versions")))
}

func TestElementValidation(t *testing.T) {
	h, path := aRoute(t)
	for _, tt := range []struct {
		kind    string
		changes object // nil removes
		want    []string
	}{
		{"start", object{"id": nil}, []string{"id: Required"}},
		{"start", object{"id": 1}, []string{"id: Expected string, received number"}},
		{"start", object{"outputs": nil}, []string{"outputs: Required"}},
		{"start", object{"outputs.next": nil}, []string{"outputs.next: Required"}},
		{"start", object{"outputs.next": "x"}, []string{"outputs.next: Expected object, received string"}},
		{"start", object{"outputs.next": object{}}, []string{"outputs.next.elementId: Required"}},
		{"conditional", object{"properties": nil}, []string{"properties: Required"}},
		{"conditional", object{"properties.conditions": nil}, nil},
		{"conditional", object{"properties.conditions": "x"}, []string{"properties.conditions: Expected object, received string"}},
		{"conditional", object{"outputs": object{}}, []string{"outputs.true: Required", "outputs.false: Required"}},
		{"percentage", object{"outputs": object{}}, []string{"outputs: Object must contain at least 1 key"}},
		{"percentage", object{"outputs": object{"else": to("x")}}, nil},
		{"end", object{"outputs": object{}}, nil},
		{"percentage", object{"outputs": object{"any": to("x"), "%": object{}, "10%": 5}},
			[]string{"outputs.%.elementId: Required", "outputs.10%: Expected object, received number"}},
		{"percentage", object{"outputs": nil}, []string{"outputs: Required"}},
		{"rate", object{"properties": object{}}, []string{"properties.key: Required", "properties.limit: Required",
			"properties.limitType: Required", "properties.window: Required"}},
		{"rate", object{"properties": nil}, []string{"properties: Required"}},
		{"rate", object{"properties.limitType": "tokens"},
			[]string{"properties.limitType: Invalid enum value. Expected 'count' | 'cost', received 'tokens'"}},
		{"rate", object{"properties.limit": "5", "properties.window": true},
			[]string{"properties.limit: Expected number, received string", "properties.window: Expected number, received boolean"}},
		{"rate", object{"properties.limit": 0.5, "properties.window": -1}, nil},
		{"rate", object{"outputs.fallback": nil}, []string{"outputs.fallback: Required"}},
		{"model", object{"properties.provider": nil}, []string{"properties.provider: Required"}},
		{"model", object{"properties": object{}}, []string{"properties.model: Required", "properties.provider: Required",
			"properties.retries: Required", "properties.timeout: Required"}},
		{"model", object{"properties.retries": "1", "properties.timeout": []int{}},
			[]string{"properties.retries: Expected number, received string", "properties.timeout: Expected number, received array"}},
		{"model", object{"outputs.success": nil}, []string{"outputs.success: Required"}},
		{"end", object{"outputs": nil}, []string{"outputs: Required"}},
		{"end", object{"outputs": object{"x": to("x")}}, nil},
		{"end", object{"type": "rate_limit"}, []string{"type: " + discriminator}},
		{"end", object{"type": nil}, []string{"type: " + discriminator}},
		{"end", object{"type": 5}, []string{"type: " + discriminator}},
	} {
		// The element is the second, so that errors have its index.
		body := object{"elements": []object{elementOf("end", nil), elementOf(tt.kind, tt.changes)}}
		got := h.api("POST", path+"/versions", body)
		if len(tt.want) == 0 {
			got.result(t)
			continue
		}
		want := make([]string, 0, len(tt.want))
		for _, message := range tt.want {
			want = append(want, "body.elements.1."+message)
		}
		got.wantErrors(t, 400, 7001, want...)
	}
	h.api("POST", path+"/versions", `{"elements":[5,null]}`).wantErrors(t, 400, 7001,
		"body.elements.0: Expected object, received number", "body.elements.1: Expected object, received null")
}

// TestUnknownMembersOfElementsAreKept shows that unknown members, properties and outputs
// are stored.
func TestUnknownMembersOfElementsAreKept(t *testing.T) {
	h, path := aRoute(t)
	elements := []object{}
	for _, kind := range []string{"start", "conditional", "percentage", "rate", "model", "end"} {
		e := elementOf(kind, object{"position": object{"x": 1.5, "y": []any{}}})
		if properties, ok := e["properties"].(object); ok {
			properties["condition"] = object{"$or": []any{1, "<&>"}}
		} else {
			e["properties"] = object{"interval": 60}
		}
		maps.Copy(e["outputs"].(object), object{"more": object{"elementId": "x", "label": "L"}})
		elements = append(elements, e)
	}
	id := h.api("POST", path+"/versions", object{"elements": elements, "comment": "stripped"}).result(t)["version_id"].(string)
	got := h.api("GET", path+"/versions/"+id, nil).result(t)
	same(t, "data", elements, got["data"])
	lacks(t, "the version", got, "comment")
}

func TestVersionIsValid(t *testing.T) {
	h, path := aRoute(t)
	start, end := elementOf("start", object{"id": "start"}), elementOf("end", object{"id": "end"})
	model := func(id, success, fallback string) object {
		return elementOf("model", object{"id": id, "outputs": object{"success": to(success), "fallback": to(fallback)}})
	}
	// There are too many paths to try them all.
	many := []object{start, model("x", "x0", "x0")}
	for i := range 64 {
		next := fmt.Sprint("x", i+1)
		many = append(many, model(fmt.Sprint("x", i), next, fmt.Sprint("y", i)), model(fmt.Sprint("y", i), next, next))
	}
	many = append(many, elementOf("end", object{"id": "x64"}))
	for name, tt := range map[string]struct {
		elements []object
		want     bool
	}{
		"many paths":        {many, true},
		"no elements":       {[]object{}, false},
		"no start":          {[]object{end}, false},
		"straight":          {[]object{start, model("x", "end", "end"), end}, true},
		"diamond":           {[]object{start, model("x", "a", "b"), model("a", "end", "b"), model("b", "end", "end"), end}, true},
		"any order":         {[]object{end, model("x", "end", "end"), start}, true},
		"dangling start":    {[]object{start, end}, false},
		"dangling fallback": {[]object{start, model("x", "end", "gone"), end}, false},
		"loop":              {[]object{start, model("x", "end", "x"), end}, false},
		"longer loop":       {[]object{start, model("x", "end", "a"), model("a", "end", "x"), end}, false},
		"loop off the path": {[]object{start, model("x", "end", "end"), model("a", "b", "end"), model("b", "a", "end"), end}, false},
		"unreached":         {[]object{start, model("x", "end", "end"), model("a", "end", "end"), end}, true},
	} {
		got := h.api("POST", path+"/versions", object{"elements": tt.elements}).result(t)
		version := h.api("GET", path+"/versions/"+got["version_id"].(string), nil).result(t)
		has(t, name+": is_valid", version, "is_valid", tt.want)
		// It can be deployed all the same.
		h.api("POST", path+"/deployments", object{"version_id": got["version_id"]}).result(t)
	}
}

// TestElementsAreCopies shows that changes to elements after a call are not stored.
func TestElementsAreCopies(t *testing.T) {
	h := open(t)
	graph := modelGraph("one")
	id := h.PutRoute(accountID, "gw", "r", graph)
	graph[1]["properties"].(object)["model"] = "changed"
	stored, _ := h.Route(accountID, "gw", id)
	stored.Elements[1]["properties"].(object)["model"] = "changed"
	again, _ := h.Route(accountID, "gw", id)
	same(t, "stored", modelGraph("one"), again.Elements)
}
