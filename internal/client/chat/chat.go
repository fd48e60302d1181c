// Package chat sends chat requests through gateways. It does not use cloudflare-go,
// which has no data plane.
package chat

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// codeNoGateway is the data plane's code for a gateway that does not exist.
const codeNoGateway = 2001

// A Message is one message of a conversation.
type Message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// Metadata describes a request for dynamic routes, limits and the log. Its values are
// strings, booleans and [json.Number], since conditions compare values of one type
// only.
type Metadata map[string]any

// A Request is one chat request through a gateway.
type Request struct {
	// API is where the request goes, and its form; empty means APICompat.
	API API
	// AccountID and GatewayID name the gateway. Cloudflare's REST API chooses one
	// if GatewayID is empty.
	AccountID, GatewayID string
	// Model is {provider}/{model}; on the REST API {author}/{model}, or
	// @cf/{author}/{model}.
	Model string
	// Messages are the conversation: at least one message.
	Messages []Message
	// MaxTokens bounds the length of the response. 0 leaves that to the model,
	// which the Messages API does not allow.
	MaxTokens int64
	// Metadata is stored in the gateway's log of the request.
	Metadata Metadata
	// Headers are options of AI Gateway for this request: only cf-aig-….
	Headers map[string]string
	// ExtraHeaders are any other headers, such as a provider's own Authorization.
	// They win over Headers and Metadata. Their values are secrets: they are
	// redacted wherever the response repeats them. On the REST API, Authorization
	// is Cloudflare's, and is left out of them.
	ExtraHeaders map[string]string
	// Timeout bounds all attempts together. It must be above 0.
	Timeout time.Duration
	// AwaitGateway repeats the request, for at most 10 seconds, if the response is
	// that the gateway does not exist. A client without retries does not.
	AwaitGateway bool
}

// Send sends one chat request through a gateway and returns the response, whatever
// its status.
//
// The error is for no response. It is a [client.Error] of kind
// [client.ErrUnavailable] if nothing can have arrived, of kind
// [client.ErrOutcomeUnknown] if the request may have been processed, and billed,
// and of kind [client.ErrUnexpectedResponse] for a response too large to read. It
// wraps [context.Canceled] after an interrupt and [context.DeadlineExceeded] after
// the timeout. Any other error says why the request could not be sent.
//
// A chat request costs money, so nothing is repeated but what was turned away since
// the gateway does not exist (see AwaitGateway): no broken connection, no 429, no
// 5xx.
func Send(ctx context.Context, c *client.Client, req Request) (*Response, error) {
	form, err := req.form()
	if err != nil {
		return nil, err
	}
	header, err := req.header(c, form)
	if err != nil {
		return nil, err
	}
	body, err := req.body(form)
	if err != nil {
		return nil, err
	}
	request := client.Request{Operation: "chat request", Secrets: req.secrets(), MaxBody: client.DefaultMaxBody, CutBody: true}

	bounded, cancel := context.WithTimeout(c.LogContext(ctx, request), req.Timeout)
	defer cancel()
	// A gateway that was just created may be unknown to the data plane for a
	// while, and a request through a gateway that does not exist costs nothing.
	poll := c.NewPoll(10*time.Second, 500*time.Millisecond, 2*time.Second)
	for attempt := 0; ; attempt++ {
		httpReq, err := http.NewRequestWithContext(bounded, http.MethodPost, req.url(c, form), bytes.NewReader(body))
		if err != nil {
			return nil, fmt.Errorf("%w, so no request was sent", err)
		}
		httpReq.Header = header.Clone()
		resp := c.SendOnce(bounded, request, attempt, req.Timeout, httpReq)
		if resp.Err != nil {
			return nil, noResponse(ctx, resp)
		}
		if limit := c.MaxBody(); int64(len(resp.Body)) >= limit {
			return nil, resp.Unexpected(fmt.Errorf("the response is larger than %d MiB", limit>>20))
		}
		response := decode(resp, form, resp.Redact)
		if !req.AwaitGateway || !response.gatewayAbsent() || poll.Ended() {
			return response, nil
		}
		if err := poll.Pause(bounded, request); err != nil {
			if ctx.Err() == nil {
				return response, nil // the timeout passed with a response at hand
			}
			resp.Err = err
			return nil, noResponse(ctx, resp)
		}
	}
}

// noResponse returns the error of a request without a response. A server that does
// not speak TLS has not read the request; the core cannot tell, since on a
// connection that it reuses the same error may come later.
func noResponse(ctx context.Context, resp *client.Response) error {
	var notTLS tls.RecordHeaderError
	if errors.As(resp.Err, &notTLS) {
		resp.Sent = false
	}
	return resp.NoResponse(ctx)
}
