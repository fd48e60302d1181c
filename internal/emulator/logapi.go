package emulator

import (
	"math"
	"net/http"
	"net/url"
	"slices"
)

const (
	// logsPerPage is the longest page of logs (documented).
	logsPerPage = 50
	// logsPerDelete is how many logs one request deletes at most (documented);
	// that it is also the default is inferred.
	logsPerDelete = 10000
)

// logQuery is what a request to list or delete logs asks for.
type logQuery struct {
	matches    []func(*logEntry) bool
	order      func(a, b *logEntry) int
	descending bool
}

// listLogs is GET /gateways/{id}/logs with page and per_page (1 to 50), filters
// and their deprecated flat forms, search, order_by and order_by_direction, and
// meta_info (all documented). Newest first is the default.
func (s *Server) listLogs(c call) {
	query := c.r.URL.Query()
	page, problems := parsePage(query, logsPerPage)
	wanted := parseLogQuery(&problems, query, listOrders)
	parseFlatFilters(&problems, query, &wanted)
	withRanges := queryBool(&problems, query, "meta_info")
	if len(problems) > 0 {
		writeInvalid(c.w, problems)
		return
	}
	logs, ok := s.logsOf(c.account, c.params["gateway"])
	if !ok {
		writeNotFound(c.w)
		return
	}
	logs = wanted.apply(logs)
	entries, info := pageOf(logs, page)
	if value(withRanges) {
		info.logRanges = rangesOf(logs)
	}
	items := make([]*ordered, 0, len(entries))
	for _, entry := range entries {
		items = append(items, s.renderLog(entry))
	}
	writeList(c.w, items, info)
}

// deleteLogs is DELETE /gateways/{id}/logs with filters, limit (at most 10000),
// order_by and order_by_direction. The answer has no result (documented).
func (s *Server) deleteLogs(c call) {
	query := c.r.URL.Query()
	var problems problems
	limit := queryInt(&problems, query, "limit", logsPerDelete, logsPerDelete)
	wanted := parseLogQuery(&problems, query, slices.Concat(listOrders, deleteOrders))
	if len(problems) > 0 {
		writeInvalid(c.w, problems)
		return
	}
	found := func() bool {
		s.state.mu.Lock()
		defer s.state.mu.Unlock()
		g, ok := s.state.account(c.account).gateways[c.params["gateway"]]
		if !ok {
			return false
		}
		doomed := map[*logEntry]bool{}
		for _, entry := range wanted.apply(slices.Clone(g.logs)) {
			if len(doomed) == limit {
				break
			}
			doomed[entry] = true
		}
		g.logs = slices.DeleteFunc(g.logs, func(e *logEntry) bool { return doomed[e] })
		return true
	}()
	if !found {
		writeNotFound(c.w)
		return
	}
	writeJSON(c.w, http.StatusOK, struct {
		Success bool `json:"success"`
	}{true})
}

// getLog is GET /gateways/{id}/logs/{log}: the list's item and the payloads'
// heads.
func (s *Server) getLog(c call) {
	entry := s.logOf(c)
	if entry == nil {
		writeNotFound(c.w)
		return
	}
	out := s.renderLog(entry)
	renderPayload(out, "request", entry.request)
	renderPayload(out, "response", entry.response)
	writeResult(c.w, out)
}

// logRequest is GET /gateways/{id}/logs/{log}/request: the request's body as it
// is, without an envelope (documented). Without a payload it is 404 (inferred).
func (s *Server) logRequest(c call) {
	if entry := s.logOf(c); entry != nil && len(entry.request) > 0 {
		writePayload(c.w, entry.requestContentType, entry.request)
		return
	}
	writeNotFound(c.w)
}

// logResponse is GET /gateways/{id}/logs/{log}/response, likewise.
func (s *Server) logResponse(c call) {
	if entry := s.logOf(c); entry != nil && len(entry.response) > 0 {
		writePayload(c.w, entry.responseContentType, entry.response)
		return
	}
	writeNotFound(c.w)
}

