package client

import (
	"encoding/json"
	"strings"
)

// readCompletion reads an OpenAI chat completion: an object with choices,
// though there may be none in them.
func (a *ChatAnswer) readCompletion(o jsonObject) bool {
	a.readModel(o)
	choices := as[[]json.RawMessage](o["choices"])
	if choices == nil {
		return false
	}
	if len(*choices) > 0 {
		first := object((*choices)[0])
		a.FinishReason = as[string](first["finish_reason"])
		a.Text = messageText(object(first["message"])["content"])
	}
	return true
}

// readResponse reads a response of OpenAI's Responses API: an object with
// output, in which messages stand among reasoning and calls of tools.
func (a *ChatAnswer) readResponse(o jsonObject) bool {
	a.readModel(o)
	output := as[[]json.RawMessage](o["output"])
	status := as[string](o["status"])
	if output == nil || status != nil && (*status == "failed" || *status == "cancelled") {
		return false
	}
	a.FinishReason = status
	for _, item := range *output {
		fields := object(item)
		if kind := as[string](fields["type"]); kind == nil || *kind == "message" {
			a.addText(messageText(fields["content"]))
		}
	}
	return true
}

// readMessage reads a message of Anthropic's Messages API: an object with
// content, in which texts stand among thoughts and calls of tools.
func (a *ChatAnswer) readMessage(o jsonObject) bool {
	a.readModel(o)
	if as[[]json.RawMessage](o["content"]) == nil {
		return false
	}
	a.FinishReason = as[string](o["stop_reason"])
	a.Text = messageText(o["content"])
	return true
}

// readRun reads what the endpoint for all models answers: in Cloudflare's
// envelope the result of a model, which may come with its state around it. A
// model answers in a form of its own: one of those above, that of Workers AI,
// or any other, in which no text is looked for.
func (a *ChatAnswer) readRun(o jsonObject) bool {
	const deepest = 3
	for depth := range deepest {
		if success := as[bool](o["success"]); success != nil && !*success {
			return false
		}
		if state := as[string](o["state"]); state != nil && !strings.EqualFold(*state, "completed") {
			return false
		}
		if a.readCompletion(o) || a.readResponse(o) || a.readMessage(o) {
			return true
		}
		if response, ok := o["response"]; ok { // Workers AI
			a.Text = as[string](response)
			return true
		}
		result, ok := o["result"]
		if !ok {
			return depth > 0 && len(o) > 0 && o["state"] == nil
		}
		if text := as[string](result); text != nil {
			a.Text = text
			return true
		}
		if o = object(result); o == nil {
			return false
		}
	}
	return false
}

// readModel reads what all forms have: the model, and its usage under one of
// two names. What is not there leaves what was read before.
func (a *ChatAnswer) readModel(o jsonObject) {
	if model := as[string](o["model"]); model != nil && *model != "" {
		a.Model = model
	}
	usage := object(o["usage"])
	for _, tokens := range []struct {
		into  **int64
		names [2]string
	}{
		{&a.PromptTokens, [2]string{"prompt_tokens", "input_tokens"}},
		{&a.CompletionTokens, [2]string{"completion_tokens", "output_tokens"}},
	} {
		for _, name := range tokens.names {
			if number := int64Of(as[integer](usage[name])); number != nil {
				*tokens.into = number
				break
			}
		}
	}
}

func (a *ChatAnswer) addText(text *string) {
	if text == nil {
		return
	}
	if a.Text == nil {
		a.Text = new(string)
	}
	*a.Text += *text
}

// messageText is a message's content: a text, or the texts among its parts.
func messageText(content json.RawMessage) *string {
	if text := as[string](content); text != nil {
		return text
	}
	var whole *string
	for _, part := range list(content) {
		if text := as[string](object(part)["text"]); text != nil {
			if whole == nil {
				whole = new(string)
			}
			*whole += *text
		}
	}
	return whole
}
