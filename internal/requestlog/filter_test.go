package requestlog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/logs"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// number returns a field of a log, and whether the log has it.
func number(e entry, field string) (float64, bool) {
	switch n := e[field].(type) {
	case int:
		return float64(n), true
	case float64:
		return n, true
	default:
		return 0, false
	}
}

func between(field string, low, high float64) func(entry) bool {
	return func(e entry) bool {
		n, ok := number(e, field)
		return ok && n >= low && n <= high
	}
}

func total(low, high float64) func(entry) bool {
	return func(e entry) bool {
		in, ok1 := number(e, "tokens_in")
		out, ok2 := number(e, "tokens_out")
		return ok1 && ok2 && in+out >= low && in+out <= high
	}
}

func is(field string, value any) func(entry) bool {
	return func(e entry) bool { return e[field] == value }
}

func created(from, to time.Time) func(entry) bool {
	return func(e entry) bool {
		at, _ := time.Parse(time.RFC3339, e["created_at"].(string))
		return !at.Before(from) && !at.After(to)
	}
}

// has matches logs whose metadata has an entry.
func has(key, value string) func(entry) bool {
	return func(e entry) bool {
		all, _ := e["metadata"].(entry)
		got, ok := all[key]
		return ok && fmt.Sprint(got) == value
	}
}

func both(a, b func(entry) bool) func(entry) bool {
	return func(e entry) bool { return a(e) && b(e) }
}

func filter(key, operator string, values ...any) attrs {
	return attrs{"filters": []any{attrs{"key": key, "operator": operator, "values": values}}}
}

const lots = 1e9

// A searchTest is a configuration and what it finds.
type searchTest struct {
	config  attrs
	matches func(entry) bool
}

// A filterTest is an element of the attribute filters and what it finds.
type filterTest struct {
	key, operator string
	values        []any
	matches       func(entry) bool
}

// filterTests covers all keys and all operators.
func filterTests() []filterTest {
	not := func(f func(entry) bool) func(entry) bool { return func(e entry) bool { return !f(e) } }
	contains := func(field, part string) func(entry) bool {
		return func(e entry) bool { return strings.Contains(e[field].(string), part) }
	}
	anyEntry := func(match func(key, value string) bool) func(entry) bool {
		return func(e entry) bool {
			all, _ := e["metadata"].(entry)
			for key, value := range all {
				if match(key, fmt.Sprint(value)) {
					return true
				}
			}
			return false
		}
	}
	one, other := seeded(77)["id"], seeded(84)["id"]
	middle := began.Add(490 * time.Second) // when the 700th was written
	return []filterTest{
		{"id", "eq", []any{one, other}, func(e entry) bool { return e["id"] == one || e["id"] == other }},
		{"created_at", "lt", []any{middle.Format(time.RFC3339)}, created(began, middle.Add(-time.Millisecond))},
		{"request_content_type", "contains", []any{"form"}, contains("request_content_type", "form")},
		{"response_content_type", "neq", []any{"audio/mpeg"}, not(is("response_content_type", "audio/mpeg"))},
		{"request_type", "eq", []any{"embeddings"}, is("request_type", "embeddings")},
		{"success", "neq", []any{"true"}, is("success", false)},
		{"cached", "eq", []any{"true"}, is("cached", true)},
		{"provider", "neq", []any{"openai"}, not(is("provider", "openai"))},
		{"model", "contains", []any{"gpt"}, contains("model", "gpt")},
		{"model_type", "eq", []any{"chat"}, is("model_type", "chat")},
		{"cost", "gt", []any{"0.903"}, between("cost", 0.9035, lots)},
		{"tokens", "gt", []any{"2709"}, total(2710, lots)},
		{"tokens_in", "lt", []any{"98"}, between("tokens_in", 0, 97)},
		{"tokens_out", "eq", []any{"210"}, is("tokens_out", 210)},
		{"duration", "lt", []any{"294"}, between("duration", 0, 293)},
		{"feedback", "eq", []any{"-1"}, is("feedback", -1)},
		{"event_id", "eq", []any{"event-4"}, is("event_id", "event-4")},
		{"metadata.key", "eq", []any{"vip"}, anyEntry(func(key, _ string) bool { return key == "vip" })},
		{"metadata.value", "eq", []any{"red"}, anyEntry(func(_, value string) bool { return value == "red" })},
		{"authentication", "eq", []any{"true"}, is("authentication", true)},
		{"wholesale", "eq", []any{"true"}, is("wholesale", true)},
		{"compatibilityMode", "eq", []any{"true"}, is("compatibilityMode", true)},
		{"dlp_action", "eq", []any{"BLOCK"}, is("dlp_action", "BLOCK")},
		{"user_agent", "contains", []any{"curl"}, contains("user_agent", "curl")},
	}
}

