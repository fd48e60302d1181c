package logs_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/logs"
)

// logObject returns a log as the API describes it, with some fields changed or added.
// A field of [clienttest.Absent] is left out.
func logObject(id string, change clienttest.Fields) clienttest.Fields {
	o := clienttest.Fields{
		"id": id, "created_at": "2026-08-03T10:00:00.123Z", "provider": "openai", "model": "gpt-x", "model_type": "chat",
		"path": "chat/completions", "duration": 812, "request_type": "chat", "request_content_type": "application/json",
		"response_content_type": "application/json", "status_code": 200, "success": true, "cached": false,
		"tokens_in": 3, "tokens_out": 2, "cost": 0.0125, "custom_cost": false, "step": 0,
		"metadata": clienttest.Fields{"team": "platform", "attempt": 2},
	}
	maps.Copy(o, change)
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == clienttest.Absent })
	return o
}

func logIDs(from, to int) []string {
	ids := []string{}
	for i := from; i <= to; i++ {
		ids = append(ids, fmt.Sprintf("log-%03d", i))
	}
	return ids
}

// logPage returns a response with numbered logs. A total below 0 leaves result_info
// out.
func logPage(from, to, total int) clienttest.Handler {
	objects := []any{}
	for _, id := range logIDs(from, to) {
		objects = append(objects, logObject(id, nil))
	}
	body := clienttest.Fields{"success": true, "result": objects}
	if total >= 0 {
		body["result_info"] = clienttest.Fields{"count": len(objects), "page": 1, "per_page": 50, "total_count": total}
	}
	return clienttest.Reply(200, clienttest.Encode(body))
}

func logPageRequest(n int) string {
	return fmt.Sprintf("GET /demo/logs?order_by=created_at&order_by_direction=desc&page=%d&per_page=50", n)
}

func collectLogs(t *testing.T, c *client.Client, query logs.Query) ([]string, error) {
	t.Helper()
	ids := []string{}
	for log, err := range logs.List(t.Context(), c, clienttest.Account, "demo", query) {
		if err != nil {
			if log != nil {
				t.Error("an error comes with a log")
			}
			return ids, err
		}
		ids = append(ids, log.ID)
	}
	return ids, nil
}

func TestListLogs(t *testing.T) {
	const none = -1
	for name, test := range map[string]struct {
		responses []clienttest.Handler
		want      []string
	}{
		"none":                      {[]clienttest.Handler{logPage(1, 0, 0)}, logIDs(1, 0)},
		"one":                       {[]clienttest.Handler{logPage(1, 1, 1)}, logIDs(1, 1)},
		"49, without total":         {[]clienttest.Handler{logPage(1, 49, none)}, logIDs(1, 49)},
		"50":                        {[]clienttest.Handler{logPage(1, 50, 50)}, logIDs(1, 50)},
		"50, without total":         {[]clienttest.Handler{logPage(1, 50, none), logPage(1, 0, none)}, logIDs(1, 50)},
		"51":                        {[]clienttest.Handler{logPage(1, 50, 51), logPage(51, 51, 51)}, logIDs(1, 51)},
		"120, without total":        {[]clienttest.Handler{logPage(1, 50, none), logPage(51, 100, none), logPage(101, 120, none)}, logIDs(1, 120)},
		"a server with small pages": {[]clienttest.Handler{logPage(1, 20, 45), logPage(21, 40, 45), logPage(41, 45, 45)}, logIDs(1, 45)},
		"a server without pages":    {[]clienttest.Handler{logPage(1, 60, none), logPage(1, 60, none)}, logIDs(1, 60)},
		"a total that is too large": {[]clienttest.Handler{logPage(1, 30, 1000), logPage(1, 0, 1000)}, logIDs(1, 30)},
		"two come in meanwhile":     {[]clienttest.Handler{logPage(1, 50, 60), logPage(49, 60, 62)}, logIDs(1, 60)},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.responses...)
			ids, err := collectLogs(t, c, logs.Query{})
			if err != nil || !slices.Equal(ids, test.want) {
				t.Errorf("%d logs, want %d: %v", len(ids), len(test.want), err)
			}
			want := []string{}
			for i := range test.responses {
				want = append(want, logPageRequest(i+1))
			}
			server.RequireRequests(want...)
		})
	}
}

func TestListLogsStopsWhenTheCallerDoes(t *testing.T) {
	for _, after := range []int{1, 49, 50} {
		server, c := clienttest.Start(t, logPage(1, 50, 250))
		n, total := 0, int64(0)
		for _, err := range logs.List(t.Context(), c, clienttest.Account, "demo", logs.Query{OnTotal: func(n int64) { total = n }}) {
			clienttest.RequireNoError(t, err)
			if n++; n == after {
				break
			}
		}
		if total != 250 {
			t.Errorf("the total is %d", total)
		}
		server.RequireRequests(logPageRequest(1))
	}
}

