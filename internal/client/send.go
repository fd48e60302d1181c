package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/option"
)

// A Request describes a request besides the [Call] that makes it. It is repeated
// where that is safe: see [Response.repeatable].
type Request struct {
	// Operation is what is attempted, as in errors: "create gateway".
	Operation string
	// Body is sent as JSON; nil means no body.
	Body any
	// Secrets are those of the request, besides the client's own. They are
	// removed from errors and logs.
	Secrets []string
	// RepeatPOST is whether a POST may be repeated although it may have been
	// applied. It is for a POST that has the same effect however often it is
	// applied.
	RepeatPOST bool
	// EmptyIsDone is whether a response of success without a body confirms a
	// deletion.
	EmptyIsDone bool
	// Refine gives an error that the service responded the meaning that it has
	// for the object; nil leaves errors as they are.
	Refine func(*Error) *Error
	// MaxBody bounds the body of the response, in bytes; 0 means the limit of a
	// response about one object. A longer body is an error, unless CutBody is set.
	MaxBody int64
	// CutBody is whether a longer body is cut, and its encoding left alone. It is for
	// bodies that are passed on as they are.
	CutBody bool

	attempts, retries int // by an earlier [Client.Send] of the same request
}

// A Response is the last response to a request, or the reason why there is none.
type Response struct {
	// Method and Path are those of the request.
	Method, Path string
	// Status is the HTTP status, 0 if there is no response.
	Status int
	// Header is never nil.
	Header http.Header
	// Body is the whole body, or its beginning if the request has CutBody.
	Body []byte
	// Attempts is how often the request was sent.
	Attempts int
	// Sent is whether the request may have reached the server.
	Sent bool
	// Err is why there is no response.
	Err error

	request   Request
	retries   int   // how many of the attempts count as retries
	permanent bool  // Err would come again with every attempt
	unusable  error // why Body was not kept
	timeout   time.Duration
	redact    func(string) string // nil for a response without text of a server
}

// Send makes the attempts that are safe and returns the last response, which is
// never nil. The error of a request that was not successful is an [*Error].
func (c *Client) Send(ctx context.Context, r Request, call Call) (*Response, error) {
	if err := context.Cause(ctx); err != nil {
		resp := &Response{request: r, Header: http.Header{}, Err: err}
		return resp, resp.failure(ctx)
	}
	r.Secrets = slices.Concat(r.Secrets, secretsIn(ctx))
	var withBodies []option.RequestOption
	if r.Body != nil {
		encoded, err := json.Marshal(r.Body)
		if err != nil {
			return &Response{request: r, Header: http.Header{}, Err: err}, err
		}
		withBodies = append(withBodies, withBody(encoded))
	}
	ctx, reading, cancel := withBudget(c.logContext(ctx, r), c.clock, readTimeout, errReadTimeout)
	defer cancel()
	resp := &Response{request: r, Header: http.Header{}}
	held := &visit{}
	for attempt, retries := r.attempts, r.retries; ; attempt++ {
		if err := c.gate.enter(ctx, held); err != nil {
			return resp.heldBack(ctx, err)
		}
		resp = c.attempt(ctx, r, attempt, attemptTimeout, func(ctx context.Context, catch option.Middleware) error {
			startReading := option.WithMiddleware(func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
				if req.Method == http.MethodGet {
					reading.start()
				}
				return next(req)
			})
			var ignored []byte // keeps the SDK from decoding the body
			return call(ctx, append(withBodies, startReading, option.WithMiddleware(catch), option.WithResponseBodyInto(&ignored))...)
		})
		resp.retries = retries
		blocked := c.gate.leave(ctx, resp)
		switch {
		case resp.IsSuccess() && resp.unusable != nil:
			return resp, resp.Unexpected(resp.unusable)
		case resp.IsSuccess():
			return resp, nil
		case blocked && c.Retries():
			continue // The gate waits, outside of the number of retries.
		}
		pause, again := resp.retryAfter(retries, c.clock.Now())
		if !again || retries >= c.maxRetries {
			return resp, resp.failure(ctx)
		}
		if err := c.pauseBeforeRetry(ctx, r, attempt, pause); err != nil {
			failed := resp.failure(ctx)
			failed.cause = interrupted(err)
			return resp, failed
		}
		retries++
	}
}

// errReadTimeout is the cause if all attempts at a GET together take too long.
var errReadTimeout = &timeoutError{fmt.Sprintf("not read within %s, retries included", readTimeout)}

// heldBack returns the last response to a request that was not sent again, or not
// at all, since the gate let it through no more.
func (r *Response) heldBack(ctx context.Context, err error) (*Response, error) {
	if r.Attempts == 0 {
		r.Err = err
	}
	failed := r.failure(ctx)
	var blocked *blockedError
	if errors.As(err, &blocked) {
		failed.kind, failed.cause = ErrRateLimited, err
	} else {
		failed.cause = interrupted(err)
	}
	return r, failed
}

