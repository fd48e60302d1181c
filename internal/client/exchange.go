package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/option"
)

// policy is what a request may be repeated after.
type policy int

const (
	// repeatable requests have the same effect however often they arrive:
	// GET, and PUT and DELETE of one object.
	repeatable policy = iota
	// once is for requests that would do their work again: POST. They are
	// repeated only where it is certain that nothing was done.
	once
)

// operation is one thing that a caller wants done, in one or more attempts.
type operation struct {
	name   string // as in errors: "create gateway"
	policy policy
	// secrets are those of the request, besides the client's own.
	secrets []string
}

// exchange is what came of an operation: the last answer, or why there is
// none.
type exchange struct {
	method   string
	path     string
	status   int
	header   http.Header
	body     []byte
	attempts int
	// sent tells that the request may have reached the server.
	sent bool
	// hopeless tells that err would come again with every attempt.
	hopeless bool
	err      error
	// redact takes secrets out of what the server says, before people see it.
	redact func(string) string
}

// call is one attempt, made with the options that it is given. The result and
// the error of the SDK do not matter: what the SDK decodes reads null as zero,
// and its errors hide the body; the answer is caught on its way.
type call func(ctx context.Context, opts ...option.RequestOption) error

// send makes the attempts that the operation's policy allows and returns the
// last answer. The error, if any, is an [*Error]; the exchange is returned
// with it, except that it may be without an answer.
func (c *Client) send(ctx context.Context, op operation, do call) (*exchange, error) {
	if err := context.Cause(ctx); err != nil {
		ex := &exchange{header: http.Header{}, err: err}
		return ex, failure(ctx, op, ex)
	}
	ctx = c.logContext(ctx, op.secrets...)
	for attempt := 0; ; attempt++ {
		ex := c.attempt(ctx, op, attempt, do)
		if ex.err == nil && ex.status < 300 {
			return ex, nil
		}
		pause, again := retryAfter(op.policy, ex, attempt)
		if !again || attempt >= c.maxRetries {
			return ex, failure(ctx, op, ex)
		}
		if err := c.pause(ctx, op, attempt, pause); err != nil {
			e := failure(ctx, op, ex)
			e.cause = fmt.Errorf("interrupted: %w", err)
			return ex, e
		}
	}
}

// pause waits before the next attempt. The error is that of a context that
// ends first.
func (c *Client) pause(ctx context.Context, op operation, attempt int, pause time.Duration) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	logRetry(ctx, op, attempt, pause)
	return c.wait(ctx, pause)
}

func (c *Client) attempt(ctx context.Context, op operation, attempt int, do call) *exchange {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	ex := &exchange{attempts: attempt + 1, header: http.Header{}, redact: c.redactor(op.secrets...)}
	called := false
	catch := func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		called = true
		return ex.roundTrip(req, next)
	}
	var discarded []byte
	start := time.Now()
	err := do(ctx, option.WithMiddleware(catch), option.WithResponseBodyInto(&discarded))
	if !called && err != nil {
		ex.err, ex.hopeless = err, true // the SDK refused to send
	}
	logAttempt(ctx, op, ex, time.Since(start))
	return ex
}

// roundTrip sends the request and keeps the answer, with its whole body.
func (ex *exchange) roundTrip(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	ex.method, ex.path = req.Method, req.URL.Path
	resp, err := next(req)
	if err != nil {
		ex.err = err
		ex.hopeless = neverConnects(err)
		ex.sent = !ex.hopeless && mayHaveBeenSent(err)
		return nil, err
	}
	ex.sent = true
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	_ = resp.Body.Close() // nothing is left to be lost by it
	if err != nil {
		ex.err = fmt.Errorf("the answer broke off: %w", err)
		return nil, ex.err
	}
	ex.status, ex.header, ex.body = resp.StatusCode, resp.Header, body
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// mayHaveBeenSent tells whether a request that got no answer may have arrived.
// Only a connection that never came about rules that out.
func mayHaveBeenSent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return false
	}
	var dns *net.DNSError
	return !errors.As(err, &dns)
}

// neverConnects tells of a server that is the wrong one, or that this machine
// does not trust: no request gets through, now or later.
func neverConnects(err error) bool {
	var untrusted *tls.CertificateVerificationError
	return errors.As(err, &untrusted) || errors.Is(err, http.ErrSchemeMismatch)
}

// failure is the error for an exchange that did not succeed.
func failure(ctx context.Context, op operation, ex *exchange) *Error {
	if ex.err == nil {
		return answerError(op.name, ex)
	}
	e := &Error{Op: op.name, Attempts: ex.attempts, kind: ErrUnavailable, cause: ex.clean(withoutURL(ex.err))}
	if err := context.Cause(ctx); err != nil {
		e.cause = fmt.Errorf("interrupted: %w", err)
	} else if errors.Is(ex.err, context.DeadlineExceeded) {
		e.cause = fmt.Errorf("timed out after %s: %w", attemptTimeout, context.DeadlineExceeded)
	}
	if ex.sent && op.policy == once {
		e.kind = ErrOutcomeUnknown
	}
	return e
}

// cleanText is text of the server without the client's secrets.
func (ex *exchange) cleanText(text string) string {
	if ex.redact == nil {
		return text
	}
	return ex.redact(text)
}

// clean is err without the client's secrets, which an error may quote from
// what the server sent.
func (ex *exchange) clean(err error) error {
	if text := ex.cleanText(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// withoutURL drops what net/http says about method and URL, which the
// operation's name says better.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// outcomeUnknown tells whether a request that must not be repeated may have
// been carried out although no answer says so.
func (ex *exchange) outcomeUnknown() bool {
	if ex.err != nil {
		return ex.sent
	}
	return ex.status >= 500 || ex.status == http.StatusRequestTimeout
}
