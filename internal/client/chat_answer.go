package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// ChatAnswer is the answer to a chat request: a completion, an error of the
// gateway, or whatever a model's provider said, which the gateway passes on as
// it is. What the answer does not say is nil.
type ChatAnswer struct {
	// Status is the HTTP status.
	Status int
	// ContentType is the answer's media type, or empty.
	ContentType string
	// RayID identifies the request at Cloudflare (its header CF-Ray), or empty.
	RayID string
	// Attempts is how often the request was sent.
	Attempts int

	// JSON is the body where it is JSON, without insignificant space and with
	// sorted keys.
	JSON *string
	// Completion is whether the body is a model's answer in the form of the
	// API that was asked, though there may be no text in it.
	Completion bool
	// Text is the text of the answer; of several choices, that of the first.
	Text *string
	// Model is the model that answered, by the body or else by the gateway.
	Model *string
	// FinishReason is why the answer, or its first choice, ended.
	FinishReason *string
	// PromptTokens and CompletionTokens are the usage that the body states.
	PromptTokens, CompletionTokens *int64

	// CacheStatus, LogID, Step and Provider are what the gateway says in its
	// headers cf-aig-cache-status (HIT or MISS), cf-aig-log-id, cf-aig-step
	// (from 0) and cf-aig-provider.
	CacheStatus, LogID, Provider *string
	Step                         *int64

	// ErrorCode and ErrorMessage are those of the first error in the body, with
	// the messages of all. Providers' own codes are often words: those are
	// ErrorLabel.
	ErrorCode    *int64
	ErrorMessage *string
	ErrorLabel   string
	// FromGateway is whether the errors are in the form that Cloudflare uses,
	// and not a provider's that was passed on.
	FromGateway bool
}

// gatewayAbsent tells whether the request was turned away because the gateway
// does not exist. A provider's own error 2001 is not that.
func (a *ChatAnswer) gatewayAbsent() bool {
	return a.Status == http.StatusBadRequest && a.FromGateway && a.ErrorCode != nil && *a.ErrorCode == codeNoGateway
}

// decodeChat reads an answer to a request of a form. Every part is read on its
// own, so that one that is not as expected does not hide the others. redact is
// applied to every text.
func decodeChat(ex *exchange, form chatForm, redact func(string) string) *ChatAnswer {
	header := func(name string) *string {
		value := redact(strings.ToValidUTF8(strings.TrimSpace(ex.header.Get(name)), "\uFFFD"))
		if value == "" {
			return nil
		}
		return &value
	}
	a := &ChatAnswer{
		Status:      ex.status,
		Attempts:    ex.attempts,
		Model:       header("cf-aig-model"),
		CacheStatus: header("cf-aig-cache-status"),
		LogID:       header("cf-aig-log-id"),
		Provider:    header("cf-aig-provider"),
	}
	if contentType := header("Content-Type"); contentType != nil {
		a.ContentType = *contentType
	}
	if ray := header("CF-Ray"); ray != nil {
		a.RayID = *ray
	}
	if step := header("cf-aig-step"); step != nil {
		a.Step = int64Of(as[integer](json.RawMessage(*step)))
	}
	body, err := redactJSON(ex.body, redact)
	if err != nil {
		a.ErrorMessage = plainMessage(ex, a.ContentType, redact)
		return a
	}
	text := string(body)
	a.JSON = &text
	a.readBody(body, form)
	return a
}

// jsonObject is a JSON object whose members are still to be read.
type jsonObject map[string]json.RawMessage

// as is data as a T, or nil where it is none.
func as[T any](data json.RawMessage) *T {
	if len(data) == 0 || bytes.Equal(data, []byte("null")) {
		return nil
	}
	value := new(T)
	if json.Unmarshal(data, value) != nil {
		return nil
	}
	return value
}

// object is data as an object, empty where it is none.
func object(data json.RawMessage) jsonObject {
	if o := as[jsonObject](data); o != nil {
		return *o
	}
	return nil
}

func list(data json.RawMessage) []json.RawMessage {
	if l := as[[]json.RawMessage](data); l != nil {
		return *l
	}
	return nil
}

func (a *ChatAnswer) readBody(body json.RawMessage, form chatForm) {
	if items := list(body); len(items) > 0 {
		body = items[0] // Google's errors come in a list
	}
	if a.Completion = form.read(a, object(body)); !a.Completion {
		a.readErrors(body)
	}
}

// readErrors reads the errors of a body that is no completion. They are at its
// top, or within the result of a run that failed.
func (a *ChatAnswer) readErrors(body json.RawMessage) {
	top := object(body)
	if success := as[bool](top["success"]); success != nil && !*success {
		a.FromGateway = true
	}
	items := a.errorItems(top)
	if len(items) == 0 {
		items = a.errorItems(object(top["result"]))
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

// errorItems are the errors of an object. The gateway has a list under "error",
// the rest of Cloudflare's API one under "errors", its policies, as most
// providers, an object under "error"; some have a text, or only a message.
func (a *ChatAnswer) errorItems(o jsonObject) []json.RawMessage {
	var items []json.RawMessage
	for _, key := range []string{"error", "errors"} {
		if several := list(o[key]); len(several) > 0 {
			a.FromGateway = true
			items = append(items, several...)
		} else if object(o[key]) != nil || as[string](o[key]) != nil {
			items = append(items, o[key])
		}
	}
	return items
}

func readError(item json.RawMessage) (code *int64, label, message string) {
	if text := as[string](item); text != nil {
		return nil, "", *text
	}
	fields := object(item)
	for _, key := range []string{"code", "internalCode"} {
		if number := as[integer](fields[key]); number != nil && code == nil {
			code = int64Of(number)
		}
		word := as[string](fields[key])
		if word == nil || code != nil {
			continue
		}
		if number, err := strconv.ParseInt(*word, 10, 64); err == nil {
			code = &number
		} else if label == "" {
			label = *word
		}
	}
	if kind := as[string](fields["type"]); kind != nil && label == "" {
		label = *kind
	}
	for _, key := range []string{"message", "description", "detail"} {
		if text := as[string](fields[key]); text != nil && message == "" {
			message = *text
		}
	}
	return code, label, message
}

// plainMessage is a short body of plain text, which Cloudflare's edge answers
// with, as in "error code: 1015". A page of HTML is no message.
func plainMessage(ex *exchange, contentType string, redact func(string) string) *string {
	const longest = 200
	text := strings.TrimSpace(strings.ToValidUTF8(string(ex.body), "\uFFFD"))
	if ex.status < 300 || text == "" || len(text) > longest || !strings.HasPrefix(contentType, "text/plain") {
		return nil
	}
	text = redact(text)
	return &text
}

// redactJSON is JSON with redact applied to every text in it, without
// insignificant space and with sorted keys. It is an error if data is no JSON.
func redactJSON(data []byte, redact func(string) string) (json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // a float would lose digits
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more follows the JSON")
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(redactValue(value, redact)); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

func redactValue(value any, redact func(string) string) any {
	switch v := value.(type) {
	case string:
		return redact(v)
	case []any:
		for i := range v {
			v[i] = redactValue(v[i], redact)
		}
	case map[string]any:
		redacted := make(map[string]any, len(v))
		for key, member := range v {
			redacted[redact(key)] = redactValue(member, redact)
		}
		return redacted
	}
	return value
}
