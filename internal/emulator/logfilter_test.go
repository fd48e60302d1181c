package emulator_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const manyLogs = 1000

// seeded returns log i of the thousand for PutLog. No two filters match the same logs.
func seeded(i int) object {
	log := object{
		"id": fmt.Sprintf("log-%04d", i), "event_id": fmt.Sprintf("event-%d", i%250),
		"created_at": epoch.Truncate(time.Second).Add(time.Duration(i) * time.Minute).Format(time.RFC3339),
		"provider":   []string{"openai", "anthropic", "workers-ai"}[i%3], "model": fmt.Sprintf("Model-%d", i%7),
		"model_type": []string{"chat", "embeddings"}[i/500], "request_type": []string{"chat", "embeddings"}[i%2],
		"status_code": []int{200, 200, 200, 500}[i%4], "cached": i%5 == 0,
		"tokens_in": i, "tokens_out": 2 * i, "cost": float64(i) / 100, "duration": i * 10,
		"request_content_type":  []string{"application/json", "multipart/form-data"}[i%11/10],
		"response_content_type": []string{"application/json", "text/event-stream"}[i%13/12],
		"metadata":              object{"user": fmt.Sprintf("u%d", i%17), "n": i % 3, "team": "red"},
		"authentication":        i%2 == 0, "wholesale": i%19 == 0, "compatibilityMode": i%23 == 0,
		"dlp_action": []string{"", "FLAG", "BLOCK"}[i%3], "user_agent": fmt.Sprintf("agent/%d", i%29),
		"request": fmt.Sprintf(`{"prompt":"needle %d"}`, i), "response": `{"text":"Straw"}`,
	}
	if i%4 == 0 {
		log["feedback"] = []int{-1, 0, 1}[i%3]
	}
	if i%100 == 0 {
		log["tokens_in"], log["tokens_out"] = nil, nil
	}
	if i%10 == 9 {
		delete(log, "metadata")
	}
	return log
}

// thousand returns a server with a thousand logs in gateway "gw".
func thousand(t testing.TB) harness {
	t.Helper()
	h := start(t, emulator.Options{})
	h.PutGateway(accountID, object{"id": "gw"})
	for i := range manyLogs {
		h.PutLog(accountID, "gw", seeded(i))
	}
	return h
}

// find returns the numbers of the logs that a query finds, in the order of the response.
func (h harness) find(query string) []int {
	h.t.Helper()
	var out []int
	for page := 1; ; page++ {
		r := h.api("GET", fmt.Sprintf("gateways/gw/logs?per_page=50&page=%d&%s", page, query), nil)
		items := r.items(h.t)
		for _, item := range items {
			var n int
			if _, err := fmt.Sscanf(item.(object)["id"].(string), "log-%d", &n); err != nil {
				h.t.Fatal(err)
			}
			out = append(out, n)
		}
		if len(items) == 0 {
			equal(h.t, fmt.Sprintf("%v: total_count, found %v", query, len(out)), float64(len(out)), at(r.body, "result_info.total_count"))
			return out
		}
	}
}

// sdkFilter returns a filter as cloudflare-go writes it, jsonFilter one as a JSON list.
func sdkFilter(key, operator string, values ...any) string {
	q := url.Values{"filters.key": {key}, "filters.operator": {operator}}
	for _, v := range values {
		q.Add("filters.value", fmt.Sprint(v))
	}
	return q.Encode()
}

func jsonFilter(key, operator string, values ...any) string {
	return url.Values{"filters": {toString([]object{{"key": key, "operator": operator, "value": values}})}}.Encode()
}

