package chat

import (
	"encoding/json"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// readCompletion reads an OpenAI chat completion: an object with choices, of which
// there may be none.
func (a *Response) readCompletion(o wire.Object) bool {
	a.readModel(o)
	choices := wire.As[[]json.RawMessage](o["choices"])
	if choices == nil {
		return false
	}
	if len(*choices) > 0 {
		first := wire.ObjectOf((*choices)[0])
		a.FinishReason = wire.As[string](first["finish_reason"])
		a.Text = messageText(wire.ObjectOf(first["message"])["content"])
	}
	return true
}

// readResponse reads a response of OpenAI's Responses API: an object with
// output, in which messages stand among reasoning and calls of tools.
func (a *Response) readResponse(o wire.Object) bool {
	a.readModel(o)
	output := wire.As[[]json.RawMessage](o["output"])
	status := wire.As[string](o["status"])
	if output == nil || status != nil && (*status == "failed" || *status == "cancelled") {
		return false
	}
	a.FinishReason = status
	for _, item := range *output {
		fields := wire.ObjectOf(item)
		if kind := wire.As[string](fields["type"]); kind == nil || *kind == "message" {
			a.addText(messageText(fields["content"]))
		}
	}
	return true
}

// readMessage reads a message of Anthropic's Messages API: an object with
// content, in which texts stand among thoughts and calls of tools.
func (a *Response) readMessage(o wire.Object) bool {
	a.readModel(o)
	if wire.As[[]json.RawMessage](o["content"]) == nil {
		return false
	}
	a.FinishReason = wire.As[string](o["stop_reason"])
	a.Text = messageText(o["content"])
	return true
}

// readRun reads a response of the endpoint for all models: in Cloudflare's envelope
// the result of a model, possibly within an object with its state. The result has
// the model's own form: one of those above, that of Workers AI, or any other, in
// which no text is looked for.
func (a *Response) readRun(o wire.Object) bool {
	const deepest = 3
	for depth := range deepest {
		if success := wire.As[bool](o["success"]); success != nil && !*success {
			return false
		}
		if state := wire.As[string](o["state"]); state != nil && !strings.EqualFold(*state, "completed") {
			return false
		}
		if a.readCompletion(o) || a.readResponse(o) || a.readMessage(o) {
			return true
		}
		if response, ok := o["response"]; ok { // Workers AI
			a.Text = wire.As[string](response)
			return true
		}
		result, ok := o["result"]
		if !ok {
			return depth > 0 && len(o) > 0 && o["state"] == nil
		}
		if text := wire.As[string](result); text != nil {
			a.Text = text
			return true
		}
		if o = wire.ObjectOf(result); o == nil {
			return false
		}
	}
	return false
}

// readModel reads what all forms have: the model, and its usage under one of two
// names. A missing value leaves what was read before.
func (a *Response) readModel(o wire.Object) {
	if model := wire.As[string](o["model"]); model != nil && *model != "" {
		a.Model = model
	}
	usage := wire.ObjectOf(o["usage"])
	for _, tokens := range []struct {
		into  **int64
		names [2]string
	}{
		{&a.PromptTokens, [2]string{"prompt_tokens", "input_tokens"}},
		{&a.CompletionTokens, [2]string{"completion_tokens", "output_tokens"}},
	} {
		for _, name := range tokens.names {
			if number := (*int64)(wire.As[wire.Integer](usage[name])); number != nil {
				*tokens.into = number
				break
			}
		}
	}
}

func (a *Response) addText(text *string) {
	if text == nil {
		return
	}
	if a.Text == nil {
		a.Text = new(string)
	}
	*a.Text += *text
}

// messageText returns the content of a message: a string, or the texts among its
// parts.
func messageText(content json.RawMessage) *string {
	if text := wire.As[string](content); text != nil {
		return text
	}
	var whole *string
	for _, part := range wire.ListOf(content) {
		if text := wire.As[string](wire.ObjectOf(part)["text"]); text != nil {
			if whole == nil {
				whole = new(string)
			}
			*whole += *text
		}
	}
	return whole
}
