package emulator

import (
	"encoding/json"
	"net/http"
)

// openAIChat is OpenAI's API of chat completions, which most providers speak.
type openAIChat struct{}

func (openAIChat) kind() string { return "chat" }

func (openAIChat) read(body []byte) (question, string) {
	var in struct {
		Model               string `json:"model"`
		Messages            []said `json:"messages"`
		Stream              bool   `json:"stream"`
		MaxTokens           int    `json:"max_tokens"`
		MaxCompletionTokens int    `json:"max_completion_tokens"`
	}
	if json.Unmarshal(body, &in) != nil {
		return question{}, "We could not parse the JSON body of your request."
	}
	q := question{model: in.Model, stream: in.Stream, maxTokens: max(in.MaxTokens, in.MaxCompletionTokens, 0)}
	switch {
	case len(in.Messages) == 0:
		return q, "Missing required parameter: 'messages'."
	case !q.hear(in.Messages):
		return q, "Missing required parameter: 'messages[].role'."
	}
	return q, ""
}

// openAIUsage is what chat completions say of tokens.
type openAIUsage struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
	TotalTokens      int `json:"total_tokens"`
}

func (c *completion) openAIUsage() openAIUsage {
	return openAIUsage{c.tokensIn, c.tokensOut, c.tokensIn + c.tokensOut}
}

func (c *completion) openAIFinish() string {
	if c.cutShort {
		return "length"
	}
	return "stop"
}

func (openAIChat) write(q question, c *completion) any {
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
	if !c.empty {
		choices = append(choices, choice{
			Message: message{Role: "assistant", Content: c.text}, FinishReason: c.openAIFinish(),
		})
	}
	return struct {
		ID      string      `json:"id"`
		Object  string      `json:"object"`
		Created int64       `json:"created"`
		Model   string      `json:"model"`
		Choices []choice    `json:"choices"`
		Usage   openAIUsage `json:"usage"`
	}{"chatcmpl-" + c.id, "chat.completion", c.created, q.model, choices, c.openAIUsage()}
}

// stream sends the role, the text word by word, the finish reason, the usage,
// and the end mark.
func (openAIChat) stream(q question, c *completion) (string, [][]byte) {
	type delta struct {
		Role    string `json:"role,omitempty"`
		Content string `json:"content,omitempty"`
	}
	type choice struct {
		Index        int     `json:"index"`
		Delta        delta   `json:"delta"`
		FinishReason *string `json:"finish_reason"`
	}
	piece := func(usage *openAIUsage, choices ...choice) []byte {
		return event("", marshal(struct {
			ID      string       `json:"id"`
			Object  string       `json:"object"`
			Created int64        `json:"created"`
			Model   string       `json:"model"`
			Choices []choice     `json:"choices"`
			Usage   *openAIUsage `json:"usage,omitempty"`
		}{"chatcmpl-" + c.id, "chat.completion.chunk", c.created, q.model, append([]choice{}, choices...), usage}))
	}
	var out [][]byte
	if !c.empty {
		out = append(out, piece(nil, choice{Delta: delta{Role: "assistant"}}))
		for _, word := range c.words() {
			out = append(out, piece(nil, choice{Delta: delta{Content: word}}))
		}
		reason := c.openAIFinish()
		out = append(out, piece(nil, choice{FinishReason: &reason}))
	}
	usage := c.openAIUsage()
	return eventStream, append(out, piece(&usage), done())
}

func (openAIChat) fail(f failure) any { return openAIError(f) }

// openAIError is an error as OpenAI, and everyone who speaks its API, writes it.
func openAIError(f failure) any {
	kind := "invalid_request_error"
	if f.status >= http.StatusInternalServerError {
		kind = "server_error"
	}
	var code any
	if f.word != "" {
		code = f.word
	}
	return map[string]any{"error": map[string]any{
		"message": f.message, "type": kind, "param": nil, "code": code,
	}}
}
