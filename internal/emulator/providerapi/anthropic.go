package providerapi

import (
	"encoding/json"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// anthropicMessages is Anthropic's Messages API.
type anthropicMessages struct{}

func (anthropicMessages) Kind() string { return "chat" }

func (anthropicMessages) Parse(body []byte) (Request, string) {
	var in struct {
		Model     string          `json:"model"`
		System    json.RawMessage `json:"system"`
		Messages  []message       `json:"messages"`
		Stream    bool            `json:"stream"`
		MaxTokens int             `json:"max_tokens"`
	}
	if json.Unmarshal(body, &in) != nil {
		return Request{}, "The request body is not valid JSON"
	}
	q := Request{Model: in.Model, Input: messageText(in.System), Stream: in.Stream, MaxTokens: in.MaxTokens}
	switch {
	case in.MaxTokens <= 0:
		return q, "max_tokens: Field required"
	case len(in.Messages) == 0:
		return q, "messages: Field required"
	case !q.addMessages(in.Messages):
		return q, "messages.0.role: Field required"
	}
	return q, ""
}

func (anthropicMessages) stop(c *Completion) string {
	if c.Truncated {
		return "max_tokens"
	}
	return "end_turn"
}

func (f anthropicMessages) Render(q Request, c *Completion) any {
	content := []any{}
	if !c.Empty {
		content = append(content, map[string]any{"type": "text", "text": c.Text})
	}
	return f.message(q, c, content, f.stop(c), c.TokensOut)
}

func (anthropicMessages) message(q Request, c *Completion, content []any, stop any, tokensOut int) map[string]any {
	return map[string]any{
		"id": "msg_" + c.ID, "type": "message", "role": "assistant", "model": q.Model,
		"content": content, "stop_reason": stop, "stop_sequence": nil,
		"usage": map[string]any{"input_tokens": c.TokensIn, "output_tokens": tokensOut},
	}
}

func (f anthropicMessages) Stream(q Request, c *Completion) (string, [][]byte) {
	var out [][]byte
	send := func(kind string, members map[string]any) {
		members["type"] = kind
		out = append(out, event(kind, wire.Marshal(members)))
	}
	send("message_start", map[string]any{"message": f.message(q, c, []any{}, nil, 0)})
	if !c.Empty {
		send("content_block_start", map[string]any{"index": 0, "content_block": map[string]any{"type": "text", "text": ""}})
		send("ping", map[string]any{})
		for _, word := range c.words() {
			send("content_block_delta", map[string]any{"index": 0, "delta": map[string]any{"type": "text_delta", "text": word}})
		}
		send("content_block_stop", map[string]any{"index": 0})
	}
	send("message_delta", map[string]any{
		"delta": map[string]any{"stop_reason": f.stop(c), "stop_sequence": nil},
		"usage": map[string]any{"output_tokens": c.TokensOut},
	})
	send("message_stop", map[string]any{})
	return eventStream, out
}

// anthropicErrors are the documented error types.
var anthropicErrors = map[int]string{
	400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
	413: "request_too_large", 429: "rate_limit_error", 500: "api_error", 529: "overloaded_error",
}

func (anthropicMessages) RenderError(e Error) any {
	return map[string]any{"type": "error", "error": map[string]any{
		"type": byStatus(anthropicErrors, e.Status), "message": e.Message,
	}}
}