func TestLogFilters(t *testing.T) {
	h := thousand(t)
	day := func(i int) string {
		return epoch.Add(time.Duration(i) * time.Minute).Truncate(time.Second).Format(time.RFC3339)
	}
	has := func(i int) bool { return i%10 != 9 } // metadata
	tests := []struct {
		key, operator string
		values        []any
		want          func(i int) bool
	}{
		{"id", "eq", []any{"log-0007"}, func(i int) bool { return i == 7 }},
		{"id", "eq", []any{"log-0007", "log-0009", "log-none"}, func(i int) bool { return i == 7 || i == 9 }},
		{"id", "neq", []any{"log-0007", "log-0008"}, func(i int) bool { return i != 7 && i != 8 }},
		{"id", "contains", []any{"G-099"}, func(i int) bool { return i >= 990 }},
		{"created_at", "lt", []any{day(100)}, func(i int) bool { return i < 100 }},
		{"created_at", "gt", []any{day(100)}, func(i int) bool { return i > 100 }},
		{"created_at", "eq", []any{day(100)}, func(i int) bool { return i == 100 }},
		{"created_at", "gt", []any{"2026-11-02"}, func(i int) bool { return i >= 720 }},
		{"created_at", "contains", []any{"T13:"}, func(i int) bool { return i >= 60 && i < 120 }},
		{"request_content_type", "eq", []any{"multipart/form-data"}, func(i int) bool { return i%11 == 10 }},
		{"response_content_type", "contains", []any{"event"}, func(i int) bool { return i%13 == 12 }},
		{"request_type", "eq", []any{"embeddings"}, func(i int) bool { return i%2 == 1 }},
		{"success", "eq", []any{true}, func(i int) bool { return i%4 != 3 }},
		{"success", "neq", []any{true}, func(i int) bool { return i%4 == 3 }},
		{"success", "eq", []any{false}, func(i int) bool { return i%4 == 3 }},
		{"cached", "eq", []any{true}, func(i int) bool { return i%5 == 0 }},
		{"provider", "eq", []any{"openai", "workers-ai"}, func(i int) bool { return i%3 != 1 }},
		{"provider", "gt", []any{"openai"}, func(i int) bool { return i%3 == 2 }},
		{"model", "contains", []any{"model-3", "MODEL-4"}, func(i int) bool { return i%7 == 3 || i%7 == 4 }},
		{"model", "eq", []any{"model-3"}, func(int) bool { return false }}, // case counts
		{"model_type", "eq", []any{"embeddings"}, func(i int) bool { return i >= 500 }},
		{"cost", "gt", []any{9.5}, func(i int) bool { return i > 950 }},
		{"cost", "lt", []any{0.1}, func(i int) bool { return i < 10 }},
		{"tokens", "eq", []any{30}, func(i int) bool { return i == 10 }},
		{"tokens_in", "lt", []any{5}, func(i int) bool { return i > 0 && i < 5 }}, // null is not less
		{"tokens_in", "neq", []any{5}, func(i int) bool { return i != 5 }},
		{"tokens_out", "gt", []any{1990}, func(i int) bool { return 2*i > 1990 }},
		{"duration", "eq", []any{70}, func(i int) bool { return i == 7 }},
		{"duration", "contains", []any{"99"}, func(i int) bool { return strings.Contains(fmt.Sprint(i*10), "99") }},
		{"feedback", "eq", []any{-1}, func(i int) bool { return i%12 == 0 }},
		{"feedback", "gt", []any{0}, func(i int) bool { return i%4 == 0 && i%3 == 2 }},
		{"event_id", "eq", []any{"event-5"}, func(i int) bool { return i%250 == 5 }},
		{"metadata.key", "eq", []any{"user"}, has},
		{"metadata.key", "neq", []any{"user"}, func(i int) bool { return !has(i) }},
		{"metadata.value", "eq", []any{"u3"}, func(i int) bool { return has(i) && i%17 == 3 }},
		{"metadata.value", "eq", []any{2}, func(i int) bool { return has(i) && i%3 == 2 }},
		{"metadata.value", "contains", []any{"U1"}, func(i int) bool { return has(i) && (i%17 == 1 || i%17 >= 10) }},
		{"authentication", "eq", []any{true}, func(i int) bool { return i%2 == 0 }},
		{"wholesale", "eq", []any{true}, func(i int) bool { return i%19 == 0 }},
		{"compatibilityMode", "eq", []any{"true"}, func(i int) bool { return i%23 == 0 }},
		{"dlp_action", "eq", []any{"BLOCK"}, func(i int) bool { return i%3 == 2 }},
		{"user_agent", "eq", []any{"agent/28"}, func(i int) bool { return i%29 == 28 }},
	}
	keys := map[string]bool{}
	for _, tt := range tests {
		keys[tt.key] = true
		var want []int
		for i := manyLogs - 1; i >= 0; i-- { // newest first
			if tt.want(i) {
				want = append(want, i)
			}
		}
		sameList(t, fmt.Sprintf("%v %v %v: found", tt.key, tt.operator, tt.values), want, h.find(sdkFilter(tt.key, tt.operator, tt.values...)))
		h.api("GET", "gateways/gw/logs?per_page=1&"+jsonFilter(tt.key, tt.operator, tt.values...), nil).
			want(t, 200, "result_info.total_count", float64(len(want)))
	}
	equal(t, "tested keys", 24, len(keys))
}

