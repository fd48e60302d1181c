package jsonobject_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/jsonobject"
)

var (
	null    = jsonobject.Value{StringValue: basetypes.NewStringNull()}
	unknown = jsonobject.Value{StringValue: basetypes.NewStringUnknown()}
)

func TestType(t *testing.T) {
	var typ jsonobject.Type
	if !typ.Equal(jsonobject.Type{}) || typ.Equal(types.StringType) || typ.String() != "jsonobject.Type" {
		t.Errorf("%s", typ)
	}
	if value := typ.ValueType(t.Context()); !value.Type(t.Context()).Equal(typ) || !value.IsNull() {
		t.Errorf("the zero value is %s", value)
	}
	for name, test := range map[string]struct {
		in   tftypes.Value
		want jsonobject.Value
	}{
		"text":    {tftypes.NewValue(tftypes.String, `{}`), jsonobject.NewValue(`{}`)},
		"null":    {tftypes.NewValue(tftypes.String, nil), null},
		"unknown": {tftypes.NewValue(tftypes.String, tftypes.UnknownValue), unknown},
	} {
		got, err := typ.ValueFromTerraform(t.Context(), test.in)
		if err != nil || !test.want.Equal(got) {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	if value, err := typ.ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.Bool, true)); err == nil {
		t.Errorf("a boolean is %v", value)
	}
	if value, diags := typ.ValueFromString(t.Context(), types.StringValue("x")); len(diags) > 0 || !value.Equal(jsonobject.NewValue("x")) {
		t.Errorf("%v %v", value, diags)
	}
}

func TestNewValue(t *testing.T) {
	value := jsonobject.NewValue(` {} `)
	if value.ValueString() != ` {} ` || value.IsNull() || value.IsUnknown() {
		t.Errorf("%v", value)
	}
}

// Equal compares the text, not its meaning.
func TestEqual(t *testing.T) {
	if value := jsonobject.NewValue(`{}`); !value.Equal(jsonobject.NewValue(`{}`)) || value.Equal(jsonobject.NewValue(`{ }`)) ||
		value.Equal(types.StringValue(`{}`)) || value.Equal(null) || value.Equal(unknown) {
		t.Error("Equal compares something else than the text")
	}
	if !null.Equal(jsonobject.Value{}) || null.Equal(unknown) || unknown.Equal(null) {
		t.Error("null and unknown are mixed up")
	}
}

// pairs are JSON texts, with whether they are semantically equal.
var pairs = []struct {
	a, b string
	same bool
}{
	{`{}`, " {\n} ", true},
	{`{"a":1,"b":2}`, `{"b":2,"a":1}`, true},
	{`{"a":[1,100]}`, `{"a":[1.0,1e2]}`, true},
	{`{"a":"é"}`, `{"a":"\u00e9"}`, true},
	{`{"a":{"c":1,"b":[{"e":1,"d":2}]}}`, `{"a":{"b":[{"d":2,"e":1}],"c":1}}`, true},
	{`{"a":1}`, `{"a":"1"}`, false},
	{`{"a":[1,2]}`, `{"a":[2,1]}`, false},
	{`{"a":null}`, `{}`, false},
	{`{"a":9007199254740993}`, `{"a":9007199254740992}`, true}, // equal as float64
	{`{"a":9007199254740994}`, `{"a":9007199254740992}`, false},
	{`{"a":0.` + strings.Repeat("3", 150) + `}`, `{"a":0.3333333333333333}`, true},
	{`{"a":1}`, `{"A":1}`, false},
	{`{`, `{ `, false},
	{`{`, `{`, true},
	{`{} {}`, `{}`, false},
}

func TestStringSemanticEquals(t *testing.T) {
	for _, pair := range pairs {
		for _, order := range [][2]string{{pair.a, pair.b}, {pair.b, pair.a}} {
			same, diags := jsonobject.NewValue(order[0]).StringSemanticEquals(t.Context(), jsonobject.NewValue(order[1]))
			if same != pair.same || len(diags) > 0 {
				t.Errorf("%s and %s: %v %v", order[0], order[1], same, diags)
			}
		}
	}
	if same, _ := jsonobject.NewValue(`{}`).StringSemanticEquals(t.Context(), types.StringValue(`{}`)); same {
		t.Error("it is the same as a value of another type")
	}
}

