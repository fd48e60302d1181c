package emulator

import "encoding/json"

// openAIResponses is OpenAI's Responses API.
type openAIResponses struct{}

func (openAIResponses) kind() string { return "responses" }

func (openAIResponses) read(body []byte) (question, string) {
	var in struct {
		Model        string          `json:"model"`
		Input        json.RawMessage `json:"input"`
		Instructions string          `json:"instructions"`
		Stream       bool            `json:"stream"`
		MaxTokens    int             `json:"max_output_tokens"`
	}
	if json.Unmarshal(body, &in) != nil {
		return question{}, "We could not parse the JSON body of your request."
	}
	q := question{model: in.Model, input: in.Instructions, stream: in.Stream, maxTokens: max(in.MaxTokens, 0)}
	var plain string
	if json.Unmarshal(in.Input, &plain) == nil && plain != "" {
		in.Input = marshal([]said{{Role: "user", Content: marshal(plain)}})
	}
	// An item without a role, such as the output of a tool, says nothing.
	var items []said
	if json.Unmarshal(in.Input, &items) != nil || len(items) == 0 {
		return q, "Missing required parameter: 'input'."
	}
	for i := range items {
		if items[i].Role == "" {
			items[i].Role = "tool"
		}
	}
	q.hear(items)
	return q, ""
}

// response is the object that whole answers are and that streams begin and end
// with. Texts before the end of a stream have no usage yet.
func (openAIResponses) response(q question, c *completion, status string, output []any) map[string]any {
	out := map[string]any{
		"id": "resp_" + c.id, "object": "response", "created_at": c.created, "model": q.model,
		"status": status, "output": output, "error": nil, "incomplete_details": nil,
		"instructions": nil, "metadata": map[string]any{}, "parallel_tool_calls": true,
		"temperature": 1, "tool_choice": "auto", "tools": []any{}, "top_p": 1, "usage": nil,
	}
	if status == "in_progress" {
		return out
	}
	if c.cutShort {
		out["status"], out["incomplete_details"] = "incomplete", map[string]any{"reason": "max_output_tokens"}
	}
	out["usage"] = map[string]any{
		"input_tokens": c.tokensIn, "output_tokens": c.tokensOut, "total_tokens": c.tokensIn + c.tokensOut,
		"input_tokens_details":  map[string]any{"cached_tokens": 0},
		"output_tokens_details": map[string]any{"reasoning_tokens": 0},
	}
	return out
}

// item is the message in the output, with or without its text.
func (openAIResponses) item(c *completion, status string, content ...any) map[string]any {
	return map[string]any{
		"id": "msg_" + c.id, "type": "message", "role": "assistant", "status": status,
		"content": append([]any{}, content...),
	}
}

func (openAIResponses) part(text string) map[string]any {
	return map[string]any{"type": "output_text", "text": text, "annotations": []any{}, "logprobs": []any{}}
}

func (f openAIResponses) write(q question, c *completion) any {
	output := []any{}
	if !c.empty {
		output = append(output, f.item(c, "completed", f.part(c.text)))
	}
	return f.response(q, c, "completed", output)
}

func (f openAIResponses) stream(q question, c *completion) (string, [][]byte) {
	var out [][]byte
	send := func(kind string, members map[string]any) {
		members["type"], members["sequence_number"] = kind, len(out)
		out = append(out, event(kind, marshal(members)))
	}
	begun := func() map[string]any {
		return map[string]any{"response": f.response(q, c, "in_progress", []any{})}
	}
	// at adds to members which part of the output they are about.
	at := func(members map[string]any) map[string]any {
		members["item_id"], members["output_index"], members["content_index"] = "msg_"+c.id, 0, 0
		return members
	}
	send("response.created", begun())
	send("response.in_progress", begun())
	end := "response.completed"
	if c.cutShort {
		end = "response.incomplete"
	}
	if c.empty {
		send(end, map[string]any{"response": f.write(q, c)})
		return eventStream, out
	}
	send("response.output_item.added", map[string]any{"output_index": 0, "item": f.item(c, "in_progress")})
	send("response.content_part.added", at(map[string]any{"part": f.part("")}))
	for _, word := range c.words() {
		send("response.output_text.delta", at(map[string]any{"delta": word, "logprobs": []any{}}))
	}
	send("response.output_text.done", at(map[string]any{"text": c.text, "logprobs": []any{}}))
	send("response.content_part.done", at(map[string]any{"part": f.part(c.text)}))
	send("response.output_item.done", map[string]any{"output_index": 0, "item": f.item(c, "completed", f.part(c.text))})
	send(end, map[string]any{"response": f.write(q, c)})
	return eventStream, out
}

func (openAIResponses) fail(f failure) any { return openAIError(f) }
