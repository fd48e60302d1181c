package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// The kinds of an [Error], for errors.Is.
var (
	// ErrNotFound: the service says that the object does not exist (HTTP 404
	// in the API's own envelope). A 404 of anything else, such as a proxy or a
	// mistyped base URL, is not ErrNotFound.
	ErrNotFound = errors.New("not found")
	// ErrGatewayNotFound is an ErrNotFound for an object of a gateway that does
	// not exist. Only the endpoints of dynamic routes tell the two apart
	// (observed).
	ErrGatewayNotFound = fmt.Errorf("gateway %w", ErrNotFound)
	// ErrAlreadyExists: an object with this name already exists.
	ErrAlreadyExists = errors.New("already exists")
	// ErrUnauthorized: the token is missing, wrong, or lacks a permission.
	ErrUnauthorized = errors.New("not authorized")
	// ErrCouldNotRoute: the API knows no such path, which it also says of an
	// account id that does not exist, or not with this method.
	ErrCouldNotRoute = errors.New("could not route")
	// ErrNoBasePath is an ErrCouldNotRoute at a base URL without a path, which is
	// probably the cause.
	ErrNoBasePath = fmt.Errorf("base URL without a path: %w", ErrCouldNotRoute)
	// ErrRateLimited: the API's own limit on requests, not a gateway's.
	ErrRateLimited = errors.New("rate limited")
	// ErrInvalid: the service refused the values it was sent.
	ErrInvalid = errors.New("refused by the service")
	// ErrUnavailable: the service failed (5xx), or no connection was established.
	ErrUnavailable = errors.New("unavailable")
	// ErrOutcomeUnknown: a request may or may not have been applied.
	ErrOutcomeUnknown = errors.New("outcome unknown")
	// ErrUnexpectedResponse: the response is not one of the API.
	ErrUnexpectedResponse = errors.New("unexpected response")
)

// Error codes of the control plane, observed or documented.
const (
	codeCouldNotRoute = 7003
	codeNoRoute       = 7000
	codeAuthorization = 10000
	codeInvalidToken  = 9109
	// The edge sends it for a malformed Authorization, with the details in
	// error_chain (observed).
	codeInvalidHeaders = 6003
)

// An ErrorItem is one of the errors that a response lists.
type ErrorItem struct {
	// Code is the service's number for the error, or 0.
	Code int
	// Message is the service's text.
	Message string
	// Chain is the text of the errors that led to this one (error_chain), or
	// empty.
	Chain string
	// Field is the top-level field of the request body that is at fault, or
	// empty.
	Field string
	// Path is the full path of the value at fault, such as
	// "spend_limits.rules.0.limit", or empty.
	Path string
}

// An Error describes a request that failed. Its text quotes the service, and
// never the headers or the body of a request.
type Error struct {
	// Op is what was attempted, such as "create gateway".
	Op string
	// Status is the HTTP status, 0 if there was no response.
	Status int
	// Items are the errors that the response lists, at most 10.
	Items []ErrorItem
	// Omitted is how many more errors the response lists.
	Omitted int
	// RayID identifies the request at Cloudflare (its header CF-Ray).
	RayID string
	// Attempts is how often the request was sent.
	Attempts int

	kind  error  // one of the sentinels above, or nil
	cause error  // an error of transport or decoding, or nil
	note  string // what became known after the failure
	// duringRun is whether the object that is in the way is as new as this run.
	duringRun bool
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	switch {
	case e.Status == 0 && e.Attempts == 0:
		b.WriteString("not sent")
	case e.Status == 0:
		b.WriteString("no response")
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
	if e.Omitted > 0 {
		fmt.Fprintf(&b, "; and %d more errors", e.Omitted)
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " (after %d attempts)", e.Attempts)
	}
	if e.RayID != "" {
		fmt.Fprintf(&b, " [CF-Ray %s]", e.RayID)
	}
	// Attempts and ray are those of this request; the note may quote another one.
	if e.note != "" {
		b.WriteString("; " + e.note)
	}
	return b.String()
}