func writePayload(w http.ResponseWriter, contentType string, payload []byte) {
	if contentType == "" {
		contentType = "application/json"
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(payload)
}

// logEdit is the body of PATCH (documented; that null clears is inferred).
var logEdit = object{
	{name: "feedback", schema: number{min: -1, max: 1}, optional: true, nullable: true},
	{name: "score", schema: number{min: 0, max: 100}, optional: true, nullable: true},
	{name: "metadata", schema: record{item: union{text{}, number{min: math.Inf(-1), max: noMax}, boolean{}}}, optional: true, nullable: true},
}

// editLog is PATCH /gateways/{id}/logs/{log}. What it answers is not
// documented; an empty object will do.
func (s *Server) editLog(c call) {
	var problems problems
	values, _ := logEdit.parse(&problems, []any{"body"}, decodeBody(c.body)).(map[string]any)
	if len(problems) > 0 {
		writeInvalid(c.w, problems)
		return
	}
	s.withGateway(c, func(g *gateway) any {
		i := slices.IndexFunc(g.logs, func(e *logEntry) bool { return e.id == c.params["log"] })
		if i < 0 {
			return nil
		}
		edited := *g.logs[i]
		for name, target := range map[string]**float64{"feedback": &edited.feedback, "score": &edited.score} {
			if v, ok := values[name]; ok {
				*target = nil
				if n, ok := v.(float64); ok {
					*target = &n
				}
			}
		}
		if v, ok := values["metadata"]; ok {
			edited.metadata, _ = v.(map[string]any)
		}
		g.logs[i] = &edited
		return struct{}{}
	})
}

// logOf returns the log that the path names, or nil.
func (s *Server) logOf(c call) *logEntry {
	logs, _ := s.logsOf(c.account, c.params["gateway"])
	if i := slices.IndexFunc(logs, func(e *logEntry) bool { return e.id == c.params["log"] }); i >= 0 {
		return logs[i]
	}
	return nil
}

// logsOf returns a gateway's logs, in order of arrival. Stored logs never
// change, so they may be read without the lock.
func (s *Server) logsOf(account, id string) ([]*logEntry, bool) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(account).gateways[id]
	if !ok {
		return nil, false
	}
	return slices.Clone(g.logs), true
}

// apply returns the logs that match, in order. It may reuse the slice.
func (q logQuery) apply(logs []*logEntry) []*logEntry {
	logs = slices.DeleteFunc(logs, func(e *logEntry) bool {
		return slices.ContainsFunc(q.matches, func(match func(*logEntry) bool) bool { return !match(e) })
	})
	if !slices.IsSortedFunc(logs, q.order) {
		slices.SortStableFunc(logs, q.order)
	}
	if q.descending {
		slices.Reverse(logs)
	}
	return logs
}

// logRanges is what meta_info adds to the description of a page (documented;
// that it covers all logs that match, whatever the page, is inferred).
type logRanges struct {
	MinCost        float64 `json:"min_cost"`
	MaxCost        float64 `json:"max_cost"`
	MinDuration    float64 `json:"min_duration"`
	MaxDuration    float64 `json:"max_duration"`
	MinTokensIn    float64 `json:"min_tokens_in"`
	MaxTokensIn    float64 `json:"max_tokens_in"`
	MinTokensOut   float64 `json:"min_tokens_out"`
	MaxTokensOut   float64 `json:"max_tokens_out"`
	MinTotalTokens float64 `json:"min_total_tokens"`
	MaxTotalTokens float64 `json:"max_total_tokens"`
}

func rangesOf(logs []*logEntry) *logRanges {
	out := &logRanges{}
	for i, e := range logs {
		for _, r := range []struct {
			lowest, highest *float64
			value           float64
		}{
			{&out.MinCost, &out.MaxCost, e.cost},
			{&out.MinDuration, &out.MaxDuration, e.duration},
			{&out.MinTokensIn, &out.MaxTokensIn, value(e.tokensIn)},
			{&out.MinTokensOut, &out.MaxTokensOut, value(e.tokensOut)},
			{&out.MinTotalTokens, &out.MaxTotalTokens, value(e.tokensIn) + value(e.tokensOut)},
		} {
			if i == 0 || r.value < *r.lowest {
				*r.lowest = r.value
			}
			if i == 0 || r.value > *r.highest {
				*r.highest = r.value
			}
		}
	}
	return out
}

// queryBool reads true or false, or nil when it is not there.
func queryBool(p *problems, query url.Values, name string) *bool {
	if !query.Has(name) {
		return nil
	}
	text := query.Get(name)
	if text != "true" && text != "false" {
		expected(p, []any{"query", name}, "boolean", text)
		return nil
	}
	is := text == "true"
	return &is
}