func TestSeveralLogFilters(t *testing.T) {
	h := thousand(t)
	list := func(filters ...object) string { return url.Values{"filters": {toString(filters)}}.Encode() }
	filter := func(key, operator string, values ...any) object {
		return object{"key": key, "operator": operator, "value": values}
	}
	for query, want := range map[string]func(i int) bool{
		list(filter("provider", "eq", "openai"), filter("cached", "eq", true)): func(i int) bool { return i%15 == 0 },
		// As an SDK writes two filters: all keys, all operators, all values.
		"filters.key=provider&filters.key=cached&filters.operator=eq&filters.operator=eq&filters.value=openai&filters.value=true": func(i int) bool { return i%15 == 0 },
		// A parameter for each.
		"filters=" + url.QueryEscape(toString(filter("provider", "eq", "openai"))) + "&filters=" + url.QueryEscape(toString(filter("cost", "lt", 1))): func(i int) bool { return i%3 == 0 && i < 100 },
		// A value belongs to the key before it.
		list(filter("metadata.key", "eq", "n"), filter("metadata.value", "eq", "1")):    func(i int) bool { return i%10 != 9 && i%3 == 1 },
		list(filter("metadata.key", "eq", "user"), filter("metadata.value", "eq", "1")): func(int) bool { return false },
		list(filter("metadata.key", "eq", "n"), filter("metadata.key", "eq", "user")):   func(i int) bool { return i%10 != 9 },
		list(filter("metadata.key", "eq", "n"), filter("metadata.value", "eq", "1"),
			filter("metadata.key", "eq", "user"), filter("metadata.value", "eq", "u1")): func(i int) bool { return i%10 != 9 && i%51 == 1 },
		"filters=[]&search=needle%20999":          func(i int) bool { return i == 999 },
		"search=STRAW":                            func(int) bool { return true },
		"search=u16":                              func(i int) bool { return i%10 != 9 && i%17 == 16 },
		"search=log-0100&success=true":            func(i int) bool { return i == 100 },
		"provider=openai&cached=true":             func(i int) bool { return i%15 == 0 },
		"model=Model-6&model_type=chat":           func(i int) bool { return i%7 == 6 && i < 500 },
		"success=false":                           func(i int) bool { return i%4 == 3 },
		"feedback=1":                              func(i int) bool { return i%4 == 0 && i%3 == 2 },
		"min_cost=1&max_cost=2":                   func(i int) bool { return i >= 100 && i <= 200 },
		"min_duration=100&max_duration=200":       func(i int) bool { return i >= 10 && i <= 20 },
		"min_tokens_in=5&max_tokens_in=9":         func(i int) bool { return i >= 5 && i <= 9 },
		"min_tokens_out=10&max_tokens_out=18":     func(i int) bool { return i >= 5 && i <= 9 },
		"min_total_tokens=15&max_total_tokens=27": func(i int) bool { return i >= 5 && i <= 9 },
		"request_content_type=multipart/form-data&response_content_type=text/event-stream": func(i int) bool { return i%11 == 10 && i%13 == 12 },
		"start_date=2026-11-01T13:00:30Z&end_date=2026-11-01T14:00:30Z":                    func(i int) bool { return i >= 60 && i <= 120 },
		"filters.value=x&filters.key=model&filters.operator=neq&unknown=ignored":           func(int) bool { return true },
	} {
		var numbers []int
		for i := manyLogs - 1; i >= 0; i-- {
			if want(i) {
				numbers = append(numbers, i)
			}
		}
		sameList(t, query+": found", numbers, h.find(query))
	}
}

func TestLogOrder(t *testing.T) {
	h := thousand(t)
	first := func(query string) []int {
		var out []int
		for _, item := range h.api("GET", "gateways/gw/logs?per_page=3&"+query, nil).items(t) {
			n, err := strconv.Atoi(strings.TrimPrefix(item.(object)["id"].(string), "log-"))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, n)
		}
		return out
	}
	for query, want := range map[string][]int{
		"":                                      {999, 998, 997},
		"order_by_direction=asc":                {0, 1, 2},
		"direction=asc":                         {0, 1, 2},
		"direction=asc&order_by_direction=desc": {999, 998, 997},
		"order_by=created_at":                   {999, 998, 997},
		"order_by=provider":                     {998, 995, 992}, // workers-ai
		"order_by=provider&order_by_direction=asc":           {1, 4, 7},
		"order_by=model&order_by_direction=asc":              {0, 7, 14},
		"order_by=model_type":                                {999, 998, 997},
		"order_by=success&order_by_direction=asc":            {3, 7, 11},
		"order_by=cached":                                    {995, 990, 985},
		"order_by=cached&order_by_direction=asc&cached=true": {0, 5, 10},
	} {
		sameList(t, query, want, first(query))
	}
}