// String returns the item as "message (code 7001, at cache_ttl)", followed by the
// errors that led to it.
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
	if len(notes) > 0 {
		message += " (" + strings.Join(notes, ", ") + ")"
	}
	if i.Chain != "" {
		message += ": " + i.Chain
	}
	return message
}

// Is makes errors.Is work with the package's sentinels.
func (e *Error) Is(target error) bool { return errors.Is(e.kind, target) }

// Unwrap returns an error of the transport or of decoding the response.
func (e *Error) Unwrap() error { return e.cause }

// Kind returns the sentinel that the error is, or nil.
func (e *Error) Kind() error { return e.kind }

// Note returns what became known, or was done, after the failure.
func (e *Error) Note() string { return e.note }

// CreatedDuringRun reports whether an [ErrAlreadyExists] is about an object that was
// created after the client was made: probably by this run too.
func (e *Error) CreatedDuringRun() bool { return e.duringRun }

// HasCode reports whether the response lists an error with this code.
func (e *Error) HasCode(code int) bool {
	return slices.ContainsFunc(e.Items, func(item ErrorItem) bool { return item.Code == code })
}

// Says reports whether the message of one error that the response lists contains
// all these parts, which are in lower case.
func (e *Error) Says(parts ...string) bool {
	return slices.ContainsFunc(e.Items, func(item ErrorItem) bool {
		message := strings.ToLower(item.Message)
		return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(message, part) })
	})
}

// WithKind returns the error as one of another kind, with a note that says why.
func (e *Error) WithKind(kind error, note string) *Error {
	changed := *e
	changed.kind, changed.note = kind, note
	return &changed
}

// WithInterruption returns the error as one after which the operation was
// interrupted.
func (e *Error) WithInterruption(err error) *Error {
	changed := *e
	changed.cause = interrupted(err)
	return &changed
}

// statusError returns the error of a response whose status, or body, says that
// the request failed.
func (r *Response) statusError() *Error {
	e := r.classify()
	if r.request.Refine != nil {
		return r.request.Refine(e)
	}
	return e
}

func (r *Response) classify() *Error {
	e := r.newError(nil, nil)
	items, isEnvelope := parseErrors(r.Body)
	e.Items = items[:min(len(items), maxItems)]
	e.Omitted = len(items) - len(e.Items)
	left := maxText
	for i, item := range e.Items {
		item.Message = r.printable(item.Message, left)
		item.Field, item.Path = r.printable(item.Field, maxShortText), r.printable(item.Path, maxShortText)
		left = max(left-len(item.Message), 0)
		if item.Chain != "" {
			item.Chain = r.printable(item.Chain, left)
			left = max(left-len(item.Chain), 0)
		}
		e.Items[i] = item
	}
	e.cause = r.unusable
	switch {
	case r.Status >= 300 && r.Status < 400:
		e.kind = ErrUnexpectedResponse
		e.cause = errors.New("the server redirects, which the API never does; is the base URL right?")
	case r.Status == http.StatusUnauthorized, r.Status == http.StatusForbidden,
		e.HasCode(codeAuthorization), e.HasCode(codeInvalidToken), r.Status == http.StatusBadRequest && e.HasCode(codeInvalidHeaders):
		e.kind = ErrUnauthorized
	case r.Status == http.StatusNotFound && (e.HasCode(codeCouldNotRoute) || e.HasCode(codeNoRoute)),
		// Cloudflare's edge also answers an ill-formed account id with 400.
		r.Status == http.StatusBadRequest && e.HasCode(codeCouldNotRoute),
		r.Status == http.StatusMethodNotAllowed:
		e.kind = ErrCouldNotRoute
		if strings.HasPrefix(r.Path, "/accounts/") {
			e.kind = ErrNoBasePath
		}
	case r.Status == http.StatusNotFound && isEnvelope:
		e.kind = ErrNotFound
	case r.Status == http.StatusNotFound:
		e.kind = ErrUnexpectedResponse
		e.cause = errors.New("this 404 does not come from the API; is the base URL right?")
	case r.Status == http.StatusTooManyRequests:
		e.kind = ErrRateLimited
	case r.Status == http.StatusConflict:
		e.kind = ErrAlreadyExists
	case r.Status >= 500, r.Status == http.StatusRequestTimeout, r.Status == http.StatusTooEarly:
		e.kind = ErrUnavailable
	case r.Status >= 400:
		e.kind = ErrInvalid
		if len(e.Items) == 0 {
			e.cause = errors.New("the response lists no errors as the API does; is the base URL right?")
		}
	default: // 2xx that says success: false
		e.kind = ErrUnexpectedResponse
		e.cause = errors.New("the status says success, the body does not")
	}
	return e
}

