package controlplane

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// logField is a value of a log to filter and order by: a string, number, boolean or
// time, or nil if the log has none.
type logField struct {
	name string
	get  func(*store.Log) any
}

// logFields are the keys of filters (documented), except the two of metadata.
var logFields = []logField{
	{"id", func(e *store.Log) any { return e.ID }},
	{"created_at", func(e *store.Log) any { return e.Created }},
	{"request_content_type", func(e *store.Log) any { return e.RequestContentType }},
	{"response_content_type", func(e *store.Log) any { return e.ResponseContentType }},
	{"request_type", func(e *store.Log) any { return e.RequestType }},
	{"success", func(e *store.Log) any { return e.Success }},
	{"cached", func(e *store.Log) any { return e.Cached }},
	{"provider", func(e *store.Log) any { return e.Provider }},
	{"model", func(e *store.Log) any { return e.Model }},
	{"model_type", func(e *store.Log) any { return e.ModelType }},
	{"cost", func(e *store.Log) any { return e.Cost }},
	{"tokens", func(e *store.Log) any { return wire.Deref(e.TokensIn) + wire.Deref(e.TokensOut) }},
	{"tokens_in", func(e *store.Log) any { return optional(e.TokensIn) }},
	{"tokens_out", func(e *store.Log) any { return optional(e.TokensOut) }},
	{"duration", func(e *store.Log) any { return e.Duration }},
	{"feedback", func(e *store.Log) any { return optional(e.Feedback) }},
	{"event_id", func(e *store.Log) any { return e.EventID }},
	{"authentication", func(e *store.Log) any { return e.Authentication }},
	{"wholesale", func(e *store.Log) any { return e.Wholesale }},
	{"compatibilityMode", func(e *store.Log) any { return e.Compatibility }},
	{"dlp_action", func(e *store.Log) any { return e.DLPAction }},
	{"user_agent", func(e *store.Log) any { return e.UserAgent }},
}

const (
	metadataKey   = "metadata.key"
	metadataValue = "metadata.value"
)

// optional returns the value of p, or an untyped nil.
func optional(p *float64) any {
	if p == nil {
		return nil
	}
	return *p
}

// filterSchema is one filter. A log matches if it matches one of the values
// (inferred).
var filterSchema = apischema.Object{
	{Name: "key", Schema: filterKeys()},
	{Name: "operator", Schema: apischema.Enum{"eq", "neq", "contains", "lt", "gt"}},
	{Name: "value", Schema: apischema.List{Item: apischema.Union{apischema.String{}, apischema.Number{Min: -apischema.NoMax, Max: apischema.NoMax}, apischema.Boolean{}}}},
}

func filterKeys() apischema.Enum {
	names := make(apischema.Enum, 0, len(logFields)+2)
	for _, f := range logFields {
		names = append(names, f.name)
		if f.name == "event_id" {
			names = append(names, metadataKey, metadataValue)
		}
	}
	return names
}

// parseFilters reads the query's filters in either form: as JSON, a list or one
// filter, repeated or not; and as SDKs write them, filters.key, filters.operator
// and filters.value. The second form does not say which value belongs to which
// filter, so it is accepted for one filter, or with one value for each.
func parseFilters(p *apischema.Problems, query url.Values, q *logQuery) {
	path := []any{"query", "filters"}
	var items []any
	for _, raw := range query["filters"] {
		var v any
		if json.Unmarshal([]byte(raw), &v) != nil {
			p.Add(path, "Expected array, received string")
			return
		}
		if many, ok := v.([]any); ok {
			items = append(items, many...)
		} else {
			items = append(items, v)
		}
	}
	keys, operators, values := query["filters.key"], query["filters.operator"], query["filters.value"]
	if len(keys) > 1 && len(values) != len(keys) {
		p.Add(path, "Invalid input")
		return
	}
	for i := range max(len(keys), len(operators), min(len(values), 1)) {
		item := map[string]any{}
		if i < len(keys) {
			item["key"] = keys[i]
		}
		if i < len(operators) {
			item["operator"] = operators[i]
		}
		given := values
		if len(keys) > 1 {
			given = values[i : i+1]
		}
		if len(given) > 0 {
			list := make([]any, 0, len(given))
			for _, v := range given {
				list = append(list, v)
			}
			item["value"] = list
		}
		items = append(items, item)
	}
	before := len(*p)
	var filters []map[string]any
	for i, item := range items {
		parsed, _ := filterSchema.Parse(p, apischema.Join(path, i), item).(map[string]any)
		filters = append(filters, parsed)
	}
	if len(*p) > before {
		return
	}
	q.matches = append(q.matches, compile(filters)...)
}

