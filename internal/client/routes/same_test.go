package routes_test

import (
	"math"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// thirds are the digits of 1/3 as Terraform and OpenTofu write it.
var thirds = strings.Repeat("3", 150)

func TestSameJSON(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{`{}`, ` { } `, true},
		{`{"a":1,"b":[2,"x"]}`, "{\n \"b\" : [2.0, \"\\u0078\"], \"a\": 1e0 }", true},
		{`{"a":1,"a":2}`, `{"a":2}`, true},
		{`[1,2]`, `[2,1]`, false},
		{`{"a":null}`, `{}`, false},
		{`{"a":"1"}`, `{"a":1}`, false},
		{`{"a":true}`, `{"a":false}`, false},
		{`{"a":{}}`, `{"a":[]}`, false},
		{`1`, `1.00`, true},
		{`100`, `1e2`, true},
		{`100`, `1E+2`, true},
		{`0.001`, `1e-3`, true},
		{`0.0010`, `10.0e-4`, true},
		{`-1`, `1`, false},
		{`-1.50`, `-15e-1`, true},
		{`0`, `-0`, true},
		{`0`, `0.000e7`, true},
		{`10`, `1`, false},
		// Numbers are doubles in the service.
		{`9007199254740993`, `9007199254740992`, true},
		{`9007199254740994`, `9007199254740992`, false},
		{`0.1`, `0.1000000000000000055511151231257827`, true},
		{`0.1`, `0.10000000000000002`, false},
		{`0.` + thirds, `0.3333333333333333`, true},
		{`-0.` + thirds, `0.` + thirds, false},
		{`1e-999`, `0`, true},
		{`1.7976931348623157e308`, `17976931348623157e292`, true},
		// Numbers that no double can hold are compared as they are written.
		{`1e999999999`, `10e999999998`, false},
		{`1e999`, `1E999`, true},
		{`1e999999999`, `1e999999998`, false},
		{`1e99999999999999999999999`, `0.1e100000000000000000000000`, false},
		{`1e-99999999999999999999999`, `1e99999999999999999999999`, false},
		{`0e99999999999999999999999`, `0`, true},
		{`{`, `{`, true},
		{`{`, `{ `, false},
		{``, ``, true},
		{``, `{}`, false},
		{`{} {}`, `{}`, false},
		{`{}]`, `{}`, false},
		{`a`, `b`, false},
	} {
		if wire.SameJSON(test.a, test.b) != test.same || wire.SameJSON(test.b, test.a) != test.same {
			t.Errorf("%s and %s are the same: %t", test.a, test.b, !test.same)
		}
	}
}

// A number is never computed, whatever its size: this would not end.
func TestSameJSONOfLongNumbers(t *testing.T) {
	digits := strings.Repeat("9", 1<<20)
	for _, pair := range [][2]string{
		{"1e" + digits, "1E" + digits + " "}, {digits, digits + " "}, {"1e-" + digits, "10e-" + digits}, {"0." + digits, "1.0"},
	} {
		if !wire.SameJSON(pair[0], pair[1]) {
			t.Errorf("%.20s and %.20s differ", pair[0], pair[1])
		}
	}
}

func TestInexactNumber(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":9007199254740991}`:                              "",
		`{"a":-9007199254740991}`:                             "",
		`{"a":[1,{"b":9007199254740992}]}`:                    "9007199254740992",
		`{"a":-9007199254740992}`:                             "-9007199254740992",
		`{"a":{"$gt":12345678901234567890}}`:                  "12345678901234567890",
		`{"a":123456789012345678901234567890,"b":1e999}`:      "123456789012345678901234567890",
		`{"a":1e999}`:                                         "1e999",
		`{"a":-1E+999}`:                                       "-1E+999",
		`{"a":1` + strings.Repeat("0", 400) + `.5}`:           "1" + strings.Repeat("0", 400) + ".5",
		`{"a":1e-999}`:                                        "",
		`{"a":1e300}`:                                         "",
		`{"a":0.` + thirds + `,"b":-66.` + thirds + `}`:       "",
		`{"a":90071992547409921.5}`:                           "",
		`{"9007199254740992":"9007199254740992","b":"1e999"}`: "",
		`{"a":true,"b":null,"c":[]}`:                          "",
		`{}`:                                                  "",
		``:                                                    "",
		`{`:                                                   "",
		`no JSON 9007199254740992`:                            "",
	} {
		number, found := wire.InexactNumber(text)
		if number != want || found != (want != "") {
			t.Errorf("%.80s: %.80q, %t, want %.80q", text, number, found, want)
		}
	}
}

func TestCanonicalShare(t *testing.T) {
	for share, want := range map[string]string{
		"10%": "10%", "010%": "10%", "10.0%": "10%", "010.50%": "10.5%", "2.5%": "2.5%", "0%": "0%", "00.000%": "0%", "100.000000000%": "100%",
		"000.000000001%": "0.000000001%", "99.999999999%": "99.999999999%", "20%": "20%", "200%": "200%",
		"else": "else", "": "", "ten": "ten", "10": "10", "1000.0%": "1000.0%", "10.0000000000%": "10.0000000000%", "10.%": "10.%",
	} {
		if got := routes.CanonicalShare(share); got != want {
			t.Errorf("%q is %q, want %q", share, got, want)
		}
		if got := routes.CanonicalShare(want); got != want {
			t.Errorf("%q is %q", want, got)
		}
	}
}

func requireSame(t *testing.T, a, b routes.Graph, same bool) {
	t.Helper()
	if a.Same(b) != same || b.Same(a) != same {
		t.Errorf("the same: %t\n%s\n%s", !same, clienttest.Encode(a), clienttest.Encode(b))
	}
	if (a.Fingerprint() == b.Fingerprint()) != same {
		t.Errorf("fingerprints %s and %s", a.Fingerprint(), b.Fingerprint())
	}
}

