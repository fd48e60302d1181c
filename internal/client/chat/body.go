package chat

import (
	"encoding/json"
	"errors"
	"strings"
)

// body returns the request body, in the form of the API.
func (req Request) body(form form) ([]byte, error) {
	if req.Model == "" || len(req.Messages) == 0 {
		return nil, errors.New("a chat request needs a model and at least one message, so no request was sent")
	}
	body, err := form.body(req)
	if err != nil {
		return nil, err
	}
	return json.Marshal(body)
}

func completionsBody(req Request) (any, error) {
	body := struct {
		Model               string    `json:"model"`
		Messages            []Message `json:"messages"`
		MaxTokens           int64     `json:"max_tokens,omitempty"`
		MaxCompletionTokens int64     `json:"max_completion_tokens,omitempty"`
	}{Model: req.Model, Messages: req.Messages}
	// OpenAI's newer models refuse the older name, and others know only that.
	switch provider, _, _ := strings.Cut(req.Model, "/"); provider {
	case "openai", "azure-openai":
		body.MaxCompletionTokens = req.MaxTokens
	default:
		body.MaxTokens = req.MaxTokens
	}
	return body, nil
}

// responsesBody sends a single message of the user as a string, which is the form
// that every model takes.
func responsesBody(req Request) (any, error) {
	body := struct {
		Model           string `json:"model"`
		Input           any    `json:"input"`
		MaxOutputTokens int64  `json:"max_output_tokens,omitempty"`
	}{req.Model, req.Messages, req.MaxTokens}
	if len(req.Messages) == 1 && req.Messages[0].Role == "user" {
		body.Input = req.Messages[0].Content
	}
	return body, nil
}

// messagesBody separates the messages of the roles system and developer from the
// conversation, which consists of the other two roles.
func messagesBody(req Request) (any, error) {
	body := struct {
		Model     string    `json:"model"`
		MaxTokens int64     `json:"max_tokens"`
		System    string    `json:"system,omitempty"`
		Messages  []Message `json:"messages"`
	}{Model: req.Model, MaxTokens: req.MaxTokens}
	var system []string
	for _, message := range req.Messages {
		if message.Role == "system" || message.Role == "developer" {
			system = append(system, message.Content)
		} else {
			body.Messages = append(body.Messages, message)
		}
	}
	body.System = strings.Join(system, "\n\n")
	switch {
	case len(body.Messages) == 0:
		return nil, errors.New("the Messages API needs a message of the role user or assistant, so no request was sent")
	case req.MaxTokens == 0:
		return nil, errors.New("the Messages API needs a maximum number of tokens in the response, so no request was sent")
	}
	return body, nil
}

func runBody(req Request) (any, error) {
	type input struct {
		Messages  []Message `json:"messages"`
		MaxTokens int64     `json:"max_tokens,omitempty"`
	}
	return struct {
		Model string `json:"model"`
		Input input  `json:"input"`
	}{req.Model, input{req.Messages, req.MaxTokens}}, nil
}
