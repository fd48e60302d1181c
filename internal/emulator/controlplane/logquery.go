package controlplane

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
)

// listOrders are the values of order_by for lists; deleteOrders are the additional
// ones for deletion (documented).
var (
	listOrders   = apischema.Enum{"created_at", "provider", "model", "model_type", "success", "cached"}
	deleteOrders = apischema.Enum{"cost", "tokens_in", "tokens_out", "duration", "feedback"}
)

// parseLogQuery reads filters, search, order_by, and order_by_direction or its
// short form direction.
func parseLogQuery(p *apischema.Problems, query url.Values, orders apischema.Enum) logQuery {
	q := logQuery{descending: true}
	parseFilters(p, query, &q)
	order := "created_at"
	choice(p, query, "order_by", orders, &order)
	direction := "desc"
	choice(p, query, "direction", apischema.Enum{"asc", "desc"}, &direction)
	choice(p, query, "order_by_direction", apischema.Enum{"asc", "desc"}, &direction)
	q.descending = direction == "desc"
	if i := slices.IndexFunc(logFields, func(f logField) bool { return f.name == order }); i >= 0 {
		get := logFields[i].get
		q.order = func(a, b *store.Log) int { return compareValues(get(a), get(b)) }
	}
	if text := query.Get("search"); text != "" {
		q.matches = append(q.matches, func(e *store.Log) bool { return contains(e, text) })
	}
	return q
}

// choice reads one of several words.
func choice(p *apischema.Problems, query url.Values, name string, options apischema.Enum, into *string) {
	if query.Has(name) {
		options.Parse(p, []any{"query", name}, query.Get(name))
		*into = query.Get(name)
	}
}

// compareValues compares two values of one field. An absent value comes first.
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

// flatFilters are the deprecated filters, which have parameters of their own.
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

// parseFlatFilters reads the deprecated filters. Bounds are inclusive (inferred).
func parseFlatFilters(p *apischema.Problems, query url.Values, q *logQuery) {
	add := func(match func(*store.Log) bool) { q.matches = append(q.matches, match) }
	for _, f := range flatFilters {
		i := slices.IndexFunc(logFields, func(field logField) bool { return field.name == f.field })
		get := logFields[i].get
		if query.Has(f.exact) {
			text := query.Get(f.exact)
			add(func(e *store.Log) bool { return get(e) == text })
		}
		if bound, ok := queryNumber(p, query, f.lowest); ok {
			add(func(e *store.Log) bool { n, ok := get(e).(float64); return ok && n >= bound })
		}
		if bound, ok := queryNumber(p, query, f.highest); ok {
			add(func(e *store.Log) bool { n, ok := get(e).(float64); return ok && n <= bound })
		}
	}
	if wanted := queryBool(p, query, "cached"); wanted != nil {
		add(func(e *store.Log) bool { return e.Cached == *wanted })
	}
	if wanted := queryBool(p, query, "success"); wanted != nil {
		add(func(e *store.Log) bool { return e.Success == *wanted })
	}
	if query.Has("feedback") {
		text := query.Get("feedback")
		apischema.Enum{"0", "1"}.Parse(p, []any{"query", "feedback"}, text)
		add(func(e *store.Log) bool { return logText(optional(e.Feedback)) == text })
	}
	if bound, ok := queryMoment(p, query, "start_date"); ok {
		add(func(e *store.Log) bool { return !e.Created.Before(bound) })
	}
	if bound, ok := queryMoment(p, query, "end_date"); ok {
		add(func(e *store.Log) bool { return !e.Created.After(bound) })
	}
}

// queryNumber reads a number.
func queryNumber(p *apischema.Problems, query url.Values, name string) (float64, bool) {
	if name == "" || !query.Has(name) {
		return 0, false
	}
	n, err := strconv.ParseFloat(query.Get(name), 64)
	if err != nil {
		n = math.NaN()
	}
	before := len(*p)
	apischema.Number{Min: -apischema.NoMax, Max: apischema.NoMax}.Parse(p, []any{"query", name}, n)
	return n, len(*p) == before
}

// queryMoment reads a time or a day.
func queryMoment(p *apischema.Problems, query url.Values, name string) (time.Time, bool) {
	if !query.Has(name) {
		return time.Time{}, false
	}
	t, ok := parseMoment(query.Get(name))
	if !ok {
		p.Add([]any{"query", name}, "Invalid date")
	}
	return t, ok
}
