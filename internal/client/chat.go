package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	// gatewayPatience is how long a gateway that the data plane does not know
	// may take to appear: one that was just created can lag, and a request
	// through a gateway that does not exist costs nothing.
	gatewayPatience = 10 * time.Second
	// longGatewayPause is the longest pause before asking again for it.
	longGatewayPause = 2 * time.Second

	// codeNoGateway is the data plane's code for a gateway that does not exist.
	codeNoGateway = 2001
)

// ChatMessage is one message of a conversation.
type ChatMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// ChatRequest is one chat request through a gateway.
type ChatRequest struct {
	// API is where the request goes, and its form; empty means APICompat.
	API ChatAPI
	// AccountID and GatewayID name the gateway. Cloudflare's REST API chooses
	// one where GatewayID is empty.
	AccountID, GatewayID string
	// Model is {provider}/{model}; on the REST API {author}/{model}, or
	// @cf/{author}/{model}.
	Model string
	// Messages are the conversation, at least one message.
	Messages []ChatMessage
	// MaxTokens is how long the answer may become. 0 leaves that to the model,
	// which the Messages API does not allow.
	MaxTokens int64
	// Metadata goes with the request into the gateway's log.
	Metadata map[string]string
	// Headers are options of AI Gateway for this request: cf-aig-… alone.
	Headers map[string]string
	// ExtraHeaders are any other headers, such as a provider's own
	// Authorization; they win over Headers and Metadata. Their values are
	// secrets: they are redacted wherever the answer repeats them. On the REST
	// API, Authorization is Cloudflare's, and is left out of them.
	ExtraHeaders map[string]string
	// Timeout bounds the whole, repetitions included. It must be above 0.
	Timeout time.Duration
	// AwaitGateway asks again, for at most 10 seconds, when the answer is that
	// the gateway does not exist. A client without retries does not.
	AwaitGateway bool
}

// ChatCompletion sends one chat request through a gateway and returns the
// answer, whatever its status.
//
// The error is for no answer. It is an [*Error] of kind [ErrUnavailable] where
// nothing can have arrived, of kind [ErrOutcomeUnknown] where the request may
// have been carried out, and billed, and of kind [ErrUnexpectedAnswer] for an
// answer too large to read; it wraps [context.Canceled] after an interrupt and
// [context.DeadlineExceeded] after the timeout. Any other error says what in
// the request kept it from being sent.
//
// A chat request costs money, so nothing is repeated but what the gateway's
// absence turned away (see AwaitGateway): no broken connection, no 429, no 5xx.
func (c *Client) ChatCompletion(ctx context.Context, req ChatRequest) (*ChatAnswer, error) {
	form, err := req.chatForm()
	if err != nil {
		return nil, err
	}
	header, err := c.chatHeader(req, form)
	if err != nil {
		return nil, err
	}
	body, err := chatBody(req, form)
	if err != nil {
		return nil, err
	}
	url := c.chatURL(req, form)
	redact := c.chatRedactor(req)
	op := operation{name: "chat request", policy: once}

	bounded, cancel := context.WithTimeout(c.logContext(ctx), req.Timeout)
	defer cancel()
	start := time.Now()
	var waited time.Duration // as asked for, since tests do not really wait
	for attempt := 0; ; attempt++ {
		ex := c.chatAttempt(bounded, op, url, header, body, attempt)
		ex.redact = redact
		if ex.err != nil {
			return nil, chatFailure(ctx, op, ex, req.Timeout)
		}
		if len(ex.body) >= maxBody {
			return nil, unexpected(op.name, ex, fmt.Errorf("the answer is larger than %d MiB", maxBody>>20))
		}
		answer := decodeChat(ex, form, redact)
		pause := min(firstPause<<min(attempt, 10), longGatewayPause)
		if !req.AwaitGateway || c.maxRetries == 0 || !answer.gatewayAbsent() ||
			max(waited, time.Since(start))+pause > gatewayPatience {
			return answer, nil
		}
		logRetry(bounded, op, attempt, pause)
		waited += pause
		if err := c.wait(bounded, pause); err != nil {
			if ctx.Err() != nil {
				ex.err = err
				return nil, chatFailure(ctx, op, ex, req.Timeout)
			}
			return answer, nil // the timeout passed with an answer at hand
		}
	}
}

func (c *Client) chatAttempt(ctx context.Context, op operation, url string, header http.Header, body []byte, attempt int) *exchange {
	ex := &exchange{method: http.MethodPost, attempts: attempt + 1, header: http.Header{}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		ex.err = err
		return ex
	}
	req.Header = header.Clone()
	start := time.Now()
	if resp, err := ex.roundTrip(req, c.http.Do); err == nil {
		_ = resp.Body.Close() // read to its end already
	}
	logAttempt(ctx, op, ex, time.Since(start))
	return ex
}

// chatFailure is the error for a chat request without an answer. ctx is the
// caller's context, without the request's timeout.
func chatFailure(ctx context.Context, op operation, ex *exchange, timeout time.Duration) *Error {
	e := &Error{Op: op.name, Attempts: ex.attempts, kind: ErrUnavailable, cause: ex.clean(withoutURL(ex.err))}
	if ex.status == 0 && ex.sent && !duringHandshake(ex.err) {
		e.kind = ErrOutcomeUnknown
	}
	if err := context.Cause(ctx); err != nil {
		e.cause = fmt.Errorf("interrupted: %w", err)
	} else if errors.Is(ex.err, context.DeadlineExceeded) {
		e.cause = fmt.Errorf("no complete answer within %s: %w", timeout, context.DeadlineExceeded)
	}
	return e
}

// duringHandshake tells whether TLS kept a connection from being used: the
// server's certificate is not trusted, or it does not speak TLS.
func duringHandshake(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &certificate) || errors.As(err, &record)
}
