package controlplane

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

const (
	// logsPerPage is the maximum size of a page of logs (documented).
	logsPerPage = 50
	// logsPerDelete is the maximum number of logs that one request deletes
	// (documented). That it is also the default is inferred.
	logsPerDelete = 10000
)

// logQuery is the selection and order of a request for logs.
type logQuery struct {
	matches    []func(*store.Log) bool
	order      func(a, b *store.Log) int
	descending bool
}

// listLogs handles GET /gateways/{id}/logs with page and per_page (1 to 50), filters and
// their deprecated flat forms, search, order_by and order_by_direction, and
// meta_info (all documented). The newest come first by default.
func (a *API) listLogs(c call) {
	query := c.r.URL.Query()
	page, problems := parsePage(query, logsPerPage)
	wanted := parseLogQuery(&problems, query, listOrders)
	parseFlatFilters(&problems, query, &wanted)
	withRanges := queryBool(&problems, query, "meta_info")
	if c.refused(problems) {
		return
	}
	logs, err := a.store.Logs(c.account, c.gateway())
	if err != nil {
		writeNotFound(c.w)
		return
	}
	logs = wanted.apply(logs)
	entries, info := pageOf(logs, page)
	if wire.Deref(withRanges) {
		info.logRanges = rangesOf(logs)
	}
	writeList(c.w, renderAll(entries, a.renderLog), info)
}

// deleteLogs handles DELETE /gateways/{id}/logs with filters, limit (at most 10000),
// order_by and order_by_direction. The response has no result (documented).
func (a *API) deleteLogs(c call) {
	query := c.r.URL.Query()
	var problems apischema.Problems
	limit := queryInt(&problems, query, "limit", logsPerDelete, logsPerDelete)
	wanted := parseLogQuery(&problems, query, slices.Concat(listOrders, deleteOrders))
	if c.refused(problems) {
		return
	}
	err := a.store.DeleteLogs(c.account, c.gateway(), func(logs []*store.Log) []*store.Log {
		logs = wanted.apply(logs)
		return logs[:min(limit, len(logs))]
	})
	if err != nil {
		writeNotFound(c.w)
		return
	}
	wire.WriteJSON(c.w, http.StatusOK, struct {
		Success bool `json:"success"`
	}{true})
}

// log returns the log that the path names, or nil.
func (a *API) log(c call) *store.Log {
	logs, err := a.store.Logs(c.account, c.gateway())
	if err != nil {
		return nil
	}
	if i := slices.IndexFunc(logs, func(e *store.Log) bool { return e.ID == c.params["log"] }); i >= 0 {
		return logs[i]
	}
	return nil
}

// getLog handles GET /gateways/{id}/logs/{log}: the list's item with the beginning of
// the payloads.
func (a *API) getLog(c call) {
	entry := a.log(c)
	if entry == nil {
		writeNotFound(c.w)
		return
	}
	out := a.renderLog(entry)
	renderPayload(out, "request", entry.Request)
	renderPayload(out, "response", entry.Response)
	writeResult(c.w, out)
}

// logRequest handles GET /gateways/{id}/logs/{log}/request: the request body as it is,
// without an envelope (documented). Without a payload it is 404 (inferred).
func (a *API) logRequest(c call) {
	if entry := a.log(c); entry != nil && len(entry.Request) > 0 {
		writePayload(c.w, entry.RequestContentType, entry.Request)
		return
	}
	writeNotFound(c.w)
}

// logResponse handles GET /gateways/{id}/logs/{log}/response, like logRequest.
func (a *API) logResponse(c call) {
	if entry := a.log(c); entry != nil && len(entry.Response) > 0 {
		writePayload(c.w, entry.ResponseContentType, entry.Response)
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
var logEdit = apischema.Object{
	{Name: "feedback", Schema: apischema.Number{Min: -1, Max: 1}, Optional: true, Nullable: true},
	{Name: "score", Schema: apischema.Number{Min: 0, Max: 100}, Optional: true, Nullable: true},
	{Name: "metadata", Schema: apischema.Map{Item: apischema.Union{apischema.String{}, apischema.Number{Min: -apischema.NoMax, Max: apischema.NoMax}, apischema.Boolean{}}}, Optional: true, Nullable: true},
}

// editLog handles PATCH /gateways/{id}/logs/{log}. The response is not documented; here
// the result is an empty object.
func (a *API) editLog(c call) {
	values, ok := c.parse(logEdit)
	if !ok {
		return
	}
	number := func(v any) *float64 {
		if n, ok := v.(float64); ok {
			return &n
		}
		return nil
	}
	found := a.store.EditLog(c.account, c.gateway(), c.params["log"], func(e *store.Log) {
		if v, ok := values["feedback"]; ok {
			e.Feedback = number(v)
		}
		if v, ok := values["score"]; ok {
			e.Score = number(v)
		}
		if v, ok := values["metadata"]; ok {
			e.Metadata, _ = v.(map[string]any)
		}
	})
	if !found {
		writeNotFound(c.w)
		return
	}
	writeResult(c.w, struct{}{})
}

// apply returns the logs that match, in order. It may change the slice.
func (q logQuery) apply(logs []*store.Log) []*store.Log {
	logs = slices.DeleteFunc(logs, func(e *store.Log) bool {
		return slices.ContainsFunc(q.matches, func(match func(*store.Log) bool) bool { return !match(e) })
	})
	if !slices.IsSortedFunc(logs, q.order) {
		slices.SortStableFunc(logs, q.order)
	}
	if q.descending {
		slices.Reverse(logs)
	}
	return logs
}

// logRanges is what meta_info adds to the description of a page (documented). That
// it covers all logs that match, not only the page, is inferred.
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

func rangesOf(logs []*store.Log) *logRanges {
	out := &logRanges{}
	for i, e := range logs {
		for _, r := range []struct {
			lowest, highest *float64
			value           float64
		}{
			{&out.MinCost, &out.MaxCost, e.Cost},
			{&out.MinDuration, &out.MaxDuration, e.Duration},
			{&out.MinTokensIn, &out.MaxTokensIn, wire.Deref(e.TokensIn)},
			{&out.MinTokensOut, &out.MaxTokensOut, wire.Deref(e.TokensOut)},
			{&out.MinTotalTokens, &out.MaxTotalTokens, wire.Deref(e.TokensIn) + wire.Deref(e.TokensOut)},
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

// queryBool reads true or false. It returns nil if the parameter is absent.
func queryBool(p *apischema.Problems, query url.Values, name string) *bool {
	if !query.Has(name) {
		return nil
	}
	text := query.Get(name)
	if text != "true" && text != "false" {
		apischema.Expected(p, []any{"query", name}, "boolean", text)
		return nil
	}
	is := text == "true"
	return &is
}
