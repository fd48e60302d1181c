package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// workersRun is the API of Workers AI: a body with a prompt or messages, posted
// to a path that names the model, and an answer in the envelope of Cloudflare's
// API.
type workersRun struct {
	model string
}

func (workersRun) kind() string { return "chat" }

func (f workersRun) read(body []byte) (question, string) {
	var in struct {
		Prompt    string `json:"prompt"`
		Messages  []said `json:"messages"`
		Stream    bool   `json:"stream"`
		MaxTokens int    `json:"max_tokens"`
	}
	q := question{model: f.model}
	if json.Unmarshal(body, &in) != nil {
		return q, "Bad input: the body is not a valid JSON object"
	}
	q.stream, q.maxTokens = in.Stream, max(in.MaxTokens, 0)
	q.prompt, q.input = in.Prompt, in.Prompt
	if in.Prompt == "" && len(in.Messages) == 0 {
		return q, "Bad input: Error: oneOf at '/' not met, 0 matches: required properties at '/' are 'prompt', 'messages'"
	}
	if !q.hear(in.Messages) {
		return q, "Bad input: Error: required properties at '/messages/0' are 'role'"
	}
	return q, ""
}

func (workersRun) write(_ question, c *completion) any { return edgeResult(workersResult(c)) }

// workersResult is what a text model of Workers AI says.
func workersResult(c *completion) any {
	if c.empty {
		return map[string]any{}
	}
	return map[string]any{"response": c.text, "tool_calls": []any{}, "usage": c.openAIUsage()}
}

// edgeResult is a success in the envelope of Cloudflare's API.
func edgeResult(result any) any {
	return struct {
		Success  bool       `json:"success"`
		Result   any        `json:"result"`
		Errors   []apiError `json:"errors"`
		Messages []string   `json:"messages"`
	}{true, result, []apiError{}, []string{}}
}

func (workersRun) stream(_ question, c *completion) (string, [][]byte) {
	var out [][]byte
	for _, word := range c.words() {
		out = append(out, event("", marshal(map[string]any{"response": word})))
	}
	last := map[string]any{"response": "", "usage": c.openAIUsage()}
	return eventStream, append(out, event("", marshal(last)), done())
}

// fail answers with the codes of Workers AI: 10000 for the token, 5007 for the
// model (both documented), 5006 for the input (observed live); for the rest a
// code is made up.
func (workersRun) fail(f failure) any {
	code := 5000
	switch f.status {
	case http.StatusUnauthorized:
		code = codeAuthentication
	case http.StatusNotFound:
		code = 5007
	case http.StatusBadRequest:
		code = 5006
	}
	return edgeError{Errors: []apiError{{Code: code, Message: f.message}}, Messages: []string{}}
}

// restRun is POST /ai/run of the REST API: {"model", "input"}, where input is
// what the model takes. Models of Workers AI answer as they always do; for
// others the result was seen to be one of a task, which holds the model's own
// answer (not firmly known; that this is a chat completion is inferred).
type restRun struct{}

func (restRun) kind() string { return "chat" }

func (restRun) read(body []byte) (question, string) {
	var in struct {
		Model  string          `json:"model"`
		Input  json.RawMessage `json:"input"`
		Stream bool            `json:"stream"`
	}
	if json.Unmarshal(body, &in) != nil {
		return question{}, "the body is not a valid JSON object"
	}
	var plain string
	if json.Unmarshal(in.Input, &plain) == nil {
		in.Input = marshal(map[string]any{"prompt": plain})
	}
	q, flaw := workersRun{}.read(in.Input)
	if flaw != "" {
		// Models that take neither prompt nor messages get their input as text.
		var input map[string]any
		if json.Unmarshal(in.Input, &input) != nil || input == nil {
			return question{model: in.Model}, "input: Required"
		}
		q.prompt = string(in.Input)
		q.input = q.prompt
	}
	q.model, q.stream = in.Model, q.stream || in.Stream
	return q, ""
}

func (restRun) write(q question, c *completion) any {
	if isWorkersModel(q.model) {
		return edgeResult(workersResult(c))
	}
	return edgeResult(map[string]any{"state": "Completed", "result": openAIChat{}.write(q, c)})
}

func (restRun) stream(q question, c *completion) (string, [][]byte) {
	if isWorkersModel(q.model) {
		return workersRun{}.stream(q, c)
	}
	return openAIChat{}.stream(q, c)
}

// fail: the text for input that a model does not take is documented; that other
// errors of a model have the same code is inferred.
func (restRun) fail(f failure) any {
	kind := ""
	if f.status < http.StatusInternalServerError {
		kind = " (User Input Error)"
	}
	message := fmt.Sprintf("Model execution failed%s: %s", kind, f.message)
	return edgeError{Errors: []apiError{{Code: codeCouldNotRoute, Message: message}}, Messages: []string{}}
}

// isWorkersModel reports whether a name is one of Workers AI.
func isWorkersModel(model string) bool {
	return strings.HasPrefix(model, "@cf/") || strings.HasPrefix(model, "@hf/")
}
