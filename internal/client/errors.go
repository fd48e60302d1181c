package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// What an [Error] can be, for errors.Is.
var (
	// ErrNotFound: the service says that the object does not exist (HTTP 404
	// in the API's own envelope). A 404 of anything else, such as a proxy or a
	// mistyped base URL, is not ErrNotFound.
	ErrNotFound = errors.New("not found")
	// ErrGatewayNotFound is an ErrNotFound for an object of a gateway where it
	// is the gateway that does not exist. Only what concerns dynamic routes
	// tells the two apart (observed).
	ErrGatewayNotFound = fmt.Errorf("gateway %w", ErrNotFound)
	// ErrAlreadyExists: an object with this name was there before.
	ErrAlreadyExists = errors.New("already exists")
	// ErrUnauthorized: the token is missing, wrong, or lacks a permission.
	ErrUnauthorized = errors.New("not authorized")
	// ErrCouldNotRoute: the API knows no such path, which it also says of an
	// account id that does not exist, or not with this method.
	ErrCouldNotRoute = errors.New("could not route")
	// ErrRateLimited: the API's own limit on requests, not a gateway's.
	ErrRateLimited = errors.New("rate limited")
	// ErrInvalid: the service refused the values it was sent.
	ErrInvalid = errors.New("refused by the service")
	// ErrUnavailable: the service failed (5xx), or no connection came about.
	ErrUnavailable = errors.New("unavailable")
	// ErrOutcomeUnknown: a request may or may not have been carried out.
	ErrOutcomeUnknown = errors.New("outcome unknown")
	// ErrUnexpectedAnswer: the answer is not of the API's form.
	ErrUnexpectedAnswer = errors.New("unexpected answer")
)

// Codes of the control plane, as they were observed or are documented.
const (
	codeNotFound      = 7002
	codeRoute         = 7005 // a dynamic route that is missing, or whose name is taken
	codeCouldNotRoute = 7003
	codeNoRoute       = 7000
	codeAuthorization = 10000
	codeInvalidToken  = 9109
)

// ErrorItem is one entry of the errors that the service listed.
type ErrorItem struct {
	// Code is the service's number for the error, 0 where it gave none.
	Code int
	// Message is the service's text.
	Message string
	// Field is the top-level field of the request's body that is at fault, or
	// empty.
	Field string
	// Path is the whole way to the value at fault, such as
	// "spend_limits.rules.0.limit", or empty.
	Path string
}

// Error is a request that failed. Its text quotes the service and never a
// request's headers or body.
type Error struct {
	// Op is what was attempted, such as "create gateway".
	Op string
	// Status is the HTTP status, 0 where no answer came.
	Status int
	// Items are the errors that the service listed.
	Items []ErrorItem
	// RayID identifies the request at Cloudflare (its header CF-Ray).
	RayID string
	// Attempts is how often the request was sent.
	Attempts int

	kind  error  // one of the sentinels above, or nil
	cause error  // of transport or decoding, or nil
	note  string // what was found out since
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	switch {
	case e.Status == 0 && e.Attempts == 0:
		b.WriteString("not sent")
	case e.Status == 0:
		b.WriteString("no answer")
	default:
		fmt.Fprintf(&b, "HTTP %d", e.Status)
		if text := http.StatusText(e.Status); text != "" {
			b.WriteString(" " + text)
		}
	}
	for i, item := range e.Items {
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		b.WriteString(separator + item.String())
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	if e.note != "" {
		b.WriteString("; " + e.note)
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " (after %d attempts)", e.Attempts)
	}
	if e.RayID != "" {
		fmt.Fprintf(&b, " [CF-Ray %s]", e.RayID)
	}
	return b.String()
}

// String is the item as "message (code 7001, at cache_ttl)".
func (i ErrorItem) String() string {
	message := i.Message
	if message == "" {
		message = "no message"
	}
	var notes []string
	if i.Code != 0 {
		notes = append(notes, "code "+strconv.Itoa(i.Code))
	}
	if i.Path != "" {
		notes = append(notes, "at "+i.Path)
	}
	if len(notes) == 0 {
		return message
	}
	return message + " (" + strings.Join(notes, ", ") + ")"
}

// Is makes errors.Is work with the package's sentinels.
func (e *Error) Is(target error) bool { return errors.Is(e.kind, target) }

// Unwrap is what came of the transport or of decoding the answer.
func (e *Error) Unwrap() error { return e.cause }

// Note is what was found out, or done, after the failure; empty if nothing.
func (e *Error) Note() string { return e.note }

