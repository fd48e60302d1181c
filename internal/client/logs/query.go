package logs

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// A Query selects logs. The zero value of a field matches any.
type Query struct {
	// Search is a text to look for; the service decides where.
	Search string
	// From and To bound the time of the request, both inclusive.
	From, To time.Time
	// Success, Cached and Feedback (-1, 0 or 1) are those of the log.
	Success, Cached *bool
	Feedback        *int64
	// Provider to ResponseContentType are those of the log, exactly.
	Provider, Model, ModelType              string
	RequestContentType, ResponseContentType string
	// Cost is in US dollars, Duration in milliseconds.
	Cost, Duration                   Range
	TokensIn, TokensOut, TotalTokens Range
	// Metadata are entries that the request's metadata must have. Numbers and
	// booleans are compared as they are written in JSON.
	Metadata map[string]string
	// Filters are further conditions in the API's own terms.
	Filters []Filter
	// OrderBy is created_at, provider, model, model_type, success or cached;
	// empty means created_at. Ascending reverses the order.
	OrderBy   string
	Ascending bool
	// OnTotal gets, with every page, the number of logs by the service's count. It
	// may be nil.
	OnTotal func(int64)
}

// A Range is a range of numbers, both ends inclusive; nil means no bound. A log
// without the number is in no range that has a bound.
type Range struct{ Min, Max *float64 }

// A Filter is a condition on logs in the API's own terms.
type Filter struct {
	// Key is one of [FilterKeys].
	Key string
	// Operator is one of [FilterOperators].
	Operator string
	// Values are what to compare with, at least one.
	Values []string
}

// FilterOperators returns the comparisons that the API knows.
func FilterOperators() []string { return []string{"eq", "neq", "contains", "lt", "gt"} }

// FilterKeys returns the keys that the API filters logs by, sorted.
func FilterKeys() []string { return slices.Sorted(maps.Keys(filterKinds)) }

// A kind is the JSON type of a filter's values.
type kind int

const (
	texts kind = iota
	numbers
	booleans
	times
	// words are booleans or texts; it is not known which.
	words
)

// filterKinds are the keys of cloudflare-go v7.9.0. Which kind of value
// belongs to which is inferred from the logs themselves.
var filterKinds = map[string]kind{
	"id": texts, "created_at": times, "request_content_type": texts, "response_content_type": texts,
	"request_type": texts, "success": booleans, "cached": booleans, "provider": texts, "model": texts,
	"model_type": texts, "cost": numbers, "tokens": numbers, "tokens_in": numbers, "tokens_out": numbers,
	"duration": numbers, "feedback": numbers, "event_id": texts, "metadata.key": texts, "metadata.value": texts,
	"authentication": words, "wholesale": booleans, "compatibilityMode": words, "dlp_action": texts,
	"user_agent": texts,
}

// Check returns what is wrong with the filter, or nil.
func (f Filter) Check() error {
	_, err := f.condition()
	return err
}

// condition is one element of the parameter filters.
type condition struct {
	Key      string `json:"key"`
	Operator string `json:"operator"`
	Value    []any  `json:"value"`
}

func (f Filter) condition() (condition, error) {
	kind, known := filterKinds[f.Key]
	switch {
	case !known:
		return condition{}, fmt.Errorf("logs have no filter key %q", f.Key)
	case !slices.Contains(FilterOperators(), f.Operator):
		return condition{}, fmt.Errorf("logs have no filter operator %q", f.Operator)
	case len(f.Values) == 0:
		return condition{}, errors.New("a filter needs a value")
	case len(f.Values) > 1 && (f.Operator == "lt" || f.Operator == "gt"):
		return condition{}, fmt.Errorf("the operator %s takes one value", f.Operator)
	}
	c := condition{Key: f.Key, Operator: f.Operator}
	for _, text := range f.Values {
		value, err := kind.parse(text)
		if err != nil {
			return condition{}, fmt.Errorf("%s %w", f.Key, err)
		}
		c.Value = append(c.Value, value)
	}
	return c, nil
}

// parse converts a text to a value of this kind.
func (k kind) parse(text string) (any, error) {
	switch k {
	case numbers:
		if !json.Valid([]byte(text)) || strings.Trim(text, "0123456789.+-eE") != "" {
			return nil, fmt.Errorf("is compared with numbers, and %q is none", text)
		}
		return json.Number(text), nil
	case booleans:
		b, err := strconv.ParseBool(text)
		if err != nil || text != strconv.FormatBool(b) {
			return nil, fmt.Errorf(`is compared with "true" or "false", not with %q`, text)
		}
		return b, nil
	case times:
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return nil, fmt.Errorf("is compared with times in RFC 3339, such as \"2026-08-03T10:00:00Z\", and %q is none", text)
		}
		return logTime(t), nil
	case words:
		if value, err := booleans.parse(text); err == nil {
			return value, nil
		}
		return text, nil
	default:
		return text, nil
	}
}

