package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// LogQuery says which logs to list. The zero value of a field asks for any.
type LogQuery struct {
	// Search is a text to look for; where, is the service's to decide.
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
	Filters []LogFilter
	// OrderBy is created_at, provider, model, model_type, success or cached;
	// empty means created_at. Ascending turns the order round.
	OrderBy   string
	Ascending bool
	// OnTotal is told, with every page, how many logs there are by the
	// service's count. It may be nil.
	OnTotal func(int64)
}

// Range is a range of numbers, both ends inclusive; nil means no bound. A log
// without the number is in no range that has a bound.
type Range struct{ Min, Max *float64 }

// LogFilter is a condition on logs in the API's own terms.
type LogFilter struct {
	// Key is one of [LogFilterKeys].
	Key string
	// Operator is one of [LogFilterOperators].
	Operator string
	// Values are what to compare with, at least one.
	Values []string
}

// LogFilterOperators are the comparisons that the API knows.
func LogFilterOperators() []string { return []string{"eq", "neq", "contains", "lt", "gt"} }

// LogFilterKeys are the keys that the API filters logs by, sorted.
func LogFilterKeys() []string { return slices.Sorted(maps.Keys(logFilterKinds)) }

// kind is what the values of a filter are in JSON.
type kind int

const (
	texts kind = iota
	numbers
	booleans
	times
	// words are booleans or texts: which, is not known.
	words
)

// logFilterKinds are the keys of cloudflare-go v7.9.0. Which kind of value
// belongs to which is inferred from the logs themselves.
var logFilterKinds = map[string]kind{
	"id": texts, "created_at": times, "request_content_type": texts, "response_content_type": texts,
	"request_type": texts, "success": booleans, "cached": booleans, "provider": texts, "model": texts,
	"model_type": texts, "cost": numbers, "tokens": numbers, "tokens_in": numbers, "tokens_out": numbers,
	"duration": numbers, "feedback": numbers, "event_id": texts, "metadata.key": texts, "metadata.value": texts,
	"authentication": words, "wholesale": booleans, "compatibilityMode": words, "dlp_action": texts,
	"user_agent": texts,
}

// Check tells what is wrong with the filter's values.
func (f LogFilter) Check() error {
	_, err := f.condition()
	return err
}

// condition is one element of the parameter filters.
type condition struct {
	Key      string `json:"key"`
	Operator string `json:"operator"`
	Value    []any  `json:"value"`
}

func (f LogFilter) condition() (condition, error) {
	kind, known := logFilterKinds[f.Key]
	switch {
	case !known:
		return condition{}, fmt.Errorf("logs have no filter key %q", f.Key)
	case !slices.Contains(LogFilterOperators(), f.Operator):
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

// parse is a text as the value that JSON has for it.
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

// logTime is a time as JavaScript writes it, which is what all known clients
// send.
func logTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// parameters are the query of the request, page and per_page aside.
//
// The API's flat parameters, such as min_cost, are deprecated in favour of
// filters, which carries all conditions as one JSON array. That form is what
// clients were seen to use with success; the SDK's own (filters.key=…&
// filters.operator=…) cannot keep the values of two filters apart.
func (q LogQuery) parameters() (map[string]string, error) {
	conditions := q.conditions()
	for _, filter := range q.Filters {
		c, err := filter.condition()
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, c)
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

// conditions are what the service is asked to look for. The API compares
// strictly (lt, gt), times only to the second, and keys and values of metadata
// each on their own (observed): so it is asked for a little more where that
// matters, and [LogQuery.matches] takes the rest out.
func (q LogQuery) conditions() []condition {
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
	// One entry is enough: what two conditions on the same key come to is not
	// known.
	for _, key := range slices.Sorted(maps.Keys(q.Metadata))[:min(1, len(q.Metadata))] {
		add("metadata.key", "eq", key)
		if text := q.Metadata[key]; !json.Valid([]byte(text)) {
			add("metadata.value", "eq", text) // not one that could be stored as a number or a boolean
		}
	}
	return all
}

// matches tells whether a log is one that the query asks for, as far as the
// service may have let others through.
func (q LogQuery) matches(log *Log) bool {
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

// totalTokens are the tokens in and out, nil where neither is known.
func (l *Log) totalTokens() *int64 {
	if l.TokensIn == nil && l.TokensOut == nil {
		return nil
	}
	return ptr(value(l.TokensIn) + value(l.TokensOut))
}

func float(n *int64) *float64 {
	if n == nil {
		return nil
	}
	return ptr(float64(*n))
}