// SendOnce sends an HTTP request as it is, in one attempt. It is for requests to
// the data plane, which the SDK does not have. Attempts count from 0, and the
// context is one of [Client.LogContext].
func (c *Client) SendOnce(ctx context.Context, r Request, attempt int, timeout time.Duration, req *http.Request) *Response {
	return c.attempt(ctx, r, attempt, timeout, func(ctx context.Context, catch option.Middleware) error {
		resp, err := catch(req.WithContext(ctx), c.http.Do)
		if err == nil {
			_ = resp.Body.Close() // read to its end already
		}
		return err
	})
}

// attempt makes one attempt. do sends a request through the middleware that it
// is given, which catches the response.
func (c *Client) attempt(ctx context.Context, r Request, n int, timeout time.Duration, do func(context.Context, option.Middleware) error) *Response {
	ctx, cancel := withTimeout(ctx, c.clock, timeout, &timeoutError{fmt.Sprintf("timed out after %s", timeout)})
	defer cancel(nil)
	resp := &Response{request: r, Attempts: n + 1, Header: http.Header{}, timeout: timeout, redact: c.redactor(r.Secrets)}
	reached := false
	start := c.clock.Now()
	err := do(ctx, func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		reached = true
		return resp.roundTrip(req, next, c.proxy, func(arrived *http.Response) (body []byte, unusable, err error) {
			return readBody(arrived, c.bodyLimit(r), r.CutBody, c.clock, func() { cancel(errStalled) })
		})
	})
	if !reached && err != nil {
		resp.Err, resp.permanent = err, true // the SDK refused to send
	}
	// Transports report the end of a context in different ways.
	if cause := context.Cause(ctx); resp.Err != nil && isTimeout(cause) {
		resp.Err = cause
	}
	logAttempt(ctx, resp, c.clock.Now().Sub(start))
	return resp
}

// roundTrip sends the request and keeps the response with its body.
func (r *Response) roundTrip(req *http.Request, next option.MiddlewareNext, proxy proxyFunc, read func(*http.Response) (body []byte, unusable, err error)) (*http.Response, error) {
	r.Method, r.Path = req.Method, req.URL.Path
	ctx, connection := watchConnection(req.Context())
	resp, err := next(req.WithContext(ctx))
	if err != nil {
		r.Err = err
		r.permanent = neverConnects(err)
		r.Sent = !r.permanent && connection.mayHaveSent(err)
		if !connection.established.Load() {
			r.explainProxy(req, proxy)
		}
		return nil, r.Err
	}
	r.Sent = true
	body, unusable, err := read(resp)
	if err != nil {
		r.Err = fmt.Errorf("the response broke off: %w", err)
		return nil, r.Err
	}
	r.Status, r.Header, r.Body, r.unusable = resp.StatusCode, resp.Header, body, unusable
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// neverConnects reports whether err is about a server that is the wrong one, or
// that this machine does not trust: no attempt gets through.
func neverConnects(err error) bool {
	var untrusted *tls.CertificateVerificationError
	return errors.As(err, &untrusted) || errors.Is(err, http.ErrSchemeMismatch)
}

// IsSuccess reports whether the status is one of success. The body may still
// say otherwise, or be unreadable.
func (r *Response) IsSuccess() bool { return r.Err == nil && r.Status < 300 }

// Date returns the time by the server's clock when it responded, or zero.
func (r *Response) Date() time.Time {
	date, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}

// MayHaveBeenApplied reports whether a request that was not successful may have
// been applied although no response says so.
func (r *Response) MayHaveBeenApplied() bool {
	if r.Err != nil {
		return r.Sent
	}
	return r.Status >= 500 || r.Status == http.StatusRequestTimeout
}

// failure returns the error of a response that is not a success. ctx is the
// caller's context, without the timeout of the attempt.
func (r *Response) failure(ctx context.Context) *Error {
	if r.Err == nil {
		return r.statusError()
	}
	e := &Error{Op: r.request.Operation, Attempts: r.Attempts, kind: ErrUnavailable, cause: r.printableError(withoutURL(r.Err))}
	if err := context.Cause(ctx); err != nil {
		e.cause = interrupted(err)
	} else if errors.Is(r.Err, context.DeadlineExceeded) && !isTimeout(r.Err) {
		e.cause = fmt.Errorf("timed out after %s: %w", r.timeout, context.DeadlineExceeded)
	}
	if r.Sent && r.Status == 0 && !r.repeatable() {
		e.kind = ErrOutcomeUnknown
	}
	return e
}

// NoResponse returns the error of a request that [Client.SendOnce] sent and that
// got no response. ctx is the caller's context.
func (r *Response) NoResponse(ctx context.Context) *Error { return r.failure(ctx) }

// Interrupted returns the error of an operation that ended with its context, in
// a pause between two requests.
func Interrupted(ctx context.Context, r Request, err error) *Error {
	return (&Response{request: r, Header: http.Header{}, Err: err}).failure(ctx)
}

// interrupted returns the cause of a failure from that of the end of a context. A
// time limit of the client is no interrupt.
func interrupted(err error) error {
	if isTimeout(err) {
		return err
	}
	return fmt.Errorf("interrupted: %w", err)
}

// withoutURL removes the method and URL that net/http adds to an error: the
// name of the operation says more.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