// logTime formats a time as JavaScript does, which all known clients send.
func logTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// parameters returns the query parameters of the request, except for the page.
//
// The API's flat parameters, such as min_cost, are deprecated in favour of
// filters, which carries all conditions as one JSON array. That form is what
// clients were seen to use with success; the SDK's own (filters.key=…&
// filters.operator=…) cannot keep the values of two filters apart.
func (q Query) parameters() (map[string]string, error) {
	conditions, err := q.appendFilters(q.conditions())
	if err != nil {
		return nil, err
	}
	parameters := map[string]string{"order_by": "created_at", "order_by_direction": "desc"}
	if q.OrderBy != "" {
		parameters["order_by"] = q.OrderBy
	}
	if q.Ascending {
		parameters["order_by_direction"] = "asc"
	}
	if q.Search != "" {
		parameters["search"] = q.Search
	}
	if len(conditions) > 0 {
		encoded, err := json.Marshal(conditions)
		if err != nil {
			return nil, err
		}
		parameters["filters"] = string(encoded)
	}
	return parameters, nil
}

// appendFilters appends the conditions of the filters.
func (q Query) appendFilters(conditions []condition) ([]condition, error) {
	for _, filter := range q.Filters {
		c, err := filter.condition()
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, c)
	}
	return conditions, nil
}

// conditions returns what the service is asked to look for. The API compares
// strictly (lt, gt), times only to the second, and keys and values of metadata
// independently (observed). So it is asked for a little more where that matters,
// and [Query.matches] removes the rest.
func (q Query) conditions() []condition {
	var all []condition
	add := func(key, operator string, value any) {
		all = append(all, condition{Key: key, Operator: operator, Value: []any{value}})
	}
	if !q.From.IsZero() {
		add("created_at", "gt", logTime(q.From.Add(-time.Second)))
	}
	if !q.To.IsZero() {
		add("created_at", "lt", logTime(q.To.Add(time.Second)))
	}
	if q.Success != nil {
		add("success", "eq", *q.Success)
	}
	if q.Cached != nil {
		add("cached", "eq", *q.Cached)
	}
	if q.Feedback != nil {
		add("feedback", "eq", *q.Feedback)
	}
	for _, text := range []struct{ key, value string }{
		{"provider", q.Provider}, {"model", q.Model}, {"model_type", q.ModelType},
		{"request_content_type", q.RequestContentType}, {"response_content_type", q.ResponseContentType},
	} {
		if text.value != "" {
			add(text.key, "eq", text.value)
		}
	}
	whole := func(float64) float64 { return 1 }
	money := func(cost float64) float64 { return max(cost*1e-6, 1e-12) }
	for _, number := range []struct {
		key    string
		bounds Range
		slack  func(float64) float64
	}{
		{"cost", q.Cost, money}, {"duration", q.Duration, whole}, {"tokens_in", q.TokensIn, whole},
		{"tokens_out", q.TokensOut, whole}, {"tokens", q.TotalTokens, whole},
	} {
		if n := number.bounds.Min; n != nil {
			add(number.key, "gt", *n-number.slack(*n))
		}
		if n := number.bounds.Max; n != nil {
			add(number.key, "lt", *n+number.slack(*n))
		}
	}
	// Only one entry: the effect of two conditions on the same key is not known.
	for _, key := range slices.Sorted(maps.Keys(q.Metadata))[:min(1, len(q.Metadata))] {
		add("metadata.key", "eq", key)
		if text := q.Metadata[key]; !json.Valid([]byte(text)) {
			add("metadata.value", "eq", text) // not one that could be stored as a number or a boolean
		}
	}
	return all
}

// matches reports whether a log matches what the service may not have checked.
func (q Query) matches(log *Log) bool {
	switch {
	case !q.From.IsZero() && log.CreatedAt.Before(q.From),
		!q.To.IsZero() && (log.CreatedAt.IsZero() || log.CreatedAt.After(q.To)):
		return false
	case !q.Cost.has(log.Cost), !q.Duration.has(float(log.Duration)),
		!q.TokensIn.has(float(log.TokensIn)), !q.TokensOut.has(float(log.TokensOut)),
		!q.TotalTokens.has(float(log.totalTokens())):
		return false
	}
	for key, want := range q.Metadata {
		if got, ok := log.pairs[key]; !ok || got != want {
			return false
		}
	}
	return true
}

func (r Range) has(n *float64) bool {
	if r.Min == nil && r.Max == nil {
		return true
	}
	return n != nil && (r.Min == nil || *n >= *r.Min) && (r.Max == nil || *n <= *r.Max)
}

// totalTokens returns the sum of tokens in and out, nil if neither is known.
func (l *Log) totalTokens() *int64 {
	if l.TokensIn == nil && l.TokensOut == nil {
		return nil
	}
	return wire.Ptr(wire.Value(l.TokensIn) + wire.Value(l.TokensOut))
}

func float(n *int64) *float64 {
	if n == nil {
		return nil
	}
	return wire.Ptr(float64(*n))
}