// A filter that only the client applies must end.
func TestListLogsIsBounded(t *testing.T) {
	pages := make([]clienttest.Handler, logs.Max/50)
	for i := range pages {
		pages[i] = logPage(50*i+1, 50*i+50, 1_000_000)
	}
	server, c := clienttest.Start(t, pages...)
	ids, err := collectLogs(t, c, logs.Query{Metadata: map[string]string{"team": "nobody"}})
	if err == nil || len(ids) != 0 {
		t.Fatalf("%d logs, %v", len(ids), err)
	}
	clienttest.RequireText(t, err.Error(), "10000 logs were looked through")
	if n := len(server.Seen()); n != 200 {
		t.Errorf("%d requests", n)
	}
}

func TestListLogsFails(t *testing.T) {
	for name, test := range map[string]struct {
		response clienttest.Handler
		kind     error
	}{
		"no gateway":       {clienttest.NotFound, client.ErrNotFound},
		"refused":          {clienttest.Forbidden, client.ErrUnauthorized},
		"an odd filter":    {clienttest.Reply(400, clienttest.Failure(7001, "Invalid enum value", "query", "filters", 0, "key")), client.ErrInvalid},
		"a log without id": {clienttest.Reply(200, clienttest.Envelope([]any{logObject("", nil)})), client.ErrUnexpectedResponse},
		"not a list":       {clienttest.Reply(200, clienttest.Envelope(logObject("a", nil))), client.ErrUnexpectedResponse},
		"a list of texts":  {clienttest.Reply(200, clienttest.Envelope([]any{"a"})), client.ErrUnexpectedResponse},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := clienttest.Start(t, logPage(1, 50, 250), test.response)
			ids, err := collectLogs(t, c, logs.Query{})
			clienttest.RequireError(t, err, test.kind, "list logs: HTTP ")
			if len(ids) != 50 {
				t.Errorf("%d logs", len(ids))
			}
		})
	}
}

func TestLogsRepeatAfterFailure(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Reply(502, ""), logPage(1, 1, 1))
	if ids, err := collectLogs(t, c, logs.Query{}); err != nil || len(ids) != 1 {
		t.Error(ids, err)
	}
}

// Ids that could lead to another path are not sent.
func TestLogIDsAreChecked(t *testing.T) {
	server, c := clienttest.Start(t)
	do := func(account, gateway, id string) []error {
		_, err1 := logs.Get(t.Context(), c, account, gateway, id)
		_, err2 := logs.GetRequest(t.Context(), c, account, gateway, id)
		_, err3 := logs.GetResponse(t.Context(), c, account, gateway, id)
		return []error{err1, err2, err3}
	}
	var errs []error
	for _, id := range []string{"", ".", "..", "a/b", "a?b", "a b", "a#b", "%2F", "ä", strings.Repeat("a", 129)} {
		errs = append(errs, do(clienttest.Account, "demo", id)...)
		errs = append(errs, do(clienttest.Account, id, "log-1")...)
		for _, err := range logs.List(t.Context(), c, clienttest.Account, id, logs.Query{}) {
			errs = append(errs, err)
		}
	}
	errs = append(errs, do("x", "demo", "log-1")...)
	for _, err := range errs {
		if err == nil || !strings.Contains(err.Error(), "no request was sent") {
			t.Error(err)
		}
	}
	server.RequireRequests()
}

