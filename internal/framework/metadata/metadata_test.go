package metadata_test

import (
	"context"
	"encoding/json"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/metadata"
)

type values = map[string]attr.Value

var (
	text  = types.StringValue("x")
	whole = types.NumberValue(big.NewFloat(5))
)

// object returns an object as a configuration has it.
func object(entries values) types.Dynamic { return types.DynamicValue(objectOf(entries)) }

func objectOf(entries values) types.Object {
	kinds := map[string]attr.Type{}
	for key, value := range entries {
		kinds[key] = value.Type(context.Background())
	}
	return types.ObjectValueMust(kinds, entries)
}

func mapOf(entries values) types.Map { return types.MapValueMust(types.StringType, entries) }

// entries returns so many entries.
func entries(n int) values {
	all := values{}
	for _, key := range strings.Split("abcdefgh", "")[:n] {
		all[key] = text
	}
	return all
}

// refusals returns the errors about metadata: summary and detail of each.
func refusals(t *testing.T, configured types.Dynamic) (all []string) {
	t.Helper()
	var resp validator.DynamicResponse
	metadata.Flat().ValidateDynamic(t.Context(), validator.DynamicRequest{Path: path.Root("metadata"), ConfigValue: configured}, &resp)
	for _, d := range resp.Diagnostics.Errors() {
		all = append(all, d.Summary()+": "+d.Detail())
	}
	return all
}

func TestFlatAccepts(t *testing.T) {
	t.Parallel()
	for name, configured := range map[string]types.Dynamic{
		"null":                  types.DynamicNull(),
		"null of a map":         types.DynamicValue(types.MapNull(types.StringType)),
		"unknown":               types.DynamicUnknown(),
		"unknown map":           types.DynamicValue(types.MapUnknown(types.StringType)),
		"empty":                 object(values{}),
		"each kind":             object(values{"a": text, "b": whole, "c": types.BoolValue(false), "d": types.StringValue(""), "e": types.StringUnknown()}),
		"unknown of no type":    object(values{"a": types.DynamicUnknown()}),
		"wrapped":               object(values{"a": types.DynamicValue(text)}),
		"a map":                 types.DynamicValue(mapOf(entries(5))),
		"almost reserved names": object(values{"cf": text, "cfx.y": text, "x.cf.": text}),
	} {
		if got := refusals(t, configured); len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestFlatRefuses(t *testing.T) {
	t.Parallel()
	list := types.ListValueMust(types.StringType, []attr.Value{text})
	for name, test := range map[string]struct {
		configured types.Dynamic
		says       string
	}{
		"too many":        {object(entries(6)), "Too much metadata: The metadata has 6 entries, but the gateway keeps at most 5"},
		"too many of map": {types.DynamicValue(mapOf(entries(6))), "has 6 entries"},
		"unknown counts":  {object(values{"a": types.StringUnknown(), "b": text, "c": text, "d": text, "e": text, "f": text}), "has 6 entries"},
		"empty key":       {object(values{"": text}), "Keys must have at least 1 character"},
		"reserved":        {object(values{"cf.team": text}), `the key "cf.team". Keys that begin with "cf." are reserved for Cloudflare`},
		"null":            {object(values{"a": types.StringNull()}), `"a" is null, but it must be a string, a number or a boolean`},
		"null of no type": {object(values{"a": types.DynamicNull()}), "Leave the entry out, or set it to an empty string"},
		"null in a map":   {types.DynamicValue(mapOf(values{"a": types.StringNull()})), `"a" is null`},
		"list in it":      {object(values{"a": list}), `"a" is a list`},
		"object in it":    {object(values{"a": objectOf(values{"b": whole})}), `"a" is an object`},
		"map in it":       {object(values{"a": mapOf(values{"b": text})}), "or jsonencode(…) for one that is only logged"},
		"string":          {types.DynamicValue(types.StringValue(`{"a":1}`)), "The metadata is a string, but it must be an object with at most 5 entries"},
		"number":          {types.DynamicValue(whole), "The metadata is a number"},
		"boolean":         {types.DynamicValue(types.BoolValue(true)), "The metadata is a boolean"},
		"list":            {types.DynamicValue(list), "The metadata is a list"},
	} {
		if got := refusals(t, test.configured); len(got) != 1 || !strings.Contains(got[0], test.says) {
			t.Errorf("%s: %q, want one error that says %q", name, got, test.says)
		}
	}
}

// TestToAPI: values keep their type, since conditions compare by type.
func TestToAPI(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		configured types.Dynamic
		want       map[string]any
	}{
		"null":          {types.DynamicNull(), nil},
		"null of a map": {types.DynamicValue(types.MapNull(types.StringType)), nil},
		"empty":         {object(values{}), map[string]any{}},
		"each kind": {
			object(values{"a": text, "b": whole, "c": types.BoolValue(false), "d": types.DynamicValue(text)}),
			map[string]any{"a": "x", "b": json.Number("5"), "c": false, "d": "x"},
		},
		"a map": {types.DynamicValue(mapOf(values{"a": text})), map[string]any{"a": "x"}},
	} {
		if got := metadata.ToAPI(test.configured); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %#v, want %#v", name, got, test.want)
		}
		if absent := metadata.IsAbsent(test.configured); absent != (test.want == nil) {
			t.Errorf("%s: absent: %t", name, absent)
		}
	}
}