// TestFilterTestsAreComplete fails when a filter is added that no test uses.
func TestFilterTestsAreComplete(t *testing.T) {
	t.Parallel()
	keys, operators := map[string]bool{}, map[string]bool{}
	for _, test := range filterTests() {
		keys[test.key], operators[test.operator] = true, true
	}
	for _, key := range logs.FilterKeys() {
		if !keys[key] {
			t.Errorf("no test filters by %s", key)
		}
	}
	for _, operator := range logs.FilterOperators() {
		if !operators[operator] {
			t.Errorf("no test uses the operator %s", operator)
		}
	}
}

// TestFilters searches many logs by every filter, each on its own, and compares
// the result with that of a predicate in plain Go.
func TestFilters(t *testing.T) {
	t.Parallel()
	for _, quirks := range acctest.Combinations(emulator.LogMetadataString) {
		t.Run(acctest.QuirkName(quirks), func(t *testing.T) {
			t.Parallel()
			testFilters(t, quirks)
		})
	}
}

func testFilters(t *testing.T, quirks []emulator.Quirk) {
	t.Helper()
	service, server := emulate(t, quirks...)
	// One in seven is enough to tell the filters apart: seven has nothing in
	// common with the periods of the logs, and all bounds below are multiples.
	step := 7
	if acctest.Deep() {
		step = 1
	}
	var all []entry
	for n := 0; n < 1000; n += step {
		all = append(all, seeded(n))
		service.Emulator.PutLog(service.AccountID, "gw", seeded(n))
	}
	slices.Reverse(all) // the newest first
	from, to := began.Add(100*time.Second+123*time.Millisecond), began.Add(490*time.Second)
	tests := map[string]searchTest{
		"none":                  {attrs{}, func(entry) bool { return true }},
		"search":                {attrs{"search": "claude-y"}, is("model", "claude-y")},
		"start_date":            {attrs{"start_date": from.Format(time.RFC3339Nano)}, created(from, began.AddDate(1, 0, 0))},
		"end_date":              {attrs{"end_date": "2026-08-03T12:08:10+02:00"}, created(began, to)},
		"start_date on a log":   {attrs{"start_date": "2026-08-03T10:00:49Z"}, created(began.Add(49*time.Second), began.AddDate(1, 0, 0))},
		"success":               {attrs{"success": true}, is("success", true)},
		"no success":            {attrs{"success": false}, is("success", false)},
		"cached":                {attrs{"cached": true}, is("cached", true)},
		"not cached":            {attrs{"cached": false}, is("cached", false)},
		"bad feedback":          {attrs{"feedback": int64(-1)}, is("feedback", -1)},
		"good feedback":         {attrs{"feedback": int64(1)}, is("feedback", 1)},
		"provider_name":         {attrs{"provider_name": "anthropic"}, is("provider", "anthropic")},
		"model":                 {attrs{"model": "gpt-x"}, is("model", "gpt-x")},
		"model_type":            {attrs{"model_type": "embedding"}, is("model_type", "embedding")},
		"request_content_type":  {attrs{"request_content_type": "multipart/form-data"}, is("request_content_type", "multipart/form-data")},
		"response_content_type": {attrs{"response_content_type": "audio/mpeg"}, is("response_content_type", "audio/mpeg")},
		"min_cost":              {attrs{"min_cost": 0.903}, between("cost", 0.903, lots)},
		"min_cost 0":            {attrs{"min_cost": 0.0}, between("cost", 0, lots)},
		"max_cost":              {attrs{"max_cost": 0.049}, between("cost", 0, 0.049)},
		"max_cost 0":            {attrs{"max_cost": 0.0}, between("cost", 0, 0)},
		"min_duration":          {attrs{"min_duration": int64(2709)}, between("duration", 2709, lots)},
		"max_duration":          {attrs{"max_duration": int64(294)}, between("duration", 0, 294)},
		"one duration":          {attrs{"min_duration": int64(294), "max_duration": int64(294)}, between("duration", 294, 294)},
		"min_tokens_in":         {attrs{"min_tokens_in": int64(903)}, between("tokens_in", 903, lots)},
		"min_tokens_in 0":       {attrs{"min_tokens_in": int64(0)}, between("tokens_in", 0, lots)},
		"max_tokens_in":         {attrs{"max_tokens_in": int64(98)}, between("tokens_in", 0, 98)},
		"min_tokens_out":        {attrs{"min_tokens_out": int64(1806)}, between("tokens_out", 1806, lots)},
		"max_tokens_out":        {attrs{"max_tokens_out": int64(196)}, between("tokens_out", 0, 196)},
		"min_total_tokens":      {attrs{"min_total_tokens": int64(2709)}, total(2709, lots)},
		"max_total_tokens":      {attrs{"max_total_tokens": int64(294)}, total(0, 294)},
		"metadata":              {attrs{"metadata": attrs{"team": "red"}}, has("team", "red")},
		"metadata's text":       {attrs{"metadata": attrs{"n": "21"}}, has("n", "21")},
		"metadata's number":     {attrs{"metadata": attrs{"user": "4"}}, has("user", "4")},
		"metadata's boolean":    {attrs{"metadata": attrs{"vip": "true"}}, has("vip", "true")},
		"two of metadata":       {attrs{"metadata": attrs{"team": "blue", "user": "4"}}, both(has("team", "blue"), has("user", "4"))},
		"no such metadata":      {attrs{"metadata": attrs{"team": "nobody"}}, func(entry) bool { return false }},
		"two filters":           {attrs{"cached": true, "model": "gpt-x"}, both(is("cached", true), is("model", "gpt-x"))},
	}
	for _, test := range filterTests() {
		tests["filters: "+test.key+" "+test.operator] = searchTest{filter(test.key, test.operator, test.values...), test.matches}
	}
	for name, test := range tests {
		if _, ok := test.config["metadata"]; !ok && len(quirks) > 0 {
			continue // the quirk is about metadata alone
		}
		t.Run(name, func(t *testing.T) {
			test.config["limit"] = int64(10000)
			got := ids(list(t, server, test.config))
			want := []string{}
			for _, e := range all {
				if test.matches(e) {
					want = append(want, e["id"].(string))
				}
			}
			if len(want) == 0 && name != "no such metadata" || len(want) == len(all) && name != "none" && name != "min_cost 0" {
				t.Errorf("%d logs match, so this tests nothing", len(want))
			}
			if !slices.Equal(want, got) {
				t.Errorf("%d logs, want %d (-want +got):\n%s", len(got), len(want), cmp.Diff(want, got))
			}
		})
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	seed(service, 1000)
	for _, test := range []struct {
		limit, found, requests int
	}{{1, 1, 1}, {50, 50, 1}, {51, 51, 2}, {500, 500, 10}, {1000, 1000, 20}, {10000, 1000, 20}, {0, 50, 1}} {
		config := attrs{}
		if test.limit > 0 {
			config["limit"] = int64(test.limit)
		}
		state := list(t, server, config)
		want := []string{}
		for n := range test.requests {
			want = append(want, pageRequest(n+1, ""))
		}
		service.RequireRequests(t, want...)
		if got := ids(state); len(got) != test.found || got[0] != seeded(999)["id"] {
			t.Errorf("limit %d: %d logs", test.limit, len(got))
		}
		if state["total_count"] != int64(1000) {
			t.Errorf("total_count is %v", state["total_count"])
		}
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	seed(service, 120)
	state := list(t, server, attrs{"order_by_direction": "asc", "limit": int64(2)})
	if got := ids(state); !slices.Equal(got, []string{seeded(0)["id"].(string), seeded(1)["id"].(string)}) {
		t.Errorf("the oldest are %v", got)
	}
	if state["order_by"] != "created_at" || state["order_by_direction"] != "asc" || state["limit"] != int64(2) {
		t.Errorf("state has %v, %v, %v", state["order_by"], state["order_by_direction"], state["limit"])
	}
	for _, field := range []string{"provider", "model", "model_type", "success", "cached"} {
		for _, direction := range []string{"asc", "desc"} {
			logs := list(t, server, attrs{"order_by": field, "order_by_direction": direction, "limit": int64(120)})["logs"].([]any)
			attribute := field
			if field == "provider" {
				attribute = "provider_name"
			}
			var values []string
			for _, log := range logs {
				values = append(values, fmt.Sprint(log.(attrs)[attribute]))
			}
			if direction == "desc" {
				slices.Reverse(values)
			}
			if len(values) != 120 || !slices.IsSorted(values) {
				t.Errorf("%s %s: %v", field, direction, values)
			}
		}
	}
}

// TestListedLog compares a listed log, field by field.
func TestListedLog(t *testing.T) {
	t.Parallel()
	for _, quirks := range acctest.Combinations(emulator.LogMetadataString) {
		testListedLog(t, quirks)
	}
}

func testListedLog(t *testing.T, quirks []emulator.Quirk) {
	t.Helper()
	service, server := emulate(t, quirks...)
	seed(service, 9)
	for n, metadata := range map[int]any{
		8: `{"team":"red","user":8,"vip":true}`, 5: `{"n":"5","team":"green","user":"red"}`, 6: nil,
	} {
		e := seeded(n)
		want := attrs{
			"id": e["id"], "created_at": e["created_at"], "provider_name": e["provider"], "model": e["model"], "model_type": e["model_type"],
			"path": e["path"], "step": int64(n % 2), "request_type": e["request_type"], "request_content_type": e["request_content_type"],
			"response_content_type": e["response_content_type"], "status_code": int64(e["status_code"].(int)), "success": e["success"],
			"cached": e["cached"], "duration": int64(3 * n), "tokens_in": int64(n), "tokens_out": int64(2 * n), "cost": e["cost"],
			"custom_cost": e["custom_cost"], "metadata": metadata,
		}
		// The service writes thousandths of seconds, the framework only those
		// that are not zero.
		at, err := time.Parse(time.RFC3339, e["created_at"].(string))
		if err != nil {
			t.Fatal(err)
		}
		want["created_at"] = at.Format(time.RFC3339)
		logs := list(t, server, filter("id", "eq", e["id"]))["logs"].([]any)
		if diff := cmp.Diff([]any{want}, logs); diff != "" {
			t.Errorf("log %d (-want +got):\n%s", n, diff)
		}
	}
}
