package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// faultProvider is a provider that only the emulator has. Its models make a
// request go wrong in a known way:
//
//	emulator/echo          answers like any other model
//	emulator/status-NNN    answers with that status, 400 to 599, as OpenAI does
//	emulator/slow          answers after 30 s of real time
//	emulator/slow-250ms    answers after that time, any Go duration
//	emulator/empty         answers 200 with no choices
//	emulator/garbage       answers 200 with something that is no JSON
//	emulator/cut           cuts the connection; when streaming, after one chunk
const faultProvider = "emulator"

// slowness is how long emulator/slow waits.
const slowness = 30 * time.Second

// upstreamAnswer is what a provider answered.
type upstreamAnswer struct {
	provider, model string
	status          int
	contentType     string
	body            []byte
	// completion is the answer before it was written as JSON; nil when it is
	// no completion. Only completions can be streamed.
	completion *completion
	cut        bool
}

// upstream asks the built-in model. It does not return when the client leaves.
func (s *Server) upstream(ctx context.Context, c chatRequest) upstreamAnswer {
	answer := upstreamAnswer{
		provider:    c.provider,
		model:       c.model,
		status:      http.StatusOK,
		contentType: "application/json",
	}
	full := s.complete(c)
	if c.provider == faultProvider {
		name, argument, _ := strings.Cut(c.model, "-")
		switch name {
		case "echo":
		case "empty":
			full.Choices = []choice{}
			full.Usage = usage{}
		case "garbage":
			answer.contentType = "text/html"
			answer.body = []byte("<html>this is no JSON</html>")
			return answer
		case "cut":
			if !c.stream {
				cut()
			}
			answer.cut = true
		case "slow":
			wait, ok := parseSlowness(argument)
			if !ok {
				return answer.failed(http.StatusNotFound, c.model)
			}
			if !sleep(ctx, wait) {
				cut()
			}
		case "status":
			status, err := strconv.Atoi(argument)
			if err != nil || status < 400 || status > 599 {
				return answer.failed(http.StatusNotFound, c.model)
			}
			return answer.failed(status, c.model)
		default:
			return answer.failed(http.StatusNotFound, c.model)
		}
	}
	answer.completion = full
	answer.body = marshal(full)
	return answer
}

func parseSlowness(argument string) (time.Duration, bool) {
	if argument == "" {
		return slowness, true
	}
	d, err := time.ParseDuration(argument)
	return d, err == nil && d >= 0
}

// failed turns an answer into an error as OpenAI writes it; the gateway passes
// a provider's errors through verbatim (documented).
func (a upstreamAnswer) failed(status int, model string) upstreamAnswer {
	kind, code, text := "server_error", "emulated", fmt.Sprintf("The emulator was asked to answer %d", status)
	switch {
	case status == http.StatusNotFound:
		kind, code = "invalid_request_error", "model_not_found"
		text = fmt.Sprintf("The model `%s` does not exist or you do not have access to it.", model)
	case status < 500:
		kind = "invalid_request_error"
	}
	a.status = status
	a.body = marshal(map[string]any{"error": map[string]any{
		"message": text, "type": kind, "param": nil, "code": code,
	}})
	return a
}

// completion is OpenAI's chat.completion object.
type completion struct {
	ID      string   `json:"id"`
	Object  string   `json:"object"`
	Created int64    `json:"created"`
	Model   string   `json:"model"`
	Choices []choice `json:"choices"`
	Usage   usage    `json:"usage"`
}

type choice struct {
	Index        int     `json:"index"`
	Message      message `json:"message"`
	FinishReason string  `json:"finish_reason"`
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type usage struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
	TotalTokens      int `json:"total_tokens"`
}

// complete is the built-in model: it says what it was asked. A token is a word.
func (s *Server) complete(c chatRequest) *completion {
	now := s.clock.Now()
	words := strings.Fields(fmt.Sprintf("The emulator answers for provider %q and model %q. The prompt was: %s",
		c.provider, c.model, c.prompt))
	reason := "stop"
	if c.maxTokens > 0 && len(words) > c.maxTokens {
		words, reason = words[:c.maxTokens], "length"
	}
	in := len(strings.Fields(c.input))
	return &completion{
		ID:      "chatcmpl-" + strings.ReplaceAll(s.ids.next(now), "-", ""),
		Object:  "chat.completion",
		Created: now.Unix(),
		Model:   c.model,
		Choices: []choice{{
			Message:      message{Role: "assistant", Content: strings.Join(words, " ")},
			FinishReason: reason,
		}},
		Usage: usage{PromptTokens: in, CompletionTokens: len(words), TotalTokens: in + len(words)},
	}
}

// chunk is OpenAI's chat.completion.chunk object.
type chunk struct {
	ID      string        `json:"id"`
	Object  string        `json:"object"`
	Created int64         `json:"created"`
	Model   string        `json:"model"`
	Choices []chunkChoice `json:"choices"`
	Usage   *usage        `json:"usage,omitempty"`
}

type chunkChoice struct {
	Index        int     `json:"index"`
	Delta        delta   `json:"delta"`
	FinishReason *string `json:"finish_reason"`
}

type delta struct {
	Role    string `json:"role,omitempty"`
	Content string `json:"content,omitempty"`
}

// chunks cuts a completion into what a stream sends.
func (c *completion) chunks() []chunk {
	piece := func(choices []chunkChoice, u *usage) chunk {
		return chunk{ID: c.ID, Object: "chat.completion.chunk", Created: c.Created, Model: c.Model, Choices: choices, Usage: u}
	}
	var out []chunk
	for _, choice := range c.Choices {
		say := func(d delta, reason *string) {
			out = append(out, piece([]chunkChoice{{Index: choice.Index, Delta: d, FinishReason: reason}}, nil))
		}
		say(delta{Role: choice.Message.Role}, nil)
		for _, word := range strings.SplitAfter(choice.Message.Content, " ") {
			say(delta{Content: word}, nil)
		}
		say(delta{}, &choice.FinishReason)
	}
	return append(out, piece([]chunkChoice{}, &c.Usage))
}

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
