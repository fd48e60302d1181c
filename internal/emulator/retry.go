package emulator

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"
)

const (
	// maxAttempts is how often a request is sent at most (documented).
	maxAttempts = 5
	// maxHeaderDelay bounds cf-aig-retry-delay (documented). That values
	// outside are moved to the bound is inferred.
	maxHeaderDelay = 5 * time.Second
)

// retryPolicy says how often a request is sent to its provider. The zero value
// sends it once and waits for as long as it takes.
type retryPolicy struct {
	attempts int
	delay    time.Duration
	backoff  string
	// timeout is how long each attempt but the last may take to its first byte;
	// with everyAttempt the last too.
	timeout      time.Duration
	everyAttempt bool
}

// gatewayRetries are the settings of a gateway. It has none for timeouts.
func gatewayRetries(g *gateway) retryPolicy {
	backoff, _ := g.values["retry_backoff"].(string)
	return retryPolicy{
		attempts: int(g.number("retry_max_attempts")),
		delay:    time.Duration(g.number("retry_delay")) * time.Millisecond,
		backoff:  backoff,
	}
}

// stepConfig is the config of a step of a universal request (documented), and
// what a model element of a dynamic route says of the same. Times are
// milliseconds.
type stepConfig struct {
	RequestTimeout *float64 `json:"requestTimeout"`
	MaxAttempts    *float64 `json:"maxAttempts"`
	RetryDelay     *float64 `json:"retryDelay"`
	Backoff        *string  `json:"backoff"`
	// everyAttempt is whether RequestTimeout holds for the last attempt too.
	everyAttempt bool
}

// retryPolicy is what applies to an exchange: the config of its step wins over
// headers, and those over the gateway's settings (documented). A header that
// is no number is ignored (inferred).
func (x *exchange) retryPolicy() retryPolicy {
	p := x.settings.retries
	number := func(own *float64, header string) (float64, bool) {
		if own != nil {
			return *own, true
		}
		n, err := strconv.ParseFloat(x.header.Get(header), 64)
		return n, err == nil && !math.IsNaN(n)
	}
	if n, ok := number(x.override.MaxAttempts, "cf-aig-max-attempts"); ok {
		p.attempts = int(min(n, maxAttempts))
	}
	if n, ok := number(x.override.RetryDelay, "cf-aig-retry-delay"); ok {
		p.delay = min(millis(n), maxHeaderDelay)
	}
	if n, ok := number(x.override.RequestTimeout, "cf-aig-request-timeout"); ok {
		p.timeout = millis(n)
	}
	for _, own := range []string{value(x.override.Backoff), x.header.Get("cf-aig-backoff")} {
		if own == "constant" || own == "linear" || own == "exponential" {
			p.backoff = own
			break
		}
	}
	p.attempts = max(min(p.attempts, maxAttempts), 1)
	p.everyAttempt = x.override.everyAttempt
	return p
}

// millis is a number of milliseconds, within what a time.Duration can hold.
func millis(n float64) time.Duration {
	return time.Duration(max(min(n, 1e9), 0) * float64(time.Millisecond))
}

// wait is the time between attempt n, from 1, and the next one (the formulas
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

// attempts asks the provider until it answers or the policy is used up. It
// does not return when the client leaves.
//
// The last of several attempts gets all the time that it needs; a single one
// does not (both documented). Model elements of dynamic routes limit every one.
func (s *Server) attempts(ctx context.Context, x *exchange) upstreamAnswer {
	p := x.retryPolicy()
	for n := 1; ; n++ {
		timeout := p.timeout
		if n == p.attempts && n > 1 && !p.everyAttempt {
			timeout = 0
		}
		answer := s.attempt(ctx, x, timeout)
		if n == p.attempts || !worthRetry(answer) {
			answer.provider, answer.model = x.provider, x.question.model
			return answer
		}
		if !sleep(ctx, p.wait(n)) {
			cut()
		}
	}
}

func (s *Server) attempt(ctx context.Context, x *exchange, timeout time.Duration) upstreamAnswer {
	limited := ctx
	if timeout > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	answer := s.upstream(limited, x)
	if answer.timedOut && ctx.Err() != nil {
		cut() // it was the client that had no time
	}
	return answer
}

// worthRetry reports whether a failure may go away: no answer in time, the
// provider's own trouble, or too many requests. (Which failures the service
// retries is not documented; to repeat what is wrong helps nobody.)
func worthRetry(answer upstreamAnswer) bool {
	return answer.timedOut || answer.unreachable || answer.status >= http.StatusInternalServerError ||
		answer.status == http.StatusTooManyRequests || answer.status == http.StatusRequestTimeout
}
