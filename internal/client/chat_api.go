package client

import (
	"cmp"
	"fmt"
)

// ChatAPI is where a chat request goes, and the form of it and of its answer.
type ChatAPI string

const (
	// APICompat is a gateway's own endpoint for all providers, in the form of
	// OpenAI's chat completions.
	APICompat ChatAPI = "compat"

	// APIChatCompletions is OpenAI's chat completions, on Cloudflare's REST API.
	APIChatCompletions ChatAPI = "chat_completions"
	// APIResponses is OpenAI's Responses API, on Cloudflare's REST API.
	APIResponses ChatAPI = "responses"
	// APIMessages is Anthropic's Messages API, on Cloudflare's REST API.
	APIMessages ChatAPI = "messages"
	// APIRun is the endpoint of Cloudflare's REST API for models of all kinds.
	APIRun ChatAPI = "run"
)

// ChatAPIs are all of them, the default first.
var ChatAPIs = []ChatAPI{APICompat, APIChatCompletions, APIResponses, APIMessages, APIRun}

// REST tells whether an API is part of Cloudflare's REST API, which shares the
// control plane's address and takes the gateway from a header.
func (api ChatAPI) REST() bool { return chatForms[api].rest }

// chatForm is what sets an API apart from the others.
type chatForm struct {
	// rest is whether path follows the account's address on the control plane,
	// and not the gateway's on the data plane.
	rest bool
	path string
	// body is the request as the API takes it.
	body func(ChatRequest) (any, error)
	// read takes over an answer, and tells whether it is one of a model.
	read func(*ChatAnswer, jsonObject) bool
}

var chatForms = map[ChatAPI]chatForm{
	APICompat:          {path: "/compat/chat/completions", body: completionsBody, read: (*ChatAnswer).readCompletion},
	APIChatCompletions: {rest: true, path: "/ai/v1/chat/completions", body: completionsBody, read: (*ChatAnswer).readCompletion},
	APIResponses:       {rest: true, path: "/ai/v1/responses", body: responsesBody, read: (*ChatAnswer).readResponse},
	APIMessages:        {rest: true, path: "/ai/v1/messages", body: messagesBody, read: (*ChatAnswer).readMessage},
	APIRun:             {rest: true, path: "/ai/run", body: runBody, read: (*ChatAnswer).readRun},
}

// chatForm is the form of a request whose ids are in order. It is an error,
// which says that no request was sent, if there is none.
func (req ChatRequest) chatForm() (chatForm, error) {
	form, known := chatForms[cmp.Or(req.API, APICompat)]
	switch {
	case !known:
		return form, fmt.Errorf("there is no API %q, so no request was sent", req.API)
	case form.rest && req.GatewayID == "":
		return form, checkAccountID(req.AccountID)
	default:
		return form, checkIDs(req.AccountID, req.GatewayID)
	}
}

func (c *Client) chatURL(req ChatRequest, form chatForm) string {
	if form.rest {
		return c.baseURL + "/accounts/" + req.AccountID + form.path
	}
	return c.GatewayURL(req.AccountID, req.GatewayID) + form.path
}