func TestLogQueries(t *testing.T) {
	day := logs.Query{From: at("2026-08-03T10:00:00+02:00"), To: at("2026-08-04T10:00:00.5+02:00")}
	for name, test := range map[string]struct {
		query logs.Query
		want  string
	}{
		"time":     {day, `[{"key":"created_at","operator":"gt","value":["2026-08-03T07:59:59.000Z"]},{"key":"created_at","operator":"lt","value":["2026-08-04T08:00:01.500Z"]}]`},
		"success":  {logs.Query{Success: clienttest.Ptr(false)}, `[{"key":"success","operator":"eq","value":[false]}]`},
		"cached":   {logs.Query{Cached: clienttest.Ptr(true)}, `[{"key":"cached","operator":"eq","value":[true]}]`},
		"feedback": {logs.Query{Feedback: clienttest.Ptr(int64(-1))}, `[{"key":"feedback","operator":"eq","value":[-1]}]`},
		"texts": {logs.Query{Provider: "openai", Model: `a"b`, ModelType: "chat", RequestContentType: "a/b", ResponseContentType: "c/d"},
			`[{"key":"provider","operator":"eq","value":["openai"]},{"key":"model","operator":"eq","value":["a\"b"]},` +
				`{"key":"model_type","operator":"eq","value":["chat"]},{"key":"request_content_type","operator":"eq","value":["a/b"]},` +
				`{"key":"response_content_type","operator":"eq","value":["c/d"]}]`},
		"cost":   {logs.Query{Cost: logs.Range{Max: clienttest.Ptr(0.0)}}, `[{"key":"cost","operator":"lt","value":[1e-12]}]`},
		"tokens": {logs.Query{TotalTokens: logs.Range{Min: clienttest.Ptr(5.0), Max: clienttest.Ptr(7.0)}}, `[{"key":"tokens","operator":"gt","value":[4]},{"key":"tokens","operator":"lt","value":[8]}]`},
		"metadata": {logs.Query{Metadata: map[string]string{"user": "1", "team": "platform"}},
			`[{"key":"metadata.key","operator":"eq","value":["team"]},{"key":"metadata.value","operator":"eq","value":["platform"]}]`},
		"metadata that may be a number": {logs.Query{Metadata: map[string]string{"user": "1"}}, `[{"key":"metadata.key","operator":"eq","value":["user"]}]`},
		"filters": {logs.Query{Filters: []logs.Filter{
			{Key: "event_id", Operator: "neq", Values: []string{"a", "true"}}, {Key: "cost", Operator: "gt", Values: []string{"1e-3"}},
			{Key: "wholesale", Operator: "eq", Values: []string{"true"}}, {Key: "authentication", Operator: "eq", Values: []string{"true", "token"}}, {Key: "created_at", Operator: "lt", Values: []string{"2026-08-03T10:00:00+02:00"}},
		}}, `[{"key":"event_id","operator":"neq","value":["a","true"]},{"key":"cost","operator":"gt","value":[1e-3]},` +
			`{"key":"wholesale","operator":"eq","value":[true]},{"key":"authentication","operator":"eq","value":[true,"token"]},{"key":"created_at","operator":"lt","value":["2026-08-03T08:00:00.000Z"]}]`},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, logPage(1, 0, 0))
			test.query.Search, test.query.OrderBy, test.query.Ascending = "a&b", "model", true
			clienttest.RequireNoError(t, clienttest.ErrorOf(collectLogs(t, c, test.query)))
			u, err := url.Parse(server.Seen()[0].URI)
			clienttest.RequireNoError(t, err)
			want := url.Values{
				"page": {"1"}, "per_page": {"50"}, "search": {"a&b"}, "order_by": {"model"}, "order_by_direction": {"asc"}, "filters": {test.want},
			}
			clienttest.RequireEqual(t, want, u.Query())
		})
	}
}

// The client removes what the service's coarser filters let through.
func TestLogsAreLookedAtAgain(t *testing.T) {
	all := []any{
		logObject("plain", nil),
		logObject("early", clienttest.Fields{"created_at": "2026-08-03T09:59:59.999Z"}),
		logObject("late", clienttest.Fields{"created_at": "2026-08-03T10:00:00.124Z"}),
		logObject("costly", clienttest.Fields{"cost": 0.01250000001}),
		logObject("unknown", clienttest.Fields{"cost": nil, "duration": nil, "tokens_in": nil, "tokens_out": nil, "metadata": nil, "created_at": nil}),
		logObject("crossed", clienttest.Fields{"metadata": clienttest.Fields{"team": "b", "user": "platform", "attempt": 2}}),
		logObject("text", clienttest.Fields{"metadata": `{"attempt":"2","team":"platform"}`}),
		logObject("half", clienttest.Fields{"duration": 812.6, "tokens_out": nil}),
		logObject("garbled", clienttest.Fields{"metadata": "team=platform"}),
	}
	for name, test := range map[string]struct {
		query   logs.Query
		without []string
	}{
		"from":        {logs.Query{From: at("2026-08-03T10:00:00.123Z")}, []string{"early", "unknown"}},
		"to":          {logs.Query{To: at("2026-08-03T10:00:00.123Z")}, []string{"late", "unknown"}},
		"cost":        {logs.Query{Cost: logs.Range{Max: clienttest.Ptr(0.0125)}}, []string{"costly", "unknown"}},
		"lowest cost": {logs.Query{Cost: logs.Range{Min: clienttest.Ptr(0.0)}}, []string{"unknown"}},
		"duration":    {logs.Query{Duration: logs.Range{Min: clienttest.Ptr(812.0), Max: clienttest.Ptr(812.0)}}, []string{"unknown", "half"}},
		"total":       {logs.Query{TotalTokens: logs.Range{Min: clienttest.Ptr(4.0)}}, []string{"unknown", "half"}},
		"metadata":    {logs.Query{Metadata: map[string]string{"team": "platform", "attempt": "2"}}, []string{"unknown", "crossed", "garbled"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(all)))
			got, err := collectLogs(t, c, test.query)
			clienttest.RequireNoError(t, err)
			want := []string{}
			for _, o := range all {
				if id := o.(clienttest.Fields)["id"].(string); !slices.Contains(test.without, id) {
					want = append(want, id)
				}
			}
			clienttest.RequireEqual(t, want, got)
		})
	}
}

