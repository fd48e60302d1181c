package logs_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/logs"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// counted returns the response to a request that counts.
func counted(total int) clienttest.Handler { return logPage(1, min(total, 1), total) }

// deleted is the response to a deletion, as documented: without a result.
var deleted = clienttest.Reply(200, `{"success":true}`)

func countLogs(filters string) string {
	return "GET /demo/logs?" + filters + "page=1&per_page=1"
}

func deleteLogs(filters string, limit int) string {
	return fmt.Sprintf("DELETE /demo/logs?%slimit=%d&order_by=created_at&order_by_direction=asc", filters, limit)
}

func filtersOf(conditions string) string { return "filters=" + url.QueryEscape(conditions) + "&" }

// requestsOf returns the requests as [clienttest.Server.RequireRequests] has them.
func requestsOf(server *clienttest.Server) (all []string) {
	for _, r := range server.Seen() {
		all = append(all, r.Method+" "+strings.TrimPrefix(r.URI, clienttest.GatewaysPath))
	}
	return all
}

// run deletes and returns what it did, with each progress.
func run(t *testing.T, c *client.Client, d logs.Deletion) (logs.Progress, []logs.Progress, error) {
	t.Helper()
	var reports []logs.Progress
	d.OnProgress = func(p logs.Progress) { reports = append(reports, p) }
	done, err := logs.Delete(t.Context(), c, clienttest.Account, "demo", d)
	return done, reports, err
}

// TestDeleteInRounds: a request deletes 10,000 logs at most, and there are as many requests
// as the first count takes, however many logs are written meanwhile.
func TestDeleteInRounds(t *testing.T) {
	for name, test := range map[string]struct {
		counts []int
		limits []int
		done   logs.Progress
	}{
		"none":             {[]int{0}, nil, logs.Progress{}},
		"one":              {[]int{1, 0}, []int{1}, logs.Progress{Deleted: 1}},
		"a full request":   {[]int{10000, 0}, []int{10000}, logs.Progress{Deleted: 10000}},
		"three":            {[]int{25000, 15000, 5000, 0}, []int{10000, 10000, 5000}, logs.Progress{Deleted: 25000}},
		"one more":         {[]int{10001, 1, 0}, []int{10000, 1}, logs.Progress{Deleted: 10001}},
		"some are written": {[]int{10000, 40}, []int{10000}, logs.Progress{Deleted: 9960, Left: 40}},
		"many are written": {[]int{15000, 14000, 13000}, []int{10000, 10000}, logs.Progress{Deleted: 2000, Left: 13000}},
		"others deleted":   {[]int{25000, 0}, []int{10000}, logs.Progress{Deleted: 25000}},
	} {
		t.Run(name, func(t *testing.T) {
			var responses []clienttest.Handler
			var requests []string
			for i, count := range test.counts {
				responses, requests = append(responses, counted(count)), append(requests, countLogs(""))
				if i < len(test.limits) {
					responses, requests = append(responses, deleted), append(requests, deleteLogs("", test.limits[i]))
				}
			}
			server, c := clienttest.Start(t, responses...)
			done, reports, err := run(t, c, logs.Deletion{All: true})
			clienttest.RequireNoError(t, err)
			clienttest.RequireEqual(t, test.done, done)
			clienttest.RequireEqual(t, test.done, reports[len(reports)-1])
			clienttest.RequireEqual(t, len(test.counts), len(reports))
			server.RequireRequests(requests...)
		})
	}
}