// HasCode reports whether the service listed an error with this code.
func (e *Error) HasCode(code int) bool {
	for _, item := range e.Items {
		if item.Code == code {
			return true
		}
	}
	return false
}

// withKind is e, found to be of another kind, with a note that says how.
func (e *Error) withKind(kind error, note string) *Error {
	changed := *e
	changed.kind, changed.note = kind, note
	return &changed
}

// answerError turns an answer that is not a success into an [Error].
func answerError(op string, ex *exchange) *Error {
	e := &Error{Op: op, Status: ex.status, RayID: ex.cleanText(ex.header.Get("CF-Ray")), Attempts: ex.attempts}
	items, isEnvelope := parseErrors(ex.body)
	for _, item := range items {
		item.Message, item.Field, item.Path = ex.cleanText(item.Message), ex.cleanText(item.Field), ex.cleanText(item.Path)
		e.Items = append(e.Items, item)
	}
	switch {
	case ex.status >= 300 && ex.status < 400:
		e.kind = ErrUnexpectedAnswer
		e.cause = errors.New("the server redirects, which the API never does; is the base URL right?")
	case ex.status == http.StatusUnauthorized, ex.status == http.StatusForbidden,
		e.HasCode(codeAuthorization), e.HasCode(codeInvalidToken):
		e.kind = ErrUnauthorized
	case ex.status == http.StatusNotFound && (e.HasCode(codeCouldNotRoute) || e.HasCode(codeNoRoute)),
		// Cloudflare's edge also answers an ill-formed account id with 400.
		ex.status == http.StatusBadRequest && e.HasCode(codeCouldNotRoute),
		ex.status == http.StatusMethodNotAllowed:
		e.kind = ErrCouldNotRoute
	case ex.status == http.StatusNotFound && isEnvelope:
		e.kind = ErrNotFound
	case ex.status == http.StatusNotFound:
		e.kind = ErrUnexpectedAnswer
		e.cause = errors.New("this 404 does not come from the API; is the base URL right?")
	case ex.status == http.StatusTooManyRequests:
		e.kind = ErrRateLimited
	case ex.status == http.StatusConflict:
		e.kind = ErrAlreadyExists
	case ex.status >= 500, ex.status == http.StatusRequestTimeout:
		e.kind = ErrUnavailable
	case ex.status >= 400:
		e.kind = ErrInvalid
		if len(e.Items) == 0 {
			e.cause = errors.New("the answer lists no errors as the API does; is the base URL right?")
		}
	default: // 2xx that says success: false
		e.kind = ErrUnexpectedAnswer
		e.cause = errors.New("the status says success, the body does not")
	}
	return e
}

// parseErrors reads the envelope's errors and reports whether body is an
// envelope at all. What does not decode is left out: an error about an error
// would hide the first one.
func parseErrors(body []byte) ([]ErrorItem, bool) {
	var envelope struct {
		Success *bool           `json:"success"`
		Errors  json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return nil, false
	}
	var list []json.RawMessage
	isList := json.Unmarshal(envelope.Errors, &list) == nil && list != nil
	if envelope.Success == nil && !isList {
		return nil, false
	}
	var items []ErrorItem
	for _, raw := range list {
		if item := parseErrorItem(raw); item != (ErrorItem{}) {
			items = append(items, item)
		}
	}
	return items, true
}

// parseErrorItem reads as much of one error as can be read.
func parseErrorItem(raw json.RawMessage) ErrorItem {
	var item ErrorItem
	if json.Unmarshal(raw, &item.Message) == nil {
		return item // nothing but a text
	}
	var fields struct {
		Code    json.RawMessage `json:"code"`
		Message json.RawMessage `json:"message"`
		Path    json.RawMessage `json:"path"`
	}
	if json.Unmarshal(raw, &fields) != nil {
		return ErrorItem{}
	}
	var code integer
	if json.Unmarshal(bytes.Trim(fields.Code, `"`), &code) == nil {
		item.Code = int(code)
	}
	item.Message = textOf(fields.Message)
	var path []json.RawMessage
	if json.Unmarshal(fields.Path, &path) != nil {
		return item
	}
	var steps []string
	for i, step := range path {
		if text := textOf(step); i > 0 || text != "body" {
			steps = append(steps, text)
		}
	}
	if len(steps) > 0 {
		item.Field = steps[0]
	}
	item.Path = strings.Join(steps, ".")
	return item
}

// textOf is a JSON string's text or a number as it is written, and empty for
// anything else.
func textOf(raw json.RawMessage) string {
	var text string
	var number json.Number
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return ""
}
