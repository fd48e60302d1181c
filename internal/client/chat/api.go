package chat

import (
	"cmp"
	"fmt"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// An API is where a chat request goes, and the form of it and of its response.
type API string

const (
	// APICompat is a gateway's own endpoint for all providers, in the form of
	// OpenAI's chat completions.
	APICompat API = "compat"

	// APIChatCompletions is OpenAI's chat completions, on Cloudflare's REST API.
	APIChatCompletions API = "chat_completions"
	// APIResponses is OpenAI's Responses API, on Cloudflare's REST API.
	APIResponses API = "responses"
	// APIMessages is Anthropic's Messages API, on Cloudflare's REST API.
	APIMessages API = "messages"
	// APIRun is the endpoint of Cloudflare's REST API for models of all kinds.
	APIRun API = "run"
)

// APIs lists all APIs, the default first.
var APIs = []API{APICompat, APIChatCompletions, APIResponses, APIMessages, APIRun}

// REST reports whether an API is part of Cloudflare's REST API, which shares the
// URL of the control plane and takes the gateway from a header.
func (api API) REST() bool { return forms[api].rest }

// A form is what differs between APIs.
type form struct {
	// rest is whether path continues the URL of the account on the control plane,
	// and not that of the gateway on the data plane.
	rest bool
	path string
	// body returns the request body.
	body func(Request) (any, error)
	// read reads a response body and reports whether it is one of a model.
	read func(*Response, wire.Object) bool
}

var forms = map[API]form{
	APICompat:          {path: "/compat/chat/completions", body: completionsBody, read: (*Response).readCompletion},
	APIChatCompletions: {rest: true, path: "/ai/v1/chat/completions", body: completionsBody, read: (*Response).readCompletion},
	APIResponses:       {rest: true, path: "/ai/v1/responses", body: responsesBody, read: (*Response).readResponse},
	APIMessages:        {rest: true, path: "/ai/v1/messages", body: messagesBody, read: (*Response).readMessage},
	APIRun:             {rest: true, path: "/ai/run", body: runBody, read: (*Response).readRun},
}

// form returns the form of a request with valid ids.
func (req Request) form() (form, error) {
	f, known := forms[cmp.Or(req.API, APICompat)]
	switch {
	case !known:
		return f, fmt.Errorf("there is no API %q, so no request was sent", req.API)
	case f.rest && req.GatewayID == "":
		return f, client.CheckAccountID(req.AccountID)
	default:
		return f, client.CheckGateway(req.AccountID, req.GatewayID)
	}
}

func (req Request) url(c *client.Client, form form) string {
	if form.rest {
		return c.BaseURL() + "/accounts/" + req.AccountID + form.path
	}
	return c.GatewayURL(req.AccountID, req.GatewayID) + form.path
}