func TestValidateAttribute(t *testing.T) {
	at := path.Root("elements").AtMapKey("a b").AtName("conditional").AtName("conditions")
	for text, is := range map[string]string{
		`{}`: "", " \n{\"a\":[1e999]}\t": "", `{"a":1,"a":2}`: "",
		``: "empty", " \t\n": "empty", `{"a":1`: "not JSON: it ends too early, in line 1, column 6", `{} {}`: `not JSON: after its end comes "{" in line 1, column 4`,
		`{'a':1}`: `not JSON: unexpected "'" in line 1, column 2`, `[{}]`: "an array", ` "{}"`: "a string",
		`null`: "null", `0`: "a number or a boolean", `-1`: "a number or a boolean", `true`: "a number or a boolean",
		"\u00a0{}":            `not JSON: unexpected "\u00a0" in line 1, column 1`,
		"{\n  \"é\": 1,\n}\n": `not JSON: unexpected "}" in line 3, column 1`, "{\n  \"é\": é\n}": `not JSON: unexpected "é" in line 2, column 8`,
		"{\"a\":\"b\nc\"}": `not JSON: unexpected "\n" in line 1, column 8`, "{\n\"a\":1\n": "not JSON: it ends too early, in line 2, column 6",
		`{"a":1 "b":2}`: `not JSON: unexpected '"' in line 1, column 8`, "{\"a\":\xff}": `not JSON: unexpected "\xff" in line 1, column 6`,
		"{}\n]": `not JSON: after its end comes "]" in line 2, column 1`, `{"a":tru}`: `not JSON: unexpected "}" in line 1, column 9`,
		`nul`: "not JSON: it ends too early, in line 1, column 3", `{]`: `not JSON: unexpected "]" in line 1, column 2`,
	} {
		var resp xattr.ValidateAttributeResponse
		jsonobject.NewValue(text).ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: at}, &resp)
		if isObject := jsonobject.NewValue(text).IsObject(); isObject != (is == "") {
			t.Errorf("%q is an object: %t", text, isObject)
		}
		want := `elements["a b"].conditional.conditions must be a JSON string that holds an object, but it is ` + is + ". Use jsonencode({ … }) to write it."
		switch {
		case is == "" && len(resp.Diagnostics) > 0:
			t.Errorf("%q is refused: %v", text, resp.Diagnostics)
		case is != "" && (len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary() != "Invalid JSON object" ||
			!strings.HasPrefix(resp.Diagnostics[0].Detail(), want)):
			t.Errorf("%q: %v, want %s", text, resp.Diagnostics, want)
		}
	}
	for _, value := range []jsonobject.Value{null, unknown} {
		if value.IsObject() {
			t.Errorf("%s is an object", value)
		}
		var resp xattr.ValidateAttributeResponse
		if value.ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: at}, &resp); len(resp.Diagnostics) > 0 {
			t.Errorf("%s is refused: %v", value, resp.Diagnostics)
		}
	}
}

func TestKeepEqual(t *testing.T) {
	modifier := jsonobject.KeepEqual()
	plan := func(before, planned types.String) types.String {
		resp := planmodifier.StringResponse{PlanValue: planned}
		modifier.PlanModifyString(t.Context(), planmodifier.StringRequest{StateValue: before, PlanValue: planned}, &resp)
		if len(resp.Diagnostics) > 0 {
			t.Error(resp.Diagnostics)
		}
		return resp.PlanValue
	}
	for _, pair := range pairs {
		want := pair.b
		if pair.same {
			want = pair.a
		}
		if got := plan(types.StringValue(pair.a), types.StringValue(pair.b)); got.ValueString() != want {
			t.Errorf("%s after %s is planned as %s", pair.b, pair.a, got)
		}
	}
	text := types.StringValue(`{}`)
	for _, values := range [][2]types.String{
		{types.StringNull(), text}, {text, types.StringNull()}, {text, types.StringUnknown()}, {types.StringNull(), types.StringUnknown()},
	} {
		if got := plan(values[0], values[1]); !got.Equal(values[1]) {
			t.Errorf("%s after %s is planned as %s", values[1], values[0], got)
		}
	}
	if said := modifier.Description(t.Context()); said == "" || said != modifier.MarkdownDescription(t.Context()) {
		t.Errorf("it describes itself as %q", said)
	}
}

// FuzzInvalid checks that what is not JSON is said to be so, with a place in the text.
func FuzzInvalid(f *testing.F) {
	for _, text := range []string{`{`, "{\n'a'", `{} {`, "\xff", `1x`, `-`, "\u00a0", `"`} {
		f.Add(text)
	}
	place := regexp.MustCompile(` in line [1-9][0-9]*, column [1-9][0-9]*\. Use jsonencode`)
	f.Fuzz(func(t *testing.T, text string) {
		var resp xattr.ValidateAttributeResponse
		jsonobject.NewValue(text).ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: path.Root("a")}, &resp)
		said := ""
		if len(resp.Diagnostics) > 0 {
			said = resp.Diagnostics[0].Detail()
		}
		if broken := !json.Valid([]byte(text)) && strings.TrimSpace(text) != ""; broken != place.MatchString(said) {
			t.Errorf("%q: %s", text, said)
		}
	})
}