func TestLogFilterCheck(t *testing.T) {
	for _, filter := range []logs.Filter{
		{Key: "colour", Operator: "eq", Values: []string{"red"}}, {Key: "model", Operator: "like", Values: []string{"a"}}, {Key: "model", Operator: "eq"}, {Key: "cost", Operator: "lt", Values: []string{"1", "2"}},
		{Key: "cost", Operator: "eq", Values: []string{""}}, {Key: "cost", Operator: "eq", Values: []string{"0x1"}}, {Key: "cost", Operator: "eq", Values: []string{"1 "}}, {Key: "cost", Operator: "eq", Values: []string{`"1"`}},
		{Key: "cost", Operator: "eq", Values: []string{"NaN"}}, {Key: "success", Operator: "eq", Values: []string{"1"}}, {Key: "success", Operator: "eq", Values: []string{"True"}}, {Key: "created_at", Operator: "gt", Values: []string{"yesterday"}},
	} {
		if filter.Check() == nil {
			t.Errorf("%v is accepted", filter)
		}
	}
	_, c := clienttest.Start(t)
	if _, err := collectLogs(t, c, logs.Query{Filters: []logs.Filter{{Key: "colour"}}}); err == nil {
		t.Error("an unknown key is sent")
	}
	for _, key := range logs.FilterKeys() {
		ok := false
		for _, value := range []string{"a", "1", "true", "2026-08-03T10:00:00Z"} {
			ok = ok || logs.Filter{Key: key, Operator: "eq", Values: []string{value}}.Check() == nil
		}
		if !ok {
			t.Errorf("no value will do for %s", key)
		}
	}
}

func TestLogBodies(t *testing.T) {
	envelopeLike := `{"success":true,"result":{"response":"Hello."},"errors":[]}`
	for name, test := range map[string]struct {
		response clienttest.Handler
		want     []byte
		kind     error
	}{
		"JSON":             {clienttest.Reply(200, `{"a": 1}`), []byte(`{"a": 1}`), nil},
		"like an envelope": {clienttest.Reply(200, envelopeLike), []byte(envelopeLike), nil},
		"an error's":       {clienttest.Reply(200, clienttest.Failure(1, "no")), []byte(clienttest.Failure(1, "no")), nil},
		"text":             {clienttest.Reply(200, "data: hello\n\n", "Content-Type: text/event-stream"), []byte("data: hello\n\n"), nil},
		"no text":          {clienttest.Reply(200, "\xff\x00", "Content-Type: audio/mpeg"), []byte("\xff\x00"), nil},
		"a secret":         {clienttest.Reply(200, `{"token":"`+clienttest.APIToken+`"}`), []byte(`{"token":"(sensitive)"}`), nil},
		"empty":            {clienttest.Reply(200, " \n"), nil, nil},
		"null":             {clienttest.Reply(200, "null"), nil, nil},
		"not stored":       {clienttest.NotFound, nil, nil},
		"another server":   {clienttest.Reply(404, clienttest.Page404), nil, client.ErrUnexpectedResponse},
		"refused":          {clienttest.Forbidden, nil, client.ErrUnauthorized},
		"no response":      {clienttest.Reply(500, ""), nil, client.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.StartWith(t, clienttest.Retries(0), test.response, test.response)
			request, err1 := logs.GetRequest(t.Context(), c, clienttest.Account, "demo", "log-1")
			response, err2 := logs.GetResponse(t.Context(), c, clienttest.Account, "demo", "log-1")
			server.RequireRequests("GET /demo/logs/log-1/request", "GET /demo/logs/log-1/response")
			if !slices.Equal(request, test.want) || !slices.Equal(response, test.want) || (request == nil) != (test.want == nil) {
				t.Errorf("%q and %q", request, response)
			}
			for _, err := range []error{err1, err2} {
				if test.kind != nil {
					clienttest.RequireKind(t, err, test.kind)
				} else if err != nil {
					t.Error(err)
				}
			}
		})
	}
}