// compile returns tests for valid filters. A filter for a metadata value belongs to
// the filter for a key before it, if there is one: both must match the same entry
// (inferred).
func compile(filters []map[string]any) []func(*store.Log) bool {
	var out []func(*store.Log) bool
	anything := func(any) bool { return true }
	matchKey := anything
	pending := false // matchKey waits for a value
	flush := func(matchValue func(any) bool) {
		key := matchKey
		matchKey, pending = anything, false
		out = append(out, func(e *store.Log) bool {
			for name, v := range e.Metadata {
				if key(name) && matchValue(v) {
					return true
				}
			}
			return false
		})
	}
	for _, f := range filters {
		operator, _ := f["operator"].(string)
		values, _ := f["value"].([]any)
		test := valueTest(operator, values)
		switch key, _ := f["key"].(string); {
		case key == metadataKey && operator == "neq":
			equal := valueTest("eq", values)
			out = append(out, func(e *store.Log) bool {
				for name := range e.Metadata {
					if equal(name) {
						return false
					}
				}
				return true
			})
		case key == metadataKey:
			if pending {
				flush(anything)
			}
			matchKey, pending = test, true
		case key == metadataValue:
			flush(test)
		default:
			i := slices.IndexFunc(logFields, func(f logField) bool { return f.name == key })
			get := logFields[i].get
			out = append(out, func(e *store.Log) bool { return test(get(e)) })
		}
	}
	if pending {
		flush(anything)
	}
	return out
}

// valueTest returns the test for an operator and its values. An absent value differs
// from every value, and is neither less nor greater.
func valueTest(operator string, values []any) func(any) bool {
	wanted := make([]operand, 0, len(values))
	for _, v := range values {
		wanted = append(wanted, newOperand(v))
	}
	some := func(test func(o operand) bool) bool { return slices.ContainsFunc(wanted, test) }
	switch operator {
	case "neq":
		return func(v any) bool { return !some(func(o operand) bool { return o.compare(v) == equal }) }
	case "contains":
		return func(v any) bool { return some(func(o operand) bool { return store.ContainsFold(logText(v), o.text) }) }
	case "lt":
		return func(v any) bool { return some(func(o operand) bool { return o.compare(v) == less }) }
	case "gt":
		return func(v any) bool { return some(func(o operand) bool { return o.compare(v) == greater }) }
	default:
		return func(v any) bool { return some(func(o operand) bool { return o.compare(v) == equal }) }
	}
}

// operand is a value of a filter in all types that it can have: in a query all
// values are strings.
type operand struct {
	text   string
	number float64 // NaN if it is not a number
	moment time.Time
}

func newOperand(v any) operand {
	o := operand{text: logText(v), number: math.NaN()}
	if n, err := strconv.ParseFloat(o.text, 64); err == nil {
		o.number = n
	}
	o.moment, _ = parseMoment(o.text) // zero if it is not a time, which equals no log's
	return o
}

// parseMoment reads a time or a day.
func parseMoment(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

type relation int

const (
	unrelated relation = iota
	less
	equal
	greater
)

// compare returns how a log's value relates to the operand.
func (o operand) compare(v any) relation {
	switch v := v.(type) {
	case string:
		return relationOf(cmp.Compare(v, o.text))
	case bool:
		if o.text == strconv.FormatBool(v) || v && o.text == "1" || !v && o.text == "0" {
			return equal
		}
	case float64:
		if !math.IsNaN(o.number) {
			return relationOf(cmp.Compare(v, o.number))
		}
	case time.Time:
		if !o.moment.IsZero() {
			return relationOf(v.Compare(o.moment))
		}
	}
	return unrelated
}

func relationOf(order int) relation { return equal + relation(order) }

// logText returns a value as a string.
func logText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return wire.FormatTime(v)
	default:
		return fmt.Sprint(v)
	}
}

// contains reports whether a string is anywhere in a log. What the service searches
// is not documented.
func contains(e *store.Log, text string) bool {
	for _, part := range []string{e.ID, e.Provider, e.Model, e.Path, e.EventID, string(e.Request), string(e.Response)} {
		if store.ContainsFold(part, text) {
			return true
		}
	}
	for name, v := range e.Metadata {
		if store.ContainsFold(name, text) || store.ContainsFold(logText(v), text) {
			return true
		}
	}
	return strings.EqualFold(text, strconv.Itoa(e.Status))
}
