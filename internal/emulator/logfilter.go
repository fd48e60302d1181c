package emulator

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
)

// logField is something of a log that can be filtered and ordered by: a text, a
// number, a flag, a time, or nil where the log has none.
type logField struct {
	name string
	get  func(*logEntry) any
}

// logFields are the keys of filters (documented), but for the two of metadata.
var logFields = []logField{
	{"id", func(e *logEntry) any { return e.id }},
	{"created_at", func(e *logEntry) any { return e.created }},
	{"request_content_type", func(e *logEntry) any { return e.requestContentType }},
	{"response_content_type", func(e *logEntry) any { return e.responseContentType }},
	{"request_type", func(e *logEntry) any { return e.requestType }},
	{"success", func(e *logEntry) any { return e.success }},
	{"cached", func(e *logEntry) any { return e.cached }},
	{"provider", func(e *logEntry) any { return e.provider }},
	{"model", func(e *logEntry) any { return e.model }},
	{"model_type", func(e *logEntry) any { return e.modelType }},
	{"cost", func(e *logEntry) any { return e.cost }},
	{"tokens", func(e *logEntry) any { return value(e.tokensIn) + value(e.tokensOut) }},
	{"tokens_in", func(e *logEntry) any { return known(e.tokensIn) }},
	{"tokens_out", func(e *logEntry) any { return known(e.tokensOut) }},
	{"duration", func(e *logEntry) any { return e.duration }},
	{"feedback", func(e *logEntry) any { return known(e.feedback) }},
	{"event_id", func(e *logEntry) any { return e.eventID }},
	{"authentication", func(e *logEntry) any { return e.authentication }},
	{"wholesale", func(e *logEntry) any { return e.wholesale }},
	{"compatibilityMode", func(e *logEntry) any { return e.compatibility }},
	{"dlp_action", func(e *logEntry) any { return e.dlpAction }},
	{"user_agent", func(e *logEntry) any { return e.userAgent }},
}

const (
	metadataKey   = "metadata.key"
	metadataValue = "metadata.value"
)

// known is what a pointer points at, or an untyped nil.
func known(p *float64) any {
	if p == nil {
		return nil
	}
	return *p
}

// filterSchema is one filter: what has several values matches one of them
// (inferred).
var filterSchema = object{
	{name: "key", schema: filterKeys()},
	{name: "operator", schema: oneOf{"eq", "neq", "contains", "lt", "gt"}},
	{name: "value", schema: list{item: union{text{}, number{min: math.Inf(-1), max: noMax}, boolean{}}}},
}

func filterKeys() oneOf {
	names := make(oneOf, 0, len(logFields)+2)
	for _, f := range logFields {
		names = append(names, f.name)
		if f.name == "event_id" {
			names = append(names, metadataKey, metadataValue)
		}
	}
	return names
}

// parseFilters reads the query's filters in either form: the JSON of a list, or
// of one filter, repeated or not; and as SDKs write them, filters.key,
// filters.operator and filters.value. The latter loses which value belongs to
// which filter, so it is taken where there is one filter, or one value for each.
func parseFilters(p *problems, query url.Values, q *logQuery) {
	path := []any{"query", "filters"}
	var items []any
	for _, raw := range query["filters"] {
		var v any
		if json.Unmarshal([]byte(raw), &v) != nil {
			p.add(path, "Expected array, received string")
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
		p.add(path, "Invalid input")
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
		parsed, _ := filterSchema.parse(p, join(path, i), item).(map[string]any)
		filters = append(filters, parsed)
	}
	if len(*p) > before {
		return
	}
	q.matches = append(q.matches, compile(filters)...)
}

// compile makes tests of filters that were checked. A filter for a metadata
// value belongs to the filter for a key before it, if there is one: both must
// hold for the same entry (inferred).
func compile(filters []map[string]any) []func(*logEntry) bool {
	var out []func(*logEntry) bool
	anything := func(any) bool { return true }
	matchKey := anything
	pending := false // whether matchKey waits for a value
	flush := func(matchValue func(any) bool) {
		key := matchKey
		matchKey, pending = anything, false
		out = append(out, func(e *logEntry) bool {
			for name, v := range e.metadata {
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
			out = append(out, func(e *logEntry) bool {
				for name := range e.metadata {
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
			out = append(out, func(e *logEntry) bool { return test(get(e)) })
		}
	}
	if pending {
		flush(anything)
	}
	return out
}

// valueTest makes a test of an operator and its values. A log that has no value
// is different from every value, and neither less nor greater.
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
		return func(v any) bool { return some(func(o operand) bool { return containsFold(logText(v), o.text) }) }
	case "lt":
		return func(v any) bool { return some(func(o operand) bool { return o.compare(v) == less }) }
	case "gt":
		return func(v any) bool { return some(func(o operand) bool { return o.compare(v) == greater }) }
	default:
		return func(v any) bool { return some(func(o operand) bool { return o.compare(v) == equal }) }
	}
}

// operand is a value of a filter, read in every way that it can be: in a query
// all values are texts.
type operand struct {
	text   string
	number float64 // NaN if it is none
	moment time.Time
}

func newOperand(v any) operand {
	o := operand{text: logText(v), number: math.NaN()}
	if n, err := strconv.ParseFloat(o.text, 64); err == nil {
		o.number = n
	}
	o.moment, _ = parseMoment(o.text) // zero if it is none, which equals no log's
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

// compare tells how a log's value relates to the operand.
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

// logText is a value as a text.
func logText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return formatTime(v)
	default:
		return fmt.Sprint(v)
	}
}

// found reports whether a text is anywhere in a log. What the service searches
// is not documented.
func (e *logEntry) found(text string) bool {
	for _, part := range []string{e.id, e.provider, e.model, e.path, e.eventID, string(e.request), string(e.response)} {
		if containsFold(part, text) {
			return true
		}
	}
	for name, v := range e.metadata {
		if containsFold(name, text) || containsFold(logText(v), text) {
			return true
		}
	}
	return strings.EqualFold(text, strconv.Itoa(e.status))
}
