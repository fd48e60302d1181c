package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Error codes of the control plane.
const (
	// codeInvalid is the code of every validation error, of a gateway id that
	// is taken (observed live) and of a method that a path does not have
	// (observed live).
	codeInvalid = 7001
	// codeNotFound is the code for a missing gateway or log (observed live).
	codeNotFound = 7002
	// codeRoute is the code for a missing dynamic route and for a name that
	// another has (both observed live).
	codeRoute = 7005
	// codeUncaught is the code of a database error that the service does not
	// catch (inferred from its framework).
	codeUncaught = 7000
	// codeCouldNotRoute and codeNoRoute come from the edge of Cloudflare's API,
	// before AI Gateway sees the request (documented).
	codeCouldNotRoute = 7003
	codeNoRoute       = 7000
	// codeAuthentication is the edge's answer to a token that it does not
	// accept (documented).
	codeAuthentication = 10000
)

// apiError is one item of the errors list.
type apiError struct {
	// Code is 0 for the few errors that have none.
	Code    int    `json:"code,omitempty"`
	Message string `json:"message"`
	// Path leads to the value that is wrong: "body" or "query", then names and
	// indexes. Only validation errors have one.
	Path []any `json:"path,omitempty"`
}

// resultInfo describes a page of a list. The service's framework gives no
// total_pages; the lists that have it set it themselves.
type resultInfo struct {
	Count      int `json:"count"`
	Page       int `json:"page"`
	PerPage    int `json:"per_page"`
	TotalCount int `json:"total_count"`
	TotalPages int `json:"total_pages,omitempty"`
	*logRanges
}

// writeResult answers a success with the envelope of AI Gateway's own API,
// which has no errors and messages (observed live).
func writeResult(w http.ResponseWriter, result any) {
	writeJSON(w, http.StatusOK, struct {
		Success bool `json:"success"`
		Result  any  `json:"result"`
	}{true, result})
}

// writeList answers one page of a list.
func writeList[T any](w http.ResponseWriter, items []T, info resultInfo) {
	if items == nil {
		items = []T{} // null would keep clients paging that wait for an empty page
	}
	info.Count = len(items)
	writeJSON(w, http.StatusOK, struct {
		Success    bool       `json:"success"`
		Result     []T        `json:"result"`
		ResultInfo resultInfo `json:"result_info"`
	}{true, items, info})
}

// writeInvalid answers 400 with all that is wrong with a request; the result is
// an empty object (observed live).
func writeInvalid(w http.ResponseWriter, problems []apiError) {
	writeErrors(w, http.StatusBadRequest, problems)
}

// writeErrors is writeInvalid for any status.
func writeErrors(w http.ResponseWriter, status int, problems []apiError) {
	writeJSON(w, status, struct {
		Errors  []apiError `json:"errors"`
		Success bool       `json:"success"`
		Result  struct{}   `json:"result"`
	}{Errors: problems})
}

// notFound is the error for an object that does not exist (observed live).
var notFound = apiError{Code: codeNotFound, Message: "Not Found"}

// writeNotFound answers 404 for an object that does not exist; this envelope
// has no result (observed live).
func writeNotFound(w http.ResponseWriter) {
	writeMissing(w, notFound)
}

// writeMissing is writeNotFound for objects that have their own words for it.
func writeMissing(w http.ResponseWriter, what apiError) {
	writeJSON(w, http.StatusNotFound, struct {
		Success bool       `json:"success"`
		Errors  []apiError `json:"errors"`
	}{false, []apiError{what}})
}

// edgeError is an error of the edge of Cloudflare's API, with messages and a
// null result (documented).
type edgeError struct {
	Success  bool       `json:"success"`
	Errors   []apiError `json:"errors"`
	Messages []string   `json:"messages"`
	Result   any        `json:"result"`
}

// writeEdgeError answers as the edge of Cloudflare's API does.
func writeEdgeError(w http.ResponseWriter, status int, errs ...apiError) {
	writeJSON(w, status, edgeError{Errors: errs, Messages: []string{}})
}

// writeNoRoute answers for a path that does not exist, or whose account id is
// none.
func writeNoRoute(w http.ResponseWriter, path string) {
	writeEdgeError(w, http.StatusNotFound,
		apiError{
			Code:    codeCouldNotRoute,
			Message: fmt.Sprintf("Could not route to %s, perhaps your object identifier is invalid?", path),
		},
		apiError{Code: codeNoRoute, Message: "No route for that URI"})
}

// writeUnauthenticated answers a request without a valid token.
func writeUnauthenticated(w http.ResponseWriter) {
	writeEdgeError(w, http.StatusUnauthorized,
		apiError{Code: codeAuthentication, Message: "Authentication error"})
}

// writeBadMethod answers for a method that a path does not have. The text was
// observed live, the envelope is inferred.
func writeBadMethod(w http.ResponseWriter, method string) {
	writeEdgeError(w, http.StatusMethodNotAllowed,
		apiError{Code: codeInvalid, Message: method + " not supported for requested URI."})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // the service is JavaScript and does not escape
	// An error means that the client has left; there is nobody to tell.
	_ = encoder.Encode(body)
}
