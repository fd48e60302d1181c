// Package providerapi holds the shapes of the APIs in which models are called:
// requests, responses, streams and errors as the providers document them. It
// also holds the built-in model that plays all providers.
package providerapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// API is the shape of one API.
type API interface {
	// Kind returns what logs call the type of model and request. It is empty if
	// the type is not known.
	Kind() string
	// Parse reads a request body. For a body that the API would refuse it returns
	// the API's error message.
	Parse(body []byte) (request Request, flaw string)
	// Render returns a complete response.
	Render(Request, *Completion) any
	// Stream returns the chunks of a streamed response, none if the API does not
	// stream.
	Stream(Request, *Completion) (contentType string, chunks [][]byte)
	// RenderError returns an error response.
	RenderError(Error) any
}

// Request is what the emulator reads of a request to a model.
type Request struct {
	// Model is the model's name. The gateway removes a provider prefix.
	Model     string
	Prompt    string // text of the last user message
	Input     string // text of all messages
	Stream    bool
	MaxTokens int // 0 means no limit
	// Embeddings is set for requests for embeddings.
	Embeddings *Embeddings
}

// Completion is the response of the built-in model, or what the gateway reads of
// another model's response.
type Completion struct {
	ID      string // without a prefix
	Created int64  // seconds since 1970
	Text    string
	// Truncated is set if the token limit ended the text.
	Truncated bool
	// Empty is set if the response has no choices, not even an empty string.
	Empty               bool
	TokensIn, TokensOut int
}

// Error is an error of a provider.
type Error struct {
	Status  int
	Message string
	// Code is the provider's own code, for APIs that have one.
	Code string
}

// Names of providers that have rules of their own.
const (
	Workers = "workers-ai"
	Azure   = "azure-openai"
)

// providers are the prefixes of model names and the first path segments of
// pass-through requests (documented).
var providers = []string{
	"openai", "anthropic", "google-ai-studio", "google-vertex-ai", "grok", "groq",
	"deepseek", "mistral", "perplexity-ai", "cerebras", "openrouter", "fireworks",
	"cohere", "baseten", "parallel", Azure, "aws-bedrock", "huggingface",
	"replicate", "fal", "ideogram", "cartesia", "deepgram", "elevenlabs",
	"adobe-firefly", Workers,
}

// Known reports whether the service has a provider of this name.
func Known(provider string) bool { return slices.Contains(providers, provider) }

// message is one message of a conversation.
type message struct {
	Role    string          `json:"role"`
	Content json.RawMessage `json:"content"`
}

// addMessages adds messages to a request. It reports false if one has no role.
func (q *Request) addMessages(messages []message) bool {
	var all []string
	if q.Input != "" {
		all = append(all, q.Input)
	}
	for _, m := range messages {
		if m.Role == "" {
			return false
		}
		content := messageText(m.Content)
		all = append(all, content)
		if m.Role == "user" {
			q.Prompt = content
		}
	}
	q.Input = strings.Join(all, "\n")
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

// words splits the text into the chunks of a stream.
func (c *Completion) words() []string {
	if c.Text == "" {
		return nil
	}
	return strings.SplitAfter(c.Text, " ")
}

const eventStream = "text/event-stream"

// event returns one server-sent event; name may be empty.
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

// done returns the event that ends OpenAI's streams.
func done() []byte { return event("", []byte("[DONE]")) }

// byStatus returns the entry of a table for a status. Statuses that are not in
// the table get the entry for 500 if they are server errors, else that for 400.
func byStatus(table map[int]string, status int) string {
	if word, ok := table[status]; ok {
		return word
	}
	if status >= http.StatusInternalServerError {
		return table[http.StatusInternalServerError]
	}
	return table[http.StatusBadRequest]
}

// The APIs that the gateway itself refers to.
var (
	OpenAIChat        API = openAIChat{}
	OpenAIEmbeddings  API = openAIEmbeddings{}
	OpenAIResponses   API = openAIResponses{}
	AnthropicMessages API = anthropicMessages{}
	// RESTRun is POST /ai/run of the REST API.
	RESTRun API = restRun{}
)

// WorkersRun returns the API of Workers AI for the model in its path.
func WorkersRun(model string) API { return workersRun{model: model} }
