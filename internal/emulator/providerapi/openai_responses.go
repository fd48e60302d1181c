package providerapi

import (
	"encoding/json"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// openAIResponses is OpenAI's Responses API.
type openAIResponses struct{}

func (openAIResponses) Kind() string { return "responses" }

func (openAIResponses) Parse(body []byte) (Request, string) {
	var in struct {
		Model        string          `json:"model"`
		Input        json.RawMessage `json:"input"`
		Instructions string          `json:"instructions"`
		Stream       bool            `json:"stream"`
		MaxTokens    int             `json:"max_output_tokens"`
	}
	if json.Unmarshal(body, &in) != nil {
		return Request{}, "We could not parse the JSON body of your request."
	}
	q := Request{Model: in.Model, Input: in.Instructions, Stream: in.Stream, MaxTokens: max(in.MaxTokens, 0)}
	var plain string
	if json.Unmarshal(in.Input, &plain) == nil && plain != "" {
		in.Input = wire.Marshal([]message{{Role: "user", Content: wire.Marshal(plain)}})
	}
	// Items without a role, such as the output of a tool, are not part of the prompt.
	var items []message
	if json.Unmarshal(in.Input, &items) != nil || len(items) == 0 {
		return q, "Missing required parameter: 'input'."
	}
	for i := range items {
		if items[i].Role == "" {
			items[i].Role = "tool"
		}
	}
	q.addMessages(items)
	return q, ""
}

// response returns a complete response, or the object with which a stream begins
// and ends. It has no usage before the end of the stream.
func (openAIResponses) response(q Request, c *Completion, status string, output []any) map[string]any {
	out := map[string]any{
		"id": "resp_" + c.ID, "object": "response", "created_at": c.Created, "model": q.Model,
		"status": status, "output": output, "error": nil, "incomplete_details": nil,
		"instructions": nil, "metadata": map[string]any{}, "parallel_tool_calls": true,
		"temperature": 1, "tool_choice": "auto", "tools": []any{}, "top_p": 1, "usage": nil,
	}
	if status == "in_progress" {
		return out
	}
	if c.Truncated {
		out["status"], out["incomplete_details"] = "incomplete", map[string]any{"reason": "max_output_tokens"}
	}
	out["usage"] = map[string]any{
		"input_tokens": c.TokensIn, "output_tokens": c.TokensOut, "total_tokens": c.TokensIn + c.TokensOut,
		"input_tokens_details":  map[string]any{"cached_tokens": 0},
		"output_tokens_details": map[string]any{"reasoning_tokens": 0},
	}
	return out
}

// item returns the message in the output, with or without its text.
func (openAIResponses) item(c *Completion, status string, content ...any) map[string]any {
	return map[string]any{
		"id": "msg_" + c.ID, "type": "message", "role": "assistant", "status": status,
		"content": append([]any{}, content...),
	}
}

func (openAIResponses) part(text string) map[string]any {
	return map[string]any{"type": "output_text", "text": text, "annotations": []any{}, "logprobs": []any{}}
}

func (f openAIResponses) Render(q Request, c *Completion) any {
	output := []any{}
	if !c.Empty {
		output = append(output, f.item(c, "completed", f.part(c.Text)))
	}
	return f.response(q, c, "completed", output)
}

func (f openAIResponses) Stream(q Request, c *Completion) (string, [][]byte) {
	var out [][]byte
	send := func(kind string, members map[string]any) {
		members["type"], members["sequence_number"] = kind, len(out)
		out = append(out, event(kind, wire.Marshal(members)))
	}
	started := func() map[string]any {
		return map[string]any{"response": f.response(q, c, "in_progress", []any{})}
	}
	// at adds the position in the output to an event.
	at := func(members map[string]any) map[string]any {
		members["item_id"], members["output_index"], members["content_index"] = "msg_"+c.ID, 0, 0
		return members
	}
	send("response.created", started())
	send("response.in_progress", started())
	end := "response.completed"
	if c.Truncated {
		end = "response.incomplete"
	}
	if c.Empty {
		send(end, map[string]any{"response": f.Render(q, c)})
		return eventStream, out
	}
	send("response.output_item.added", map[string]any{"output_index": 0, "item": f.item(c, "in_progress")})
	send("response.content_part.added", at(map[string]any{"part": f.part("")}))
	for _, word := range c.words() {
		send("response.output_text.delta", at(map[string]any{"delta": word, "logprobs": []any{}}))
	}
	send("response.output_text.done", at(map[string]any{"text": c.Text, "logprobs": []any{}}))
	send("response.content_part.done", at(map[string]any{"part": f.part(c.Text)}))
	send("response.output_item.done", map[string]any{"output_index": 0, "item": f.item(c, "completed", f.part(c.Text))})
	send(end, map[string]any{"response": f.Render(q, c)})
	return eventStream, out
}

func (openAIResponses) RenderError(e Error) any { return openAIError(e) }