// TestLogPagesCost shows that 500 logs cost ten requests of 50.
func TestLogPagesCost(t *testing.T) {
	h := thousand(t)
	h.ResetRequests()
	seen := map[any]bool{}
	for page := 1; len(seen) < 500; page++ {
		for _, item := range h.api("GET", fmt.Sprintf("gateways/gw/logs?per_page=50&page=%d", page), nil).items(t) {
			seen[item.(object)["id"]] = true
		}
	}
	equal(t, "requests", 10, len(h.Requests()))
}

func TestLogRanges(t *testing.T) {
	h := thousand(t)
	info := h.api("GET", "gateways/gw/logs?meta_info=true&per_page=1&min_cost=1&max_cost=1.5", nil).body["result_info"]
	want := `{"count":1,"max_cost":1.5,"max_duration":1500,"max_tokens_in":150,"max_tokens_out":300,"max_total_tokens":450,` +
		`"min_cost":1,"min_duration":1000,"min_tokens_in":0,"min_tokens_out":0,"min_total_tokens":0,"page":1,"per_page":1,"total_count":51}`
	equal(t, "result_info", want, toString(info))
	for query, n := range map[string]int{"": 4, "?meta_info=false": 4, "?meta_info=true&search=nothing-like-it": 14} {
		equal(t, query+": result_info", n, len(h.api("GET", "gateways/gw/logs"+query, nil).body["result_info"].(object)))
	}
}

func TestLogQueryErrors(t *testing.T) {
	h := thousand(t)
	keys := "'id' | 'created_at' | 'request_content_type' | 'response_content_type' | 'request_type' | 'success' | 'cached' | " +
		"'provider' | 'model' | 'model_type' | 'cost' | 'tokens' | 'tokens_in' | 'tokens_out' | 'duration' | 'feedback' | 'event_id' | " +
		"'metadata.key' | 'metadata.value' | 'authentication' | 'wholesale' | 'compatibilityMode' | 'dlp_action' | 'user_agent'"
	orders := "'created_at' | 'provider' | 'model' | 'model_type' | 'success' | 'cached'"
	for query, want := range map[string][]string{
		"per_page=51":                 {"query.per_page: Number must be less than or equal to 50"},
		"per_page=0":                  {"query.per_page: Number must be greater than or equal to 1"},
		"page=x":                      {"query.page: Expected number, received nan"},
		"order_by=cost":               {"query.order_by: Invalid enum value. Expected " + orders + ", received 'cost'"},
		"order_by_direction=up":       {"query.order_by_direction: Invalid enum value. Expected 'asc' | 'desc', received 'up'"},
		"direction=":                  {"query.direction: Invalid enum value. Expected 'asc' | 'desc', received ''"},
		"cached=maybe":                {"query.cached: Expected boolean, received string"},
		"meta_info=1&success=":        {"query.success: Expected boolean, received string", "query.meta_info: Expected boolean, received string"},
		"feedback=2":                  {"query.feedback: Invalid enum value. Expected '0' | '1', received '2'"},
		"min_cost=x":                  {"query.min_cost: Expected number, received nan"},
		"start_date=yesterday":        {"query.start_date: Invalid date"},
		"filters=nonsense":            {"query.filters: Expected array, received string"},
		"filters=[5]":                 {"query.filters.0: Expected object, received number"},
		sdkFilter("nope", "eq", "x"):  {"query.filters.0.key: Invalid enum value. Expected " + keys + ", received 'nope'"},
		sdkFilter("model", "is", "x"): {"query.filters.0.operator: Invalid enum value. Expected 'eq' | 'neq' | 'contains' | 'lt' | 'gt', received 'is'"},
		sdkFilter("model", "eq"):      {"query.filters.0.value: Required"},
		"filters.value=x":             {"query.filters.0.key: Required", "query.filters.0.operator: Required"},
		`filters=[{"key":"model","operator":"eq","value":[null]}]`:                              {"query.filters.0.value.0: Invalid input"},
		"filters.key=id&filters.key=id&filters.operator=eq&filters.operator=eq&filters.value=x": {"query.filters: Invalid input"},
	} {
		h.api("GET", "gateways/gw/logs?"+strings.ReplaceAll(query, `"`, "%22"), nil).wantErrors(t, 400, 7001, want...)
	}
}

func BenchmarkLogFilter(b *testing.B) {
	h := start(b, emulator.Options{})
	h.PutGateway(accountID, object{"id": "gw"})
	for i := range 10000 {
		log := seeded(i % manyLogs)
		delete(log, "id")
		h.PutLog(accountID, "gw", log)
	}
	query := "gateways/gw/logs?per_page=50&" + sdkFilter("model", "contains", "model-3")
	for b.Loop() {
		h.api("GET", query, nil)
	}
}
