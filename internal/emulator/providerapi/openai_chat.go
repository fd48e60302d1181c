package providerapi

import (
	"encoding/json"
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// openAIChat is OpenAI's API for chat completions, which most providers offer.
type openAIChat struct{}

func (openAIChat) Kind() string { return "chat" }

func (openAIChat) Parse(body []byte) (Request, string) {
	var in struct {
		Model               string    `json:"model"`
		Messages            []message `json:"messages"`
		Stream              bool      `json:"stream"`
		MaxTokens           int       `json:"max_tokens"`
		MaxCompletionTokens int       `json:"max_completion_tokens"`
	}
	if json.Unmarshal(body, &in) != nil {
		return Request{}, "We could not parse the JSON body of your request."
	}
	q := Request{Model: in.Model, Stream: in.Stream, MaxTokens: max(in.MaxTokens, in.MaxCompletionTokens, 0)}
	switch {
	case len(in.Messages) == 0:
		return q, "Missing required parameter: 'messages'."
	case !q.addMessages(in.Messages):
		return q, "Missing required parameter: 'messages[].role'."
	}
	return q, ""
}

// openAIUsage is the token usage of a chat completion.
type openAIUsage struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
	TotalTokens      int `json:"total_tokens"`
}

func (c *Completion) openAIUsage() openAIUsage {
	return openAIUsage{c.TokensIn, c.TokensOut, c.TokensIn + c.TokensOut}
}

func (c *Completion) openAIFinish() string {
	if c.Truncated {
		return "length"
	}
	return "stop"
}

func (openAIChat) Render(q Request, c *Completion) any {
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	type choice struct {
		Index        int     `json:"index"`
		Message      message `json:"message"`
		FinishReason string  `json:"finish_reason"`
	}
	choices := []choice{}
	if !c.Empty {
		choices = append(choices, choice{
			Message: message{Role: "assistant", Content: c.Text}, FinishReason: c.openAIFinish(),
		})
	}
	return struct {
		ID      string      `json:"id"`
		Object  string      `json:"object"`
		Created int64       `json:"created"`
		Model   string      `json:"model"`
		Choices []choice    `json:"choices"`
		Usage   openAIUsage `json:"usage"`
	}{"chatcmpl-" + c.ID, "chat.completion", c.Created, q.Model, choices, c.openAIUsage()}
}

// Stream returns the role, the text word by word, the finish reason, the usage,
// and the final event.
func (openAIChat) Stream(q Request, c *Completion) (string, [][]byte) {
	type delta struct {
		Role    string `json:"role,omitempty"`
		Content string `json:"content,omitempty"`
	}
	type choice struct {
		Index        int     `json:"index"`
		Delta        delta   `json:"delta"`
		FinishReason *string `json:"finish_reason"`
	}
	chunk := func(usage *openAIUsage, choices ...choice) []byte {
		return event("", wire.Marshal(struct {
			ID      string       `json:"id"`
			Object  string       `json:"object"`
			Created int64        `json:"created"`
			Model   string       `json:"model"`
			Choices []choice     `json:"choices"`
			Usage   *openAIUsage `json:"usage,omitempty"`
		}{"chatcmpl-" + c.ID, "chat.completion.chunk", c.Created, q.Model, append([]choice{}, choices...), usage}))
	}
	var out [][]byte
	if !c.Empty {
		out = append(out, chunk(nil, choice{Delta: delta{Role: "assistant"}}))
		for _, word := range c.words() {
			out = append(out, chunk(nil, choice{Delta: delta{Content: word}}))
		}
		reason := c.openAIFinish()
		out = append(out, chunk(nil, choice{FinishReason: &reason}))
	}
	usage := c.openAIUsage()
	return eventStream, append(out, chunk(&usage), done())
}

func (openAIChat) RenderError(e Error) any { return openAIError(e) }

// openAIError returns an error in the shape of OpenAI's API, which most providers
// use.
func openAIError(e Error) any {
	kind := "invalid_request_error"
	if e.Status >= http.StatusInternalServerError {
		kind = "server_error"
	}
	var code any
	if e.Code != "" {
		code = e.Code
	}
	return map[string]any{"error": map[string]any{
		"message": e.Message, "type": kind, "param": nil, "code": code,
	}}
}

// ReadChatCompletion returns text and tokens of a chat completion in OpenAI's shape,
// or nil if the body is not one.
func ReadChatCompletion(body []byte) *Completion {
	var in struct {
		Choices []struct {
			Message struct {
				Content string `json:"content"`
			} `json:"message"`
		} `json:"choices"`
		Usage openAIUsage `json:"usage"`
	}
	if json.Unmarshal(body, &in) != nil || len(in.Choices) == 0 {
		return nil
	}
	return &Completion{
		Text:     in.Choices[0].Message.Content,
		TokensIn: in.Usage.PromptTokens, TokensOut: in.Usage.CompletionTokens,
	}
}
