package controlplane

import (
	"math"
	"net/http"
	"net/url"
	"strconv"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// Error codes of AI Gateway's API.
const (
	// codeInvalid is the code of every validation error and of a gateway id that
	// is taken (observed live).
	codeInvalid = 7001
	// codeNotFound is the code for a missing gateway or log (observed live).
	codeNotFound = 7002
	// codeRoute is the code for a missing dynamic route and for a name that
	// another route has (both observed live).
	codeRoute = 7005
	// codeUncaught is the code of a database error that the service does not catch
	// (inferred from its framework).
	codeUncaught = 7000
)

// resultInfo describes a page of a list. The service's framework has no
// total_pages; the lists that have it set it themselves.
type resultInfo struct {
	Count      int `json:"count"`
	Page       int `json:"page"`
	PerPage    int `json:"per_page"`
	TotalCount int `json:"total_count"`
	TotalPages int `json:"total_pages,omitempty"`
	*logRanges
}

// pages returns the number of pages of a list.
func (info resultInfo) pages() int { return (info.TotalCount + info.PerPage - 1) / info.PerPage }

// writeResult writes a success in the envelope of AI Gateway's own API, which has
// no errors and messages (observed live).
func writeResult(w http.ResponseWriter, result any) {
	wire.WriteJSON(w, http.StatusOK, struct {
		Success bool `json:"success"`
		Result  any  `json:"result"`
	}{true, result})
}

// writeList writes one page of a list.
func writeList(w http.ResponseWriter, items []*wire.Object, info resultInfo) {
	if items == nil {
		items = []*wire.Object{} // null would keep clients paging that wait for an empty page
	}
	info.Count = len(items)
	wire.WriteJSON(w, http.StatusOK, struct {
		Success    bool           `json:"success"`
		Result     []*wire.Object `json:"result"`
		ResultInfo resultInfo     `json:"result_info"`
	}{true, items, info})
}

// writeErrors writes an error response whose result is an empty object (observed
// live).
func writeErrors(w http.ResponseWriter, status int, errs ...wire.Error) {
	wire.WriteJSON(w, status, struct {
		Errors  []wire.Error `json:"errors"`
		Success bool         `json:"success"`
		Result  struct{}     `json:"result"`
	}{Errors: errs})
}

// writeError writes an error response without a result.
func writeError(w http.ResponseWriter, status int, err wire.Error) {
	wire.WriteJSON(w, status, struct {
		Success bool         `json:"success"`
		Errors  []wire.Error `json:"errors"`
	}{false, []wire.Error{err}})
}

// writeNotFound writes the response for an object that does not exist (observed
// live).
func writeNotFound(w http.ResponseWriter) {
	writeError(w, http.StatusNotFound, wire.Error{Code: codeNotFound, Message: "Not Found"})
}

// pageQuery is the part of a list request that all lists have.
type pageQuery struct {
	page, perPage int
}

// parsePage reads page and per_page. The defaults are 1 and 20 (documented).
func parsePage(query url.Values, maxPerPage int) (pageQuery, apischema.Problems) {
	var p apischema.Problems
	q := pageQuery{
		page:    queryInt(&p, query, "page", 1, apischema.NoMax),
		perPage: queryInt(&p, query, "per_page", 20, float64(maxPerPage)),
	}
	return q, p
}

// page reads page and per_page, at most 100. If they are invalid, it responds and
// reports false.
func (c call) page() (pageQuery, bool) {
	page, problems := parsePage(c.r.URL.Query(), 100)
	return page, !c.refused(problems)
}

// offset returns the index of the page's first item.
func (q pageQuery) offset() int { return (q.page - 1) * q.perPage }

// queryInt reads a whole number of at least 1. A string that is not a number
// becomes NaN, as in JavaScript.
func queryInt(p *apischema.Problems, query url.Values, name string, fallback int, maximum float64) int {
	if !query.Has(name) {
		return fallback
	}
	n, err := strconv.ParseFloat(query.Get(name), 64)
	if err != nil {
		n = math.NaN()
	}
	before := len(*p)
	apischema.Integer(1, maximum).Parse(p, []any{"query", name}, n)
	if len(*p) > before {
		return fallback
	}
	// Far pages are empty; the bound only keeps the arithmetic in range.
	return int(min(n, math.MaxInt32))
}

// pageOf returns the items of a page, none past the end, and its description.
func pageOf[T any](items []T, q pageQuery) ([]T, resultInfo) {
	info := resultInfo{Page: q.page, PerPage: q.perPage, TotalCount: len(items)}
	from := min(q.offset(), len(items))
	to := min(from+q.perPage, len(items))
	return items[from:to], info
}

// renderAll renders the items of a list.
func renderAll[T any](items []T, render func(T) *wire.Object) []*wire.Object {
	out := make([]*wire.Object, 0, len(items))
	for _, item := range items {
		out = append(out, render(item))
	}
	return out
}
