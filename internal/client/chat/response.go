package chat

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// A Response is the response to a chat request: a completion, an error of the
// gateway, or whatever a model's provider responded, which the gateway passes on.
// What the response does not say is nil.
type Response struct {
	// Status is the HTTP status.
	Status int
	// ContentType is the response's media type, or empty.
	ContentType string
	// RayID identifies the request at Cloudflare (its header CF-Ray), or empty.
	RayID string
	// Attempts is how often the request was sent.
	Attempts int

	// JSON is the body if it is JSON, without insignificant space and with sorted
	// keys.
	JSON *string
	// Completion is whether the body is the response of a model in the form of the
	// API, possibly without text.
	Completion bool
	// Text is the text of the response; of several choices, that of the first.
	Text *string
	// Model is the model that responded, by the body or else by the gateway.
	Model *string
	// FinishReason is why the response, or its first choice, ended.
	FinishReason *string
	// PromptTokens and CompletionTokens are the usage that the body states.
	PromptTokens, CompletionTokens *int64

	// CacheStatus, LogID, Step and Provider are the gateway's headers cf-aig-cache-status (HIT or MISS), cf-aig-log-id, cf-aig-step
	// (from 0) and cf-aig-provider.
	CacheStatus, LogID, Provider *string
	Step                         *int64
	// RoutedModel and RoutingReason are the headers cf-aig-routed-model and
	// cf-aig-routing-reason: which model the Auto Router chose, and why.
	RoutedModel, RoutingReason *string

	// ErrorCode is the code of the first error in the body, and ErrorMessage has the
	// messages of all errors. ErrorLabel is a code that is a word, as many
	// providers have.
	ErrorCode    *int64
	ErrorMessage *string
	ErrorLabel   string
	// FromGateway is whether the errors have Cloudflare's form, and not that of a
	// provider.
	FromGateway bool
}

// gatewayAbsent reports whether the request was turned away because the gateway does
// not exist. A provider's own error 2001 does not count.
func (a *Response) gatewayAbsent() bool {
	return a.Status == http.StatusBadRequest && a.FromGateway && a.ErrorCode != nil && *a.ErrorCode == codeNoGateway
}

// decode reads a response to a request of a form. It reads every part on its own, so
// that one that is not as expected does not hide the others, and
// applies redact to every text.
func decode(resp *client.Response, form form, redact func(string) string) *Response {
	header := func(name string) *string {
		value := redact(strings.ToValidUTF8(strings.TrimSpace(resp.Header.Get(name)), "\uFFFD"))
		if value == "" {
			return nil
		}
		return &value
	}
	a := &Response{
		Status:      resp.Status,
		Attempts:    resp.Attempts,
		Model:       header("cf-aig-model"),
		CacheStatus: header("cf-aig-cache-status"),
		LogID:       header("cf-aig-log-id"),
		Provider:    header("cf-aig-provider"),

		RoutedModel:   header("cf-aig-routed-model"),
		RoutingReason: header("cf-aig-routing-reason"),
	}
	if contentType := header("Content-Type"); contentType != nil {
		a.ContentType = *contentType
	}
	if ray := header("CF-Ray"); ray != nil {
		a.RayID = *ray
	}
	if step := header("cf-aig-step"); step != nil {
		a.Step = (*int64)(wire.As[wire.Integer](json.RawMessage(*step)))
	}
	body, err := wire.Normalize(resp.Body, redact)
	if err != nil {
		a.ErrorMessage = plainMessage(resp, a.ContentType, redact)
		return a
	}
	text := string(body)
	a.JSON = &text
	a.readBody(body, form)
	return a
}

func (a *Response) readBody(body json.RawMessage, form form) {
	if items := wire.ListOf(body); len(items) > 0 {
		body = items[0] // Google's errors come in a list
	}
	if a.Completion = form.read(a, wire.ObjectOf(body)); !a.Completion {
		a.readErrors(body)
	}
}

// readErrors reads the errors of a body that is not a completion. They are at its
// top, or within the result of a run that failed.
func (a *Response) readErrors(body json.RawMessage) {
	top := wire.ObjectOf(body)
	if success := wire.As[bool](top["success"]); success != nil && !*success {
		a.FromGateway = true
	}
	items := a.errorItems(top)
	if len(items) == 0 {
		items = a.errorItems(wire.ObjectOf(top["result"]))
	}
	if len(items) == 0 && a.Status >= 300 {
		items = append(items, body)
	}
	var messages []string
	for i, item := range items {
		code, label, message := readError(item)
		if i == 0 {
			a.ErrorCode, a.ErrorLabel = code, label
		}
		if message != "" {
			messages = append(messages, message)
		}
	}
	if message := strings.Join(messages, "; "); message != "" {
		a.ErrorMessage = &message
	}
}

// errorItems returns the errors of an object. The gateway has a list under "error",
// and the rest of Cloudflare's API one under "errors". Its policies, like most
// providers, have an object under "error". Some have a string, or only a message.
func (a *Response) errorItems(o wire.Object) []json.RawMessage {
	var items []json.RawMessage
	for _, key := range []string{"error", "errors"} {
		if several := wire.ListOf(o[key]); len(several) > 0 {
			a.FromGateway = true
			items = append(items, several...)
		} else if wire.ObjectOf(o[key]) != nil || wire.As[string](o[key]) != nil {
			items = append(items, o[key])
		}
	}
	return items
}

func readError(item json.RawMessage) (code *int64, label, message string) {
	if text := wire.As[string](item); text != nil {
		return nil, "", *text
	}
	fields := wire.ObjectOf(item)
	for _, key := range []string{"code", "internalCode"} {
		if number := wire.As[wire.Integer](fields[key]); number != nil && code == nil {
			code = (*int64)(number)
		}
		word := wire.As[string](fields[key])
		if word == nil || code != nil {
			continue
		}
		if number, err := strconv.ParseInt(*word, 10, 64); err == nil {
			code = &number
		} else if label == "" {
			label = *word
		}
	}
	if kind := wire.As[string](fields["type"]); kind != nil && label == "" {
		label = *kind
	}
	for _, key := range []string{"message", "description", "detail"} {
		if text := wire.As[string](fields[key]); text != nil && message == "" {
			message = *text
		}
	}
	// The errors that led to this one, such as the format of a header.
	for i, step := range wire.ListOf(fields["error_chain"]) {
		text := wire.As[string](wire.ObjectOf(step)["message"])
		if text == nil || i == maxChain {
			break
		}
		message += ": " + *text
	}
	return code, label, message
}

// maxChain is how many errors of a chain a message contains.
const maxChain = 3

// plainMessage returns a short body of plain text, as Cloudflare's edge responds:
// "error code: 1015". A page of HTML is not a message.
func plainMessage(resp *client.Response, contentType string, redact func(string) string) *string {
	const longest = 200
	text := strings.TrimSpace(strings.ToValidUTF8(string(resp.Body), "\uFFFD"))
	if resp.Status < 300 || text == "" || len(text) > longest || !strings.HasPrefix(contentType, "text/plain") {
		return nil
	}
	text = redact(text)
	return &text
}
