package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	// recoveryTimeout bounds the search for a gateway whose creation was not
	// answered. It runs even after an interrupt, since an object that nobody
	// remembers is worse than a short wait.
	recoveryTimeout = 15 * time.Second
	recoveryLooks   = 3
	recoveryPause   = time.Second
	// freshSlack is what a server's clock may be off in itself: the header
	// Date has whole seconds.
	freshSlack = 2 * time.Second

	notThere = "the gateway was looked for afterwards and is not there"
)

var errRecoveryTimeout = fmt.Errorf("nothing found out within %s", recoveryTimeout)

// recoverCreate decides what became of a create that did not succeed plainly:
// failure is what is known so far.
func (c *Client) recoverCreate(ctx context.Context, accountID, name string, sent Settings, began time.Time, ex *exchange, failure error) (*Gateway, error) {
	var failed *Error
	if !errors.As(failure, &failed) {
		return nil, failure
	}
	// An answer that says success and cannot be read.
	unreadable := ex.err == nil && ex.status < 300
	unknown := unreadable || ex.outcomeUnknown()
	// The service answers a taken name with the code of invalid input, and
	// with HTTP 504 at times: only a look tells.
	refused := ex.err == nil && (ex.status == http.StatusBadRequest || ex.status == http.StatusConflict)
	if !unknown && !refused {
		return nil, failed
	}
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), recoveryTimeout, errRecoveryTimeout)
	defer cancel()

	gateway, now, err := c.lookForCreated(ctx, accountID, name, unknown)
	switch {
	case err == nil && unknown && fresh(gateway, now, time.Since(began)) && storedAsSent(gateway, sent):
		return gateway, nil
	case err == nil:
		return nil, failed.withKind(ErrAlreadyExists, "a gateway of this name was there before")
	case refused:
		return nil, failed
	case errors.Is(err, ErrNotFound) && unreadable:
		return nil, failed.withKind(ErrUnexpectedAnswer, notThere)
	case errors.Is(err, ErrNotFound):
		return nil, failed.withKind(ErrUnavailable, notThere)
	case errors.Is(err, ErrUnexpectedAnswer) && unreadable:
		// Whoever answers, it is not the API.
		return nil, failed
	default:
		return nil, failed.withKind(ErrOutcomeUnknown, "looking for the gateway afterwards failed as well: "+err.Error())
	}
}

// lookForCreated reads the gateway, more than once if its creation may still
// be under way.
func (c *Client) lookForCreated(ctx context.Context, accountID, name string, patient bool) (*Gateway, time.Time, error) {
	for look := 1; ; look++ {
		gateway, now, err := c.getGateway(ctx, accountID, name)
		if !errors.Is(err, ErrNotFound) || !patient || look == recoveryLooks {
			return gateway, now, err
		}
		if c.wait(ctx, recoveryPause) != nil {
			return nil, time.Time{}, err
		}
	}
}

// fresh tells whether a gateway can have been made by a request that began
// this long ago, by the server's clock alone. A server that does not tell the
// time, or when it made the gateway, leaves it open, and then the gateway is
// not taken for ours.
func fresh(gateway *Gateway, now time.Time, since time.Duration) bool {
	if now.IsZero() || gateway.CreatedAt.IsZero() {
		return false
	}
	return now.Sub(gateway.CreatedAt) <= since+freshSlack
}

// date is the time by the server's clock when it answered, or zero.
func (ex *exchange) date() time.Time {
	date, err := http.ParseTime(ex.header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}
