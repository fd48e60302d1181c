package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// form is the shape of an API in which models are spoken to: what requests
// look like, and answers, streams and errors. Shapes are those that the
// providers document.
type form interface {
	// kind is what logs call the kind of model and of request; empty when it is
	// not known.
	kind() string
	// read understands a request. Where it cannot, it says what the API would
	// complain about.
	read(body []byte) (question, string)
	// write is the answer to a question as the API gives it whole.
	write(question, *completion) any
	// stream is the answer in the pieces in which the API sends it, and their
	// content type; nil where the API does not stream.
	stream(question, *completion) (contentType string, pieces [][]byte)
	// fail is an error of the API.
	fail(failure) any
}

// question is what the emulator understands of a request to a model.
type question struct {
	// model is as the request names it; on its way through the gateway it loses
	// the provider.
	model  string
	prompt string // the text of the last user message
	input  string // the text of all messages
	stream bool
	// maxTokens is 0 when the request sets no limit.
	maxTokens int
	// embed is set for requests for embeddings.
	embed *embedding
}

// completion is what the built-in model says to a question.
type completion struct {
	id      string // without a prefix
	created int64  // seconds since 1970
	text    string
	// cutShort is whether the limit of tokens ended the text.
	cutShort bool
	// empty is whether there is nothing in the answer, not even an empty text.
	empty               bool
	tokensIn, tokensOut int
}

// failure is an error of a provider.
type failure struct {
	status  int
	message string
	// word is the provider's own code, where its API has one.
	word string
}

// said is one message of a conversation.
type said struct {
	Role    string          `json:"role"`
	Content json.RawMessage `json:"content"`
}

// hear takes messages into a question. It reports false for one without a role.
func (q *question) hear(messages []said) bool {
	var all []string
	if q.input != "" {
		all = append(all, q.input)
	}
	for _, m := range messages {
		if m.Role == "" {
			return false
		}
		content := messageText(m.Content)
		all = append(all, content)
		if m.Role == "user" {
			q.prompt = content
		}
	}
	q.input = strings.Join(all, "\n")
	return true
}

// messageText returns the text of a message: a string, or the text parts of a
// list of parts. Other content counts as empty.
func messageText(content json.RawMessage) string {
	var plain string
	if json.Unmarshal(content, &plain) == nil {
		return plain
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(content, &parts) != nil {
		return ""
	}
	var texts []string
	for _, part := range parts {
		if part.Text != "" {
			texts = append(texts, part.Text)
		}
	}
	return strings.Join(texts, "\n")
}

// words cuts a text into what a stream sends, one word at a time.
func (c *completion) words() []string {
	if c.text == "" {
		return nil
	}
	return strings.SplitAfter(c.text, " ")
}

const eventStream = "text/event-stream"

// event is one server-sent event; name may be empty.
func event(name string, data []byte) []byte {
	var b bytes.Buffer
	if name != "" {
		b.WriteString("event: " + name + "\n")
	}
	b.WriteString("data: ")
	b.Write(data)
	b.WriteString("\n\n")
	return b.Bytes()
}

// done is the end mark of OpenAI's streams.
func done() []byte { return event("", []byte("[DONE]")) }

// marshal writes JSON without escaping HTML. Its values are the emulator's own,
// so they always can be written.
func marshal(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(fmt.Sprintf("emulator: %v", err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func itoa(n int) string { return strconv.Itoa(n) }

// pick returns the entry of a table for a status, or for its class: 500 stands
// for all from 500, 400 for all below.
func pick(table map[int]string, status int) string {
	if word, ok := table[status]; ok {
		return word
	}
	if status >= http.StatusInternalServerError {
		return table[http.StatusInternalServerError]
	}
	return table[http.StatusBadRequest]
}
