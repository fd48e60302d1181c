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
	// recoveryLooks is how often an object is read that can be read by itself,
	// and listLooks how often a list is read in search of one that was just made:
	// lists lag behind by some seconds (observed).
	recoveryLooks = 3
	listLooks     = 5
	recoveryPause = time.Second
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

// search is how to find out, by a list, what became of a create.
type search[T any] struct {
	// what is how people call the object: "provider config".
	what string
	// unique is what there cannot be two of: "of this provider and alias".
	unique string
	// find looks for it. It also returns the time by the server's clock, or
	// zero.
	find func(ctx context.Context) (*T, time.Time, error)
	// listOnly is whether find knows no more than the list: what it finds may be
	// gone already, and what it does not find may appear yet.
	listOnly bool
	// made is when the service made an object, or changed it.
	made func(*T) time.Time
	// asSent tells whether an object is what the create sent.
	asSent func(*T) bool
}

// recoverCreated decides what became of a create that did not succeed plainly:
// failure is what is known so far. It looks for the object if it may have been
// made, even if ctx has ended in the meantime. What is there is ours only if it
// is as new as the request, by the server's clock alone, and is what was sent.
func recoverCreated[T any](ctx context.Context, c *Client, s search[T], began time.Time, ex *exchange, failure error) (*T, error) {
	failed, lost := lostAnswer(ex, failure)
	if !lost || errors.Is(failure, ErrAlreadyExists) {
		return nil, failure
	}
	ctx, cancel := recovery(ctx)
	defer cancel()

	var found *T
	var now time.Time
	var err error
	ours := false
	c.patiently(ctx, listLooks, func() bool {
		found, now, err = s.find(ctx)
		ours = err == nil && fresh(s.made(found), now, time.Since(began)) && s.asSent(found)
		return notYet(err) || errors.Is(err, errNoGraph) || err == nil && !ours && s.listOnly
	})
	switch {
	case ours:
		return found, nil
	case err == nil:
		return nil, failed.withKind(ErrAlreadyExists, "a "+s.what+" "+s.unique+" was there before")
	case s.listOnly && errors.Is(err, ErrNotFound) && !ex.saysSuccess():
		return nil, failed.withKind(ErrOutcomeUnknown, notThere(s.what)+", though it may appear yet")
	default:
		return nil, failed.lookedInVain(s.what, ex, err)
	}
}

// notYet tells whether what a look did not find may appear later.
func notYet(err error) bool {
	return errors.Is(err, ErrNotFound) && !errors.Is(err, ErrGatewayNotFound)
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
