// Package metadata holds the rules of metadata, which clients send with a request. Routes,
// limits and policies can compare its values, and the log shows them.
package metadata

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// maxEntries is the number of metadata entries that the gateway keeps of a
// request. It drops any others (documented limit).
const maxEntries = 5

// reservedPrefix begins the keys that only Cloudflare sets (documented).
const reservedPrefix = "cf."

// Flat accepts the metadata that the gateway keeps: an object or a map of
// strings, numbers and booleans. The gateway drops all of the metadata because of a
// single list, object or null, so each of these is an error.
func Flat() validator.Dynamic { return flat{} }

type flat struct{}

func (flat) Description(context.Context) string {
	return fmt.Sprintf("must be an object with at most %d entries, each a string, a number or a boolean", maxEntries)
}

func (v flat) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v flat) ValidateDynamic(ctx context.Context, req validator.DynamicRequest, resp *validator.DynamicResponse) {
	if IsAbsent(req.ConfigValue) || req.ConfigValue.IsUnknown() || req.ConfigValue.IsUnderlyingValueUnknown() {
		return
	}
	add := func(at path.Path, summary, format string, arguments ...any) {
		resp.Diagnostics.AddAttributeError(at, summary, fmt.Sprintf(format, arguments...))
	}
	entries, ok := entriesOf(req.ConfigValue)
	if !ok {
		add(req.Path, "Invalid metadata", "The metadata is %s, but it %s: metadata = { team = \"platform\", beta = true }.",
			kindOf(req.ConfigValue.UnderlyingValue()), v.Description(ctx))
		return
	}
	if len(entries) > maxEntries {
		add(req.Path, "Too much metadata", "The metadata has %d entries, but the gateway keeps at most %d of a request and drops the others. "+
			"Remove entries.", len(entries), maxEntries)
	}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		at := req.Path.AtMapKey(key)
		switch {
		case key == "":
			add(at, "Invalid metadata", "The metadata has an empty key. Keys must have at least 1 character.")
		case strings.HasPrefix(key, reservedPrefix):
			add(at, "Invalid metadata", "The metadata has the key %q. Keys that begin with %q are reserved for Cloudflare. Choose another key.",
				key, reservedPrefix)
		}
		if value := underlying(entries[key]); value != nil && !value.IsUnknown() && valueOf(value) == nil {
			add(at, "Invalid metadata", "The metadata %q is %s, but it must be a string, a number or a boolean. The gateway would drop all of the "+
				"metadata. %s", key, kindOf(value), flatten(value))
		}
	}
}

// flatten returns what to do about a value that metadata cannot have.
func flatten(value attr.Value) string {
	if value.IsNull() {
		return "Leave the entry out, or set it to an empty string."
	}
	return "Use an entry for each value that a route, a limit or a policy compares, or jsonencode(…) for one that is only logged."
}

// IsAbsent reports whether metadata is null, also as a null of a certain type.
func IsAbsent(metadata types.Dynamic) bool {
	return metadata.IsNull() || metadata.IsUnderlyingValueNull()
}

// entriesOf returns the entries of an object or a map. It reports false for other
// values.
func entriesOf(metadata types.Dynamic) (map[string]attr.Value, bool) {
	switch value := metadata.UnderlyingValue().(type) {
	case types.Object:
		return value.Attributes(), true
	case types.Map:
		return value.Elements(), true
	default:
		return nil, false
	}
}

// underlying returns a value without the wrapper that the framework puts around one of
// no known type, or nil if nothing is in it because the value is unknown.
func underlying(value attr.Value) attr.Value {
	wrapped, ok := value.(types.Dynamic)
	switch {
	case !ok:
		return value
	case wrapped.IsUnknown():
		return nil
	case wrapped.IsNull():
		return wrapped
	default:
		return wrapped.UnderlyingValue()
	}
}

// valueOf returns a string, a number or a boolean as a value of JSON, and nil for
// other values. Numbers keep their digits, which a float64 would round.
func valueOf(value attr.Value) any {
	if value == nil || value.IsNull() || value.IsUnknown() {
		return nil
	}
	switch value := value.(type) {
	case types.String:
		return value.ValueString()
	case types.Bool:
		return value.ValueBool()
	case types.Number:
		return numberText(value.ValueBigFloat())
	default:
		return nil
	}
}

// numberText writes a number with as many digits as it takes to tell it from others of
// its precision: 1, 1.5, 0.1. It returns nil for what is not finite.
func numberText(number *big.Float) any {
	// Beyond this exponent, digits without one would fill the header.
	const longest = 256
	switch exponent := number.MantExp(nil); {
	case number.IsInf():
		return nil
	case exponent > longest || exponent < -longest:
		return json.Number(number.Text('g', -1))
	default:
		return json.Number(number.Text('f', -1))
	}
}

// ToAPI returns metadata as a request carries it, with values that are strings, booleans and
// [json.Number]. It returns nil if there is none.
func ToAPI(metadata types.Dynamic) map[string]any {
	entries, ok := entriesOf(metadata)
	if !ok || IsAbsent(metadata) {
		return nil
	}
	all := make(map[string]any, len(entries))
	for key, value := range entries {
		all[key] = valueOf(underlying(value))
	}
	return all
}

// kindOf names the kind of a value with its article.
func kindOf(value attr.Value) string {
	if value.IsNull() {
		return "null"
	}
	switch value.(type) {
	case types.String:
		return "a string"
	case types.Bool:
		return "a boolean"
	case types.Number:
		return "a number"
	case types.List, types.Set, types.Tuple:
		return "a list"
	default:
		return "an object"
	}
}
