package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	// recoveryTimeout bounds the search for an object whose creation was not
	// answered. It runs even after an interrupt, since an object that nobody
	// remembers is worse than a short wait.
	recoveryTimeout = 15 * time.Second
	recoveryLooks   = 3
	recoveryPause   = time.Second
	// freshSlack is what a server's clock may be off in itself: the header
	// Date has whole seconds.
	freshSlack = 2 * time.Second
)

var errRecoveryTimeout = fmt.Errorf("nothing found out within %s", recoveryTimeout)

// recovery is a context that outlives ctx, for a while, to set things right.
func recovery(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(context.WithoutCancel(ctx), recoveryTimeout, errRecoveryTimeout)
}

// lostAnswer tells whether a request that failed may have been carried out:
// failure came of sending it or of reading the answer. failed is failure, nil if
// it is not an [*Error].
func lostAnswer(ex *exchange, failure error) (failed *Error, lost bool) {
	if !errors.As(failure, &failed) {
		return nil, false
	}
	return failed, ex.saysSuccess() || ex.outcomeUnknown()
}

// saysSuccess tells whether an answer says success, be it readable or not.
func (ex *exchange) saysSuccess() bool { return ex.err == nil && ex.status < 300 }

// patiently looks until that says that there is no need to look again, but not
// more than so often.
func (c *Client) patiently(ctx context.Context, looks int, look func() (again bool)) {
	for n := 1; look() && n < looks; n++ {
		if c.wait(ctx, recoveryPause) != nil {
			return
		}
	}
}

// lookedInVain is e, the failure of a request whose answer was lost, after the
// object was looked for: err is why it was not found. What is the object.
func (e *Error) lookedInVain(what string, ex *exchange, err error) *Error {
	switch {
	case errors.Is(err, ErrNotFound) && ex.saysSuccess():
		return e.withKind(ErrUnexpectedAnswer, notThere(what))
	case errors.Is(err, ErrNotFound):
		return e.withKind(ErrUnavailable, notThere(what))
	case errors.Is(err, ErrUnexpectedAnswer) && ex.saysSuccess():
		// Whoever answers, it is not the API.
		return e
	default:
		return e.withKind(ErrOutcomeUnknown, "looking for the "+what+" afterwards failed as well: "+err.Error())
	}
}

func notThere(what string) string {
	return "the " + what + " was looked for afterwards and is not there"
}

// fresh tells whether an object can have been made by a request that began
// this long ago, by the server's clock alone. A server that does not tell the
// time, or when it made the object, leaves it open, and then the object is not
// taken for ours.
func fresh(created, now time.Time, since time.Duration) bool {
	if now.IsZero() || created.IsZero() {
		return false
	}
	return now.Sub(created) <= since+freshSlack
}

// date is the time by the server's clock when it answered, or zero.
func (ex *exchange) date() time.Time {
	date, err := http.ParseTime(ex.header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}
