package dataplane

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

const (
	// maxAttempts is the maximum number of attempts (documented).
	maxAttempts = 5
	// maxHeaderDelay bounds cf-aig-retry-delay (documented). That values
	// outside are clamped is inferred.
	maxHeaderDelay = 5 * time.Second
)

// retryPolicy says how often a request is sent to its provider. The zero value sends
// it once, without a timeout.
type retryPolicy struct {
	attempts int
	delay    time.Duration
	backoff  string
	// timeout is how long each attempt may take to its first byte. It applies to
	// the last one only with everyAttempt.
	timeout      time.Duration
	everyAttempt bool
}

// retryOverride is the config of a step of a universal request (documented), and
// what a model element of a dynamic route says about the same. Times are in
// milliseconds.
type retryOverride struct {
	RequestTimeout *float64 `json:"requestTimeout"`
	MaxAttempts    *float64 `json:"maxAttempts"`
	RetryDelay     *float64 `json:"retryDelay"`
	Backoff        *string  `json:"backoff"`
	// everyAttempt is set if RequestTimeout applies to the last attempt too.
	everyAttempt bool
}

// retryPolicyFor returns what applies to a request: the config of its step has
// precedence over headers, and those over the gateway's settings (documented), which
// have no timeout. A header that is not a number is ignored (inferred).
func retryPolicyFor(req request) retryPolicy {
	p := retryPolicy{
		attempts: req.config.RetryAttempts, delay: req.config.RetryDelay, backoff: req.config.RetryBackoff,
		everyAttempt: req.override.everyAttempt,
	}
	number := func(own *float64, header string) (float64, bool) {
		if own != nil {
			return *own, true
		}
		n, err := strconv.ParseFloat(req.header.Get(header), 64)
		return n, err == nil && !math.IsNaN(n)
	}
	if n, ok := number(req.override.MaxAttempts, "cf-aig-max-attempts"); ok {
		p.attempts = int(min(n, maxAttempts))
	}
	if n, ok := number(req.override.RetryDelay, "cf-aig-retry-delay"); ok {
		p.delay = min(millis(n), maxHeaderDelay)
	}
	if n, ok := number(req.override.RequestTimeout, "cf-aig-request-timeout"); ok {
		p.timeout = millis(n)
	}
	for _, own := range []string{wire.Deref(req.override.Backoff), req.header.Get("cf-aig-backoff")} {
		if own == "constant" || own == "linear" || own == "exponential" {
			p.backoff = own
			break
		}
	}
	p.attempts = max(min(p.attempts, maxAttempts), 1)
	return p
}

// millis converts a number of milliseconds. The bounds keep it in range.
func millis(n float64) time.Duration {
	return time.Duration(max(min(n, 1e9), 0) * float64(time.Millisecond))
}

// wait returns the time between attempt n, from 1, and the next one (the formulas
// are inferred from the names).
func (p retryPolicy) wait(n int) time.Duration {
	switch p.backoff {
	case "linear":
		return p.delay * time.Duration(n)
	case "exponential":
		return p.delay << (n - 1)
	default:
		return p.delay
	}
}

// send sends a request to the provider until it responds or the policy ends. It
// does not return if the client leaves.
//
// The last of several attempts has no timeout; a single one has (both documented).
// Model elements of dynamic routes limit every attempt.
func (p *Plane) send(ctx context.Context, req request) response {
	policy := retryPolicyFor(req)
	for n := 1; ; n++ {
		timeout := policy.timeout
		if n == policy.attempts && n > 1 && !policy.everyAttempt {
			timeout = 0
		}
		r := p.attempt(ctx, req, timeout)
		if n == policy.attempts || !retryable(r) {
			r.provider, r.model = req.provider, req.model.Model
			return r
		}
		req.noteRetry(n, policy, r)
		if !wire.Sleep(ctx, policy.wait(n)) {
			wire.CutConnection()
		}
	}
}

func (p *Plane) attempt(ctx context.Context, req request, timeout time.Duration) response {
	limited := ctx
	if timeout > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	r := p.callProvider(limited, req)
	if r.timedOut && ctx.Err() != nil {
		wire.CutConnection() // the client has left
	}
	return r
}

// retryable reports whether another attempt may succeed: no response in time, a
// failure of the provider, or too many requests. (Which failures the service retries
// is not documented.)
func retryable(r response) bool {
	return r.timedOut || r.unreachable || r.status >= http.StatusInternalServerError ||
		r.status == http.StatusTooManyRequests || r.status == http.StatusRequestTimeout
}
