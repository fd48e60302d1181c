package providerapi

import (
	"encoding/json"
	"slices"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// googleGenerate is generateContent of Google's Gemini API, and
// streamGenerateContent, which streams a JSON array, or events if the query has
// alt=sse.
type googleGenerate struct {
	// model comes from the path; bodies do not name it.
	model          string
	streaming, sse bool
}

func (googleGenerate) Kind() string { return "chat" }

func (f googleGenerate) Parse(body []byte) (Request, string) {
	type content struct {
		Role  string          `json:"role"`
		Parts json.RawMessage `json:"parts"`
	}
	var in struct {
		Contents []content `json:"contents"`
		System   content   `json:"systemInstruction"`
		Config   struct {
			MaxTokens int `json:"maxOutputTokens"`
		} `json:"generationConfig"`
	}
	if json.Unmarshal(body, &in) != nil {
		return Request{Model: f.model}, "Invalid JSON payload received."
	}
	q := Request{
		Model: f.model, Input: messageText(in.System.Parts),
		Stream: f.streaming, MaxTokens: max(in.Config.MaxTokens, 0),
	}
	if len(in.Contents) == 0 {
		return q, "* GenerateContentRequest.contents: contents is not specified\n"
	}
	messages := make([]message, 0, len(in.Contents))
	for _, c := range in.Contents {
		if c.Role == "" {
			c.Role = "user"
		}
		messages = append(messages, message{Role: c.Role, Content: c.Parts})
	}
	q.addMessages(messages)
	return q, ""
}

// chunk returns a complete response or a chunk of a stream. Only the last chunk
// has a finish reason.
func (googleGenerate) chunk(q Request, c *Completion, text string, last bool) map[string]any {
	candidate := map[string]any{
		"content": map[string]any{"role": "model", "parts": []any{map[string]any{"text": text}}},
		"index":   0,
	}
	if last {
		candidate["finishReason"] = "STOP"
		if c.Truncated {
			candidate["finishReason"] = "MAX_TOKENS"
		}
	}
	candidates := []any{candidate}
	if c.Empty {
		candidates = []any{}
	}
	return map[string]any{
		"candidates": candidates,
		"usageMetadata": map[string]any{
			"promptTokenCount": c.TokensIn, "candidatesTokenCount": c.TokensOut, "totalTokenCount": c.TokensIn + c.TokensOut,
		},
		"modelVersion": q.Model, "responseId": c.ID,
	}
}

func (f googleGenerate) Render(q Request, c *Completion) any { return f.chunk(q, c, c.Text, true) }

func (f googleGenerate) Stream(q Request, c *Completion) (string, [][]byte) {
	words := c.words()
	if len(words) == 0 {
		words = []string{""}
	}
	var out [][]byte
	for i, word := range words {
		chunk := wire.Marshal(f.chunk(q, c, word, i == len(words)-1))
		switch {
		case f.sse:
			chunk = event("", chunk)
		case i == 0:
			chunk = slices.Concat([]byte("["), chunk)
		default:
			chunk = slices.Concat([]byte(",\n"), chunk)
		}
		out = append(out, chunk)
	}
	if f.sse {
		return eventStream, out
	}
	return "application/json", append(out, []byte("]\n"))
}

// googleErrors are the documented names of error statuses.
var googleErrors = map[int]string{
	400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
	429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}

func (googleGenerate) RenderError(e Error) any {
	return map[string]any{"error": map[string]any{
		"code": e.Status, "message": e.Message, "status": byStatus(googleErrors, e.Status),
	}}
}