// Unexpected returns an [ErrUnexpectedResponse] for a response that cannot be
// used, for this reason.
func (r *Response) Unexpected(cause error) *Error {
	kind := ErrUnexpectedResponse
	var wrong identityError
	if errors.As(cause, &wrong) {
		if cause = wrong.redacted(r.Redact); wrong.isOther() {
			kind = ErrOtherObject
		}
	}
	return r.newError(kind, r.printableError(cause))
}

func (r *Response) newError(kind, cause error) *Error {
	return &Error{
		Op: r.request.Operation, Status: r.Status, RayID: r.printable(r.Header.Get("CF-Ray"), maxShortText), Attempts: r.Attempts,
		kind: kind, cause: cause,
	}
}

// parseErrors reads the errors of an envelope and reports whether body is an
// envelope at all. It leaves out what it cannot decode: an error about an error
// would hide the first one.
func parseErrors(body []byte) ([]ErrorItem, bool) {
	var envelope struct {
		Success *bool           `json:"success"`
		Errors  json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return nil, false
	}
	list := wire.ListOf(envelope.Errors)
	if envelope.Success == nil && list == nil {
		return nil, false
	}
	var items []ErrorItem
	for _, raw := range list {
		if item := parseErrorItem(raw, maxChain); item != (ErrorItem{}) {
			items = append(items, item)
		}
	}
	return items, true
}

// parseErrorItem reads as much of one error as it can, and its chain down to depth.
func parseErrorItem(raw json.RawMessage, depth int) ErrorItem {
	var item ErrorItem
	if json.Unmarshal(raw, &item.Message) == nil {
		return item // nothing but a string
	}
	var fields struct {
		Code    json.RawMessage `json:"code"`
		Message json.RawMessage `json:"message"`
		Path    json.RawMessage `json:"path"`
		Chain   json.RawMessage `json:"error_chain"`
	}
	if json.Unmarshal(raw, &fields) != nil {
		return ErrorItem{}
	}
	var code wire.Integer
	if json.Unmarshal(bytes.Trim(fields.Code, `"`), &code) == nil {
		item.Code = int(code)
	}
	item.Message = textOf(fields.Message)
	item.Chain = chainText(fields.Chain, depth)
	var steps []string
	for i, step := range wire.ListOf(fields.Path) {
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

// chainText returns the errors of an error_chain in one line. Each may have a chain
// of its own, down to depth.
func chainText(raw json.RawMessage, depth int) string {
	if depth == 0 {
		return ""
	}
	var texts []string
	for _, step := range wire.ListOf(raw) {
		if len(texts) == maxItems {
			break
		}
		if item := parseErrorItem(step, depth-1); item != (ErrorItem{}) {
			texts = append(texts, item.String())
		}
	}
	return strings.Join(texts, "; ")
}

// textOf returns the text of a JSON string, a number as it is written, and ""
// for anything else.
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
