package wire

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// Path prefixes of the two planes.
const (
	ControlPrefix = "/client/v4"
	DataPrefix    = "/v1"
)

// MaxBody bounds the memory that one request or response body can take. The
// documented limit for cacheable requests is 25 MB; the service's own limit is
// not known.
const MaxBody = 32 << 20

// Error codes of the edge of Cloudflare's API, which responds before AI Gateway
// sees a request (documented).
const (
	// CodeInvalid is AI Gateway's code for a method that a path does not have
	// (observed live).
	CodeInvalid        = 7001
	CodeCouldNotRoute  = 7003
	CodeNoRoute        = 7000
	CodeAuthentication = 10000
	// CodeInvalidHeaders comes with CodeInvalidAuthorization in its chain for a
	// malformed token (observed).
	CodeInvalidHeaders       = 6003
	CodeInvalidAuthorization = 6111
)

// Error is one item of the list of errors.
type Error struct {
	// Code is 0 for the few errors that have none.
	Code    int    `json:"code,omitempty"`
	Message string `json:"message"`
	// Path leads to the invalid value: "body" or "query", then names and
	// indexes. Only validation errors have one.
	Path []any `json:"path,omitempty"`
	// Chain has the errors that led to this one. Few errors have one.
	Chain []Error `json:"error_chain,omitempty"`
}

// EdgeError is an error response of the edge of Cloudflare's API, with messages
// and a null result (documented).
type EdgeError struct {
	Success  bool     `json:"success"`
	Errors   []Error  `json:"errors"`
	Messages []string `json:"messages"`
	Result   any      `json:"result"`
}

// NewEdgeError returns an error response with these errors.
func NewEdgeError(errs ...Error) EdgeError { return EdgeError{Errors: errs, Messages: []string{}} }

// EdgeResult returns a success in the envelope of Cloudflare's API.
func EdgeResult(result any) any {
	return struct {
		Success  bool     `json:"success"`
		Result   any      `json:"result"`
		Errors   []Error  `json:"errors"`
		Messages []string `json:"messages"`
	}{true, result, []Error{}, []string{}}
}

// WriteEdgeError writes an error response of the edge.
func WriteEdgeError(w http.ResponseWriter, status int, errs ...Error) {
	WriteJSON(w, status, NewEdgeError(errs...))
}

// NoRoute returns the error response for a path that does not exist, or whose
// account id is malformed. Its status is 404.
func NoRoute(path string) EdgeError {
	return NewEdgeError(
		Error{
			Code:    CodeCouldNotRoute,
			Message: fmt.Sprintf("Could not route to %s, perhaps your object identifier is invalid?", path),
		},
		Error{Code: CodeNoRoute, Message: "No route for that URI"})
}

// WriteNoRoute writes [NoRoute].
func WriteNoRoute(w http.ResponseWriter, path string) {
	WriteJSON(w, http.StatusNotFound, NoRoute(path))
}

// WriteUnauthenticated writes the response for a request whose header Authorization
// does not carry the token. A value in a format that no token has, such as a Global
// API Key, is another error (observed). Which formats these are is inferred.
func WriteUnauthenticated(w http.ResponseWriter, authorization string) {
	if authorization != "" && !wellFormed(authorization) {
		WriteEdgeError(w, http.StatusBadRequest, Error{
			Code: CodeInvalidHeaders, Message: "Invalid request headers",
			Chain: []Error{{Code: CodeInvalidAuthorization, Message: "Invalid format for Authorization header"}},
		})
		return
	}
	WriteEdgeError(w, http.StatusUnauthorized, Error{Code: CodeAuthentication, Message: "Authentication error"})
}

// WriteBadMethod writes the response for a method that a path does not have. The
// text was observed live, the envelope is inferred.
func WriteBadMethod(w http.ResponseWriter, method string) {
	WriteEdgeError(w, http.StatusMethodNotAllowed,
		Error{Code: CodeInvalid, Message: method + " not supported for requested URI."})
}

// WriteJSON writes a response with a JSON body.
func WriteJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // the service is JavaScript and does not escape
	// An error means that the client has left.
	_ = encoder.Encode(body)
}

var (
	bearerPattern = regexp.MustCompile(`^(?i:bearer) [0-9A-Za-z._~+/=-]+$`)
	// globalKeyPattern matches a Global API Key.
	globalKeyPattern = regexp.MustCompile(`^[0-9a-f]{37}$`)
)

// wellFormed reports whether the value of an Authorization header has the format of
// a token.
func wellFormed(authorization string) bool {
	if !bearerPattern.MatchString(authorization) {
		return false
	}
	_, token, _ := strings.Cut(authorization, " ")
	return !globalKeyPattern.MatchString(token)
}

// BearerMatches reports whether the value of an Authorization header carries
// the token.
func BearerMatches(header, token string) bool {
	scheme, got, ok := strings.Cut(header, " ")
	return ok && strings.EqualFold(scheme, "Bearer") && got == token
}

var accountPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

// ValidAccountID reports whether id has the form of a Cloudflare account id.
func ValidAccountID(id string) bool { return accountPattern.MatchString(id) }

// SplitAccountPath splits /accounts/{account}/{product}/{rest}.
func SplitAccountPath(path, product string) (account, rest string, ok bool) {
	parts := strings.SplitN(path, "/", 5)
	if len(parts) != 5 || parts[0] != "" || parts[1] != "accounts" || parts[3] != product {
		return "", "", false
	}
	return parts[2], parts[4], ValidAccountID(parts[2])
}
