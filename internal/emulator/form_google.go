package emulator

import (
	"encoding/json"
	"slices"
)

// googleGenerate is the method generateContent of Google's Gemini API, and
// streamGenerateContent, which streams a JSON array, or events when the query
// says alt=sse.
type googleGenerate struct {
	// model is the one of the path, since bodies do not name it.
	model          string
	streaming, sse bool
}

func (googleGenerate) kind() string { return "chat" }

func (f googleGenerate) read(body []byte) (question, string) {
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
		return question{model: f.model}, "Invalid JSON payload received."
	}
	q := question{
		model: f.model, input: messageText(in.System.Parts),
		stream: f.streaming, maxTokens: max(in.Config.MaxTokens, 0),
	}
	if len(in.Contents) == 0 {
		return q, "* GenerateContentRequest.contents: contents is not specified\n"
	}
	messages := make([]said, 0, len(in.Contents))
	for _, c := range in.Contents {
		if c.Role == "" {
			c.Role = "user"
		}
		messages = append(messages, said{Role: c.Role, Content: c.Parts})
	}
	q.hear(messages)
	return q, ""
}

// piece is a whole answer, or one of a stream's, of which only the last has a
// reason to end.
func (googleGenerate) piece(q question, c *completion, text string, last bool) map[string]any {
	candidate := map[string]any{
		"content": map[string]any{"role": "model", "parts": []any{map[string]any{"text": text}}},
		"index":   0,
	}
	if last {
		candidate["finishReason"] = "STOP"
		if c.cutShort {
			candidate["finishReason"] = "MAX_TOKENS"
		}
	}
	candidates := []any{candidate}
	if c.empty {
		candidates = []any{}
	}
	return map[string]any{
		"candidates": candidates,
		"usageMetadata": map[string]any{
			"promptTokenCount": c.tokensIn, "candidatesTokenCount": c.tokensOut, "totalTokenCount": c.tokensIn + c.tokensOut,
		},
		"modelVersion": q.model, "responseId": c.id,
	}
}

func (f googleGenerate) write(q question, c *completion) any { return f.piece(q, c, c.text, true) }

func (f googleGenerate) stream(q question, c *completion) (string, [][]byte) {
	words := c.words()
	if len(words) == 0 {
		words = []string{""}
	}
	var out [][]byte
	for i, word := range words {
		piece := marshal(f.piece(q, c, word, i == len(words)-1))
		switch {
		case f.sse:
			piece = event("", piece)
		case i == 0:
			piece = slices.Concat([]byte("["), piece)
		default:
			piece = slices.Concat([]byte(",\n"), piece)
		}
		out = append(out, piece)
	}
	if f.sse {
		return eventStream, out
	}
	return "application/json", append(out, []byte("]\n"))
}

// googleErrors are the documented names of statuses.
var googleErrors = map[int]string{
	400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
	429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}

func (googleGenerate) fail(f failure) any {
	return map[string]any{"error": map[string]any{
		"code": f.status, "message": f.message, "status": pick(googleErrors, f.status),
	}}
}
