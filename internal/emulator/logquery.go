package emulator

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// listOrders are the values of order_by for lists, and deleteOrders those that
// deleting has besides (documented).
var (
	listOrders   = oneOf{"created_at", "provider", "model", "model_type", "success", "cached"}
	deleteOrders = oneOf{"cost", "tokens_in", "tokens_out", "duration", "feedback"}
)

// parseLogQuery reads filters, search, order_by, and order_by_direction or its
// short form direction.
func parseLogQuery(p *problems, query url.Values, orders oneOf) logQuery {
	q := logQuery{descending: true}
	parseFilters(p, query, &q)
	order := "created_at"
	choice(p, query, "order_by", orders, &order)
	direction := "desc"
	choice(p, query, "direction", oneOf{"asc", "desc"}, &direction)
	choice(p, query, "order_by_direction", oneOf{"asc", "desc"}, &direction)
	q.descending = direction == "desc"
	if i := slices.IndexFunc(logFields, func(f logField) bool { return f.name == order }); i >= 0 {
		get := logFields[i].get
		q.order = func(a, b *logEntry) int { return compareValues(get(a), get(b)) }
	}
	if text := query.Get("search"); text != "" {
		q.matches = append(q.matches, func(e *logEntry) bool { return e.found(text) })
	}
	return q
}

// choice reads one of some words.
func choice(p *problems, query url.Values, name string, options oneOf, into *string) {
	if query.Has(name) {
		options.parse(p, []any{"query", name}, query.Get(name))
		*into = query.Get(name)
	}
}

// compareValues orders two values of one field; what is not there comes first.
func compareValues(a, b any) int {
	switch a := a.(type) {
	case string:
		b, _ := b.(string)
		return cmp.Compare(a, b)
	case float64:
		if b, ok := b.(float64); ok {
			return cmp.Compare(a, b)
		}
		return 1
	case bool:
		if a == b {
			return 0
		}
		if a {
			return 1
		}
		return -1
	case time.Time:
		b, _ := b.(time.Time)
		return a.Compare(b)
	default:
		if b == nil {
			return 0
		}
		return -1
	}
}

// flatFilters are the deprecated filters that have a name of their own.
var flatFilters = []struct {
	field, exact, lowest, highest string
}{
	{field: "provider", exact: "provider"},
	{field: "model", exact: "model"},
	{field: "model_type", exact: "model_type"},
	{field: "request_content_type", exact: "request_content_type"},
	{field: "response_content_type", exact: "response_content_type"},
	{field: "cost", lowest: "min_cost", highest: "max_cost"},
	{field: "duration", lowest: "min_duration", highest: "max_duration"},
	{field: "tokens_in", lowest: "min_tokens_in", highest: "max_tokens_in"},
	{field: "tokens_out", lowest: "min_tokens_out", highest: "max_tokens_out"},
	{field: "tokens", lowest: "min_total_tokens", highest: "max_total_tokens"},
}

// parseFlatFilters reads the deprecated filters. Bounds are part of what they
// admit (inferred).
func parseFlatFilters(p *problems, query url.Values, q *logQuery) {
	add := func(match func(*logEntry) bool) { q.matches = append(q.matches, match) }
	for _, f := range flatFilters {
		i := slices.IndexFunc(logFields, func(field logField) bool { return field.name == f.field })
		get := logFields[i].get
		if query.Has(f.exact) {
			text := query.Get(f.exact)
			add(func(e *logEntry) bool { return get(e) == text })
		}
		if bound, ok := queryNumber(p, query, f.lowest); ok {
			add(func(e *logEntry) bool { n, ok := get(e).(float64); return ok && n >= bound })
		}
		if bound, ok := queryNumber(p, query, f.highest); ok {
			add(func(e *logEntry) bool { n, ok := get(e).(float64); return ok && n <= bound })
		}
	}
	if wanted := queryBool(p, query, "cached"); wanted != nil {
		add(func(e *logEntry) bool { return e.cached == *wanted })
	}
	if wanted := queryBool(p, query, "success"); wanted != nil {
		add(func(e *logEntry) bool { return e.success == *wanted })
	}
	if query.Has("feedback") {
		text := query.Get("feedback")
		oneOf{"0", "1"}.parse(p, []any{"query", "feedback"}, text)
		add(func(e *logEntry) bool { return logText(known(e.feedback)) == text })
	}
	if bound, ok := queryMoment(p, query, "start_date"); ok {
		add(func(e *logEntry) bool { return !e.created.Before(bound) })
	}
	if bound, ok := queryMoment(p, query, "end_date"); ok {
		add(func(e *logEntry) bool { return !e.created.After(bound) })
	}
}

// queryNumber reads a number.
func queryNumber(p *problems, query url.Values, name string) (float64, bool) {
	if name == "" || !query.Has(name) {
		return 0, false
	}
	n, err := strconv.ParseFloat(query.Get(name), 64)
	if err != nil {
		n = math.NaN()
	}
	before := len(*p)
	number{min: math.Inf(-1), max: noMax}.parse(p, []any{"query", name}, n)
	return n, len(*p) == before
}

// queryMoment reads a time or a day.
func queryMoment(p *problems, query url.Values, name string) (time.Time, bool) {
	if !query.Has(name) {
		return time.Time{}, false
	}
	t, ok := parseMoment(query.Get(name))
	if !ok {
		p.add([]any{"query", name}, "Invalid date")
	}
	return t, ok
}