func TestGraphSame(t *testing.T) {
	if got := sampleGraph().Fingerprint(); len(got) != 64 || strings.Trim(got, "0123456789abcdef") != "" {
		t.Errorf("fingerprint %q", got)
	}
	requireSame(t, routes.Graph{}, routes.Graph{Elements: map[string]routes.Element{}}, true)
	for name, change := range map[string]func(routes.Graph){
		"nothing": func(routes.Graph) {},
		"conditions": func(g routes.Graph) {
			g.Elements["plan"].Conditional.Conditions = " {\"metadata.plan\": {\"$eq\": \"free\"}} "
		},
		"share": func(g routes.Graph) {
			g.Elements["split"].Percentage.Outputs = map[string]string{"010.0%": "small", "else": "budget"}
		},
		"minus zero": func(g routes.Graph) { g.Elements["small"].Model.Retries = math.Copysign(0, -1) },
	} {
		g := sampleGraph()
		change(g)
		requireSame(t, g, sampleGraph(), true)
		if t.Failed() {
			t.Fatal(name)
		}
	}
	for name, change := range map[string]func(*routes.Graph){
		"entry":    func(g *routes.Graph) { g.Entry = "end" },
		"one less": func(g *routes.Graph) { delete(g.Elements, "small") },
		"one more": func(g *routes.Graph) { g.Elements["x"] = routes.Element{Percentage: &routes.Percentage{}} },
		"an id":    func(g *routes.Graph) { g.Elements["x"] = g.Elements["small"]; delete(g.Elements, "small") },
		"type": func(g *routes.Graph) {
			g.Elements["small"] = routes.Element{Other: &routes.OtherElement{Type: "model"}}
		},
		"no type":    func(g *routes.Graph) { g.Elements["small"] = routes.Element{} },
		"conditions": func(g *routes.Graph) { g.Elements["plan"].Conditional.Conditions = `{}` },
		"not JSON":   func(g *routes.Graph) { g.Elements["plan"].Conditional.Conditions = `{` },
		"true":       func(g *routes.Graph) { g.Elements["plan"].Conditional.OnTrue = "end" },
		"false":      func(g *routes.Graph) { g.Elements["plan"].Conditional.OnFalse = "end" },
		"share": func(g *routes.Graph) {
			g.Elements["split"].Percentage.Outputs = map[string]string{"10.01%": "small", "else": "budget"}
		},
		"share's target": func(g *routes.Graph) {
			g.Elements["split"].Percentage.Outputs = map[string]string{"10%": "large", "else": "budget"}
		},
		"a share twice": func(g *routes.Graph) {
			g.Elements["split"].Percentage.Outputs = map[string]string{"10%": "small", "10.0%": "small", "else": "budget"}
		},
		"key":               func(g *routes.Graph) { g.Elements["budget"].Rate.Key = "x" },
		"limit":             func(g *routes.Graph) { g.Elements["budget"].Rate.Limit = 100.5 },
		"limit type":        func(g *routes.Graph) { g.Elements["budget"].Rate.LimitType = "cost" },
		"window":            func(g *routes.Graph) { g.Elements["budget"].Rate.Window = 61 },
		"rate's success":    func(g *routes.Graph) { g.Elements["budget"].Rate.OnSuccess = "end" },
		"rate's fallback":   func(g *routes.Graph) { g.Elements["budget"].Rate.OnFallback = "end" },
		"provider":          func(g *routes.Graph) { g.Elements["large"].Model.Provider = "x" },
		"model":             func(g *routes.Graph) { g.Elements["large"].Model.Model = "x" },
		"timeout":           func(g *routes.Graph) { g.Elements["large"].Model.Timeout++ },
		"retries":           func(g *routes.Graph) { g.Elements["large"].Model.Retries++ },
		"model's success":   func(g *routes.Graph) { g.Elements["large"].Model.OnSuccess = "small" },
		"model's fallback":  func(g *routes.Graph) { g.Elements["large"].Model.OnFallback = "end" },
		"provider in model": func(g *routes.Graph) { m := g.Elements["large"].Model; m.Provider, m.Model = m.Model, m.Provider },
	} {
		g := sampleGraph()
		change(&g)
		requireSame(t, g, sampleGraph(), false)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestElementSame(t *testing.T) {
	other := func(kind string, outputs map[string]string) routes.Element {
		return routes.Element{Other: &routes.OtherElement{Type: kind, Outputs: outputs}}
	}
	conditional := func(conditions string) routes.Element {
		return routes.Element{Conditional: &routes.Conditional{Conditions: conditions}}
	}
	for _, test := range []struct {
		a, b routes.Element
		same bool
	}{
		{routes.Element{}, routes.Element{}, true},
		{conditional(""), conditional(" {}"), true},
		{conditional("{"), conditional("{"), true},
		{conditional("{"), conditional("{ "), false},
		{other("a", nil), other("a", map[string]string{}), true},
		{other("a", nil), other("b", nil), false},
		{other("a", map[string]string{"x": "end"}), other("a", map[string]string{"x": "y"}), false},
		// The meaning of shares in other types is not known.
		{other("a", map[string]string{"10%": "end"}), other("a", map[string]string{"10.0%": "end"}), false},
		{other("", nil), routes.Element{}, false},
	} {
		if test.a.Same(test.b) != test.same || test.b.Same(test.a) != test.same {
			t.Errorf("the same: %t\n%s\n%s", !test.same, clienttest.Encode(test.a), clienttest.Encode(test.b))
		}
	}
}
