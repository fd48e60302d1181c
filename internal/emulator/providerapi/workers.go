package providerapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// workersRun is the API of Workers AI. The path names the model, the body has a
// prompt or messages, and the response has the envelope of Cloudflare's API.
type workersRun struct {
	model string
}

func (workersRun) Kind() string { return "chat" }

func (f workersRun) Parse(body []byte) (Request, string) {
	var in struct {
		Prompt    string    `json:"prompt"`
		Messages  []message `json:"messages"`
		Stream    bool      `json:"stream"`
		MaxTokens int       `json:"max_tokens"`
	}
	q := Request{Model: f.model}
	if json.Unmarshal(body, &in) != nil {
		return q, "Bad input: the body is not a valid JSON object"
	}
	q.Stream, q.MaxTokens = in.Stream, max(in.MaxTokens, 0)
	q.Prompt, q.Input = in.Prompt, in.Prompt
	if in.Prompt == "" && len(in.Messages) == 0 {
		return q, "Bad input: Error: oneOf at '/' not met, 0 matches: required properties at '/' are 'prompt', 'messages'"
	}
	if !q.addMessages(in.Messages) {
		return q, "Bad input: Error: required properties at '/messages/0' are 'role'"
	}
	return q, ""
}

func (workersRun) Render(_ Request, c *Completion) any { return wire.EdgeResult(workersResult(c)) }

// workersResult returns the result of a text model of Workers AI.
func workersResult(c *Completion) any {
	if c.Empty {
		return map[string]any{}
	}
	return map[string]any{"response": c.Text, "tool_calls": []any{}, "usage": c.openAIUsage()}
}

func (workersRun) Stream(_ Request, c *Completion) (string, [][]byte) {
	var out [][]byte
	for _, word := range c.words() {
		out = append(out, event("", wire.Marshal(map[string]any{"response": word})))
	}
	last := map[string]any{"response": "", "usage": c.openAIUsage()}
	return eventStream, append(out, event("", wire.Marshal(last)), done())
}

// codeNoSuchModel is the code of Workers AI for a model that it does not have.
const codeNoSuchModel = 5007

// RenderError uses the codes of Workers AI: 10000 for the token, 5007 for the
// model (both documented), 5006 for the input (observed live). The code for other
// errors is made up.
func (workersRun) RenderError(e Error) any {
	code := 5000
	switch e.Status {
	case http.StatusUnauthorized:
		code = wire.CodeAuthentication
	case http.StatusNotFound:
		code = codeNoSuchModel
	case http.StatusBadRequest:
		code = 5006
	}
	return wire.NewEdgeError(wire.Error{Code: code, Message: e.Message})
}

// restRun is POST /ai/run of the REST API: {"model", "input"}, where input is
// what the model takes. Models of Workers AI respond as on their own path. For
// others the result was seen to be a task that holds the model's response (not
// firmly known; that this is a chat completion is inferred).
type restRun struct{}

func (restRun) Kind() string { return "chat" }

func (restRun) Parse(body []byte) (Request, string) {
	var in struct {
		Model  string          `json:"model"`
		Input  json.RawMessage `json:"input"`
		Stream bool            `json:"stream"`
	}
	if json.Unmarshal(body, &in) != nil {
		return Request{}, "the body is not a valid JSON object"
	}
	var plain string
	if json.Unmarshal(in.Input, &plain) == nil {
		in.Input = wire.Marshal(map[string]any{"prompt": plain})
	}
	q, flaw := workersRun{}.Parse(in.Input)
	if flaw != "" {
		// Models that take neither a prompt nor messages get their input as a string.
		var input map[string]any
		if json.Unmarshal(in.Input, &input) != nil || input == nil {
			return Request{Model: in.Model}, "input: Required"
		}
		q.Prompt = string(in.Input)
		q.Input = q.Prompt
	}
	q.Model, q.Stream = in.Model, q.Stream || in.Stream
	return q, ""
}

func (restRun) Render(q Request, c *Completion) any {
	if IsWorkersModel(q.Model) {
		return wire.EdgeResult(workersResult(c))
	}
	return wire.EdgeResult(map[string]any{"state": "Completed", "result": openAIChat{}.Render(q, c)})
}

func (restRun) Stream(q Request, c *Completion) (string, [][]byte) {
	if IsWorkersModel(q.Model) {
		return workersRun{}.Stream(q, c)
	}
	return openAIChat{}.Stream(q, c)
}

// RenderError has the documented text for input that a model does not take. That
// other errors of a model have the same code is inferred.
func (restRun) RenderError(e Error) any {
	kind := ""
	if e.Status < http.StatusInternalServerError {
		kind = " (User Input Error)"
	}
	message := fmt.Sprintf("Model execution failed%s: %s", kind, e.Message)
	return wire.NewEdgeError(wire.Error{Code: wire.CodeCouldNotRoute, Message: message})
}

// IsWorkersModel reports whether a model name is one of Workers AI.
func IsWorkersModel(model string) bool {
	return strings.HasPrefix(model, "@cf/") || strings.HasPrefix(model, "@hf/")
}