// TestDeleteAsks asks the service for no log that the query does not match.
func TestDeleteAsks(t *testing.T) {
	at := func(text string) time.Time {
		parsed, err := time.Parse(time.RFC3339Nano, text)
		clienttest.RequireNoError(t, err)
		return parsed
	}
	for name, test := range map[string]struct {
		query logs.Query
		want  string // the filters of the deletion
	}{
		"words": {
			logs.Query{Provider: "openai", Success: wire.Ptr(false), Feedback: wire.Ptr[int64](-1)},
			`[{"key":"success","operator":"eq","value":[false]},{"key":"feedback","operator":"eq","value":[-1]},{"key":"provider","operator":"eq","value":["openai"]}]`,
		},
		"filters": {
			logs.Query{Filters: []logs.Filter{{Key: "cost", Operator: "gt", Values: []string{"0.5"}}}}, `[{"key":"cost","operator":"gt","value":[0.5]}]`,
		},
		"whole seconds": {
			logs.Query{From: at("2026-08-03T10:00:00Z"), To: at("2026-08-03T11:00:00Z")},
			`[{"key":"created_at","operator":"gt","value":["2026-08-03T10:00:00.000Z"]},{"key":"created_at","operator":"lt","value":["2026-08-03T11:00:00.000Z"]}]`,
		},
		"parts of seconds": {
			logs.Query{From: at("2026-08-03T10:00:00.001Z"), To: at("2026-08-03T11:00:00.999Z")},
			`[{"key":"created_at","operator":"gt","value":["2026-08-03T10:00:01.000Z"]},{"key":"created_at","operator":"lt","value":["2026-08-03T11:00:00.000Z"]}]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			responses := []clienttest.Handler{counted(3), deleted, counted(0)}
			if strings.Contains(test.want, "created_at") {
				responses = append(responses, logPage(1, 0, 0)) // what is left at the limits
			}
			server, c := clienttest.Start(t, responses...)
			done, _, err := run(t, c, logs.Deletion{Query: test.query})
			clienttest.RequireNoError(t, err)
			clienttest.RequireEqual(t, logs.Progress{Deleted: 3}, done)
			filters := filtersOf(test.want)
			clienttest.RequireEqual(t, []string{countLogs(filters), deleteLogs(filters, 3), countLogs(filters)}, requestsOf(server)[:3])
		})
	}
}

// TestDeleteByID: what the service does not check exactly is listed first.
func TestDeleteByID(t *testing.T) {
	one := wire.Ptr(1.0)
	for name, query := range map[string]logs.Query{
		"search": {Search: "x"}, "metadata": {Metadata: map[string]string{"team": "platform"}}, "cost": {Cost: logs.Range{Max: one}},
		"duration": {Duration: logs.Range{Min: one}}, "tokens in": {TokensIn: logs.Range{Min: one}}, "tokens out": {TokensOut: logs.Range{Min: one}},
		"total": {TotalTokens: logs.Range{Min: one}}, "and more": {Search: "x", Success: wire.Ptr(true), OrderBy: "model"},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, logPage(1, 2, 2), counted(2), deleted, counted(0))
			done, reports, err := run(t, c, logs.Deletion{Query: query})
			clienttest.RequireNoError(t, err)
			clienttest.RequireEqual(t, logs.Progress{Deleted: 2}, done)
			clienttest.RequireEqual(t, []logs.Progress{{Left: 2}, {Deleted: 2}}, reports)
			filters := filtersOf(`[{"key":"id","operator":"eq","value":["log-001","log-002"]}]`)
			requests := requestsOf(server)
			clienttest.RequireText(t, requests[0], "order_by=created_at&order_by_direction=asc&page=1&per_page=50")
			clienttest.RequireEqual(t, []string{countLogs(filters), deleteLogs(filters, 2), countLogs(filters)}, requests[1:])
		})
	}
}

// TestDeleteFails returns what was done before the error.
func TestDeleteFails(t *testing.T) {
	failed, refused := clienttest.Reply(500, clienttest.Failure(7009, "It stumbled")), clienttest.Forbidden
	for name, test := range map[string]struct {
		query     logs.Query
		responses []clienttest.Handler
		kind      error
		done      logs.Progress
	}{
		"count":            {logs.Query{}, []clienttest.Handler{refused}, client.ErrUnauthorized, logs.Progress{}},
		"no total":         {logs.Query{}, []clienttest.Handler{logPage(1, 1, -1)}, client.ErrUnexpectedResponse, logs.Progress{}},
		"deletion":         {logs.Query{}, []clienttest.Handler{counted(5), refused}, client.ErrUnauthorized, logs.Progress{Left: 5}},
		"second deletion":  {logs.Query{}, []clienttest.Handler{counted(20000), deleted, counted(10000), failed}, client.ErrUnavailable, logs.Progress{Deleted: 10000, Left: 10000, Doubtful: true}},
		"second count":     {logs.Query{}, []clienttest.Handler{counted(5), deleted, failed}, client.ErrUnavailable, logs.Progress{Left: 5, Doubtful: true}},
		"a login page":     {logs.Query{}, []clienttest.Handler{counted(5), clienttest.Reply(200, "<html>")}, client.ErrUnexpectedResponse, logs.Progress{Left: 5, Doubtful: true}},
		"says no success":  {logs.Query{}, []clienttest.Handler{counted(5), clienttest.Reply(200, `{"success":false}`)}, client.ErrUnexpectedResponse, logs.Progress{Left: 5, Doubtful: true}},
		"says nothing":     {logs.Query{}, []clienttest.Handler{counted(5), clienttest.Reply(200, `{}`)}, client.ErrUnexpectedResponse, logs.Progress{Left: 5, Doubtful: true}},
		"in vain":          {logs.Query{}, []clienttest.Handler{counted(5), deleted, counted(5)}, logs.ErrNotDeleted, logs.Progress{Left: 5}},
		"list":             {logs.Query{Search: "x"}, []clienttest.Handler{refused}, client.ErrUnauthorized, logs.Progress{}},
		"ids not known":    {logs.Query{Search: "x"}, []clienttest.Handler{logPage(1, 2, 2), counted(0)}, logs.ErrNotFiltered, logs.Progress{Left: 2}},
		"ids not filtered": {logs.Query{Search: "x"}, []clienttest.Handler{logPage(1, 2, 2), counted(3)}, logs.ErrNotFiltered, logs.Progress{Left: 2}},
		"ids in vain":      {logs.Query{Search: "x"}, []clienttest.Handler{logPage(1, 2, 2), counted(2), deleted, counted(2)}, logs.ErrNotDeleted, logs.Progress{Left: 2}},
		"second batch":     {logs.Query{Search: "x"}, []clienttest.Handler{logPage(1, 50, 51), logPage(51, 51, 51), counted(50), deleted, counted(0), refused}, client.ErrUnauthorized, logs.Progress{Deleted: 50, Left: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := clienttest.StartWith(t, clienttest.Retries(0), test.responses...)
			done, _, err := run(t, c, logs.Deletion{Query: test.query, All: test.query.Search == ""})
			if !errors.Is(err, test.kind) {
				t.Errorf("%v, want %v", err, test.kind)
			}
			clienttest.RequireEqual(t, test.done, done)
		})
	}
}

// TestDeleteByIDInPart: some logs of a batch are still counted afterwards.
func TestDeleteByIDInPart(t *testing.T) {
	_, c := clienttest.Start(t, logPage(1, 3, 3), counted(2), deleted, counted(1))
	done, _, err := run(t, c, logs.Deletion{Query: logs.Query{Search: "x"}})
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, logs.Progress{Deleted: 2, Left: 1}, done)
}

// TestDeleteConfirmed: a response without a body says as much as one of success.
func TestDeleteConfirmed(t *testing.T) {
	_, c := clienttest.Start(t, counted(5), clienttest.Reply(http.StatusNoContent, ""), counted(0))
	done, _, err := run(t, c, logs.Deletion{All: true})
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, logs.Progress{Deleted: 5}, done)
}

// TestDeleteRefuses sends nothing for a deletion that does not say what it deletes.
func TestDeleteRefuses(t *testing.T) {
	server, c := clienttest.Start(t)
	for name, d := range map[string]logs.Deletion{
		"nothing":  {},
		"order":    {Query: logs.Query{OrderBy: "model", Ascending: true}},
		"both":     {All: true, Query: logs.Query{Model: "gpt-x"}},
		"no key":   {Query: logs.Query{Filters: []logs.Filter{{Key: "team", Operator: "eq", Values: []string{"x"}}}}},
		"no value": {Query: logs.Query{Filters: []logs.Filter{{Key: "model", Operator: "eq"}}}},
		"later":    {Query: logs.Query{Search: "x", Filters: []logs.Filter{{Key: "model", Operator: "eq"}}}},
	} {
		if done, _, err := run(t, c, d); err == nil || done != (logs.Progress{}) {
			t.Errorf("%s: %+v, %v", name, done, err)
		}
	}
	if _, err := logs.Delete(t.Context(), c, clienttest.Account, "../up", logs.Deletion{All: true}); err == nil {
		t.Error("another path")
	}
	input := clienttest.NewGatewayInput(t, server.URL)
	_, _, err := run(t, input, logs.Deletion{All: true})
	clienttest.RequireText(t, fmt.Sprint(err), "deletions of logs")
	server.RequireRequests()
}
