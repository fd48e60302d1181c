package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	// recoveryTimeout bounds the search for an object whose creation got no
	// response. It runs even after an interrupt, since an object that nobody
	// remembers is worse than a short wait.
	recoveryTimeout = 15 * time.Second
	recoveryPause   = time.Second
	// ReadLooks is how often an object is read that can be read by itself.
	ReadLooks = 3
	// ListLooks is how often a list is read in search of an object that was just
	// created: lists lag behind by some seconds (observed).
	ListLooks = 5
	// freshSlack is how far a server's clock may be off in itself: the header
	// Date has whole seconds.
	freshSlack = 2 * time.Second
)

var errRecoveryTimeout = &timeoutError{fmt.Sprintf("nothing found out within %s", recoveryTimeout)}

// Recovery returns a context that outlives ctx for a while, to find out what
// became of a request, or to undo it. Time at the gate does not count, but once
// ctx has ended, requests wait there only for a short while.
func (c *Client) Recovery(ctx context.Context) (context.Context, context.CancelFunc) {
	caller := ctx
	ctx = context.WithoutCancel(ctx)
	if recoveryOf(ctx) == nil {
		ctx = context.WithValue(ctx, recoveryKey{}, &recovery{caller: caller, left: interruptedHold})
	}
	ctx, budget, cancel := withBudget(ctx, c.clock, recoveryTimeout, errRecoveryTimeout)
	budget.start()
	return ctx, cancel
}

// LostResponse reports whether a request that failed with err may have been
// applied: err is about sending it or about reading the response. failed is err,
// nil if that is not an [*Error].
func (r *Response) LostResponse(err error) (failed *Error, lost bool) {
	if !errors.As(err, &failed) {
		return nil, false
	}
	return failed, r.IsSuccess() || r.MayHaveBeenApplied()
}

// Look calls look until it needs no other look, at most so often, with pauses.
func (c *Client) Look(ctx context.Context, looks int, look func() (again bool)) {
	for n := 1; look() && n < looks; n++ {
		if c.Wait(ctx, recoveryPause) != nil {
			return
		}
	}
}

// A Search finds out what became of a creation whose response was lost.
type Search[T any] struct {
	// Noun is how people call the object: "provider config".
	Noun string
	// Unique is what no two objects share: "of this provider and alias". It is empty
	// if the service accepts any number of the same objects. Otherwise a creation
	// that left no object behind is sent again: if it did after all, the service
	// refuses the second one.
	Unique string
	// Find looks for the object. It also returns the time by the server's clock,
	// or zero. A nil Find is for objects that nothing tells apart.
	Find func(ctx context.Context) (T, time.Time, error)
	// Looks is how often to look.
	Looks int
	// Lags is whether what Find does not find may still appear.
	Lags bool
	// Stale is whether what Find finds may be deleted already.
	Stale bool
	// Settling, if not nil, reports whether an error of Find may pass.
	Settling func(error) bool
	// LookIfRefused is whether to look, once, also if the service refused the
	// request as invalid: it may mean that the object already exists.
	LookIfRefused bool
	// CreatedAt is when the service created an object, or changed it. A nil
	// CreatedAt is for objects of which any will do that AsSent accepts.
	CreatedAt func(T) time.Time
	// AsSent reports whether an object is what the creation sent.
	AsSent func(T) bool
}

// A creation is a request that creates an object, and the response to it.
type creation struct {
	began time.Time
	// resent is whether the same request was sent before and got no response.
	resent bool
	resp   *Response
}

// recover decides what became of a creation that failed with err. If the object
// may have been created, it looks for it, even if ctx has ended in the meantime.
// What it finds is ours only if it is as new as the first request, by the server's
// clock alone, and is what was sent. It reports whether to send the request again.
func (s Search[T]) recover(ctx context.Context, c *Client, created creation, err error) (found T, again bool, _ error) {
	var none T
	resp := created.resp
	failed, lost := resp.LostResponse(err)
	refused := !lost || errors.Is(err, ErrAlreadyExists)
	mayExist := s.LookIfRefused && resp.Err == nil && (resp.Status == http.StatusBadRequest || resp.Status == http.StatusConflict)
	switch {
	case failed != nil && errors.Is(err, ErrAlreadyExists) && !created.resent && !mayExist:
		return none, false, s.dated(ctx, c, failed)
	case failed == nil, refused && !created.resent && !mayExist:
		return none, false, err
	case s.Find == nil:
		return none, false, s.unsearchable(failed)
	}
	resend := !refused && s.Unique != "" && resp.retries < c.maxRetries && ctx.Err() == nil
	mayBeOurs := lost || created.resent
	ctx, cancel := c.Recovery(ctx)
	defer cancel()

	var now time.Time
	var findErr error
	ours := false
	c.Look(ctx, s.Looks, func() bool {
		found, now, findErr = s.Find(ctx)
		ours = findErr == nil && mayBeOurs && s.isFresh(found, now, c.Now().Sub(created.began)) && s.AsSent(found)
		switch {
		case !mayBeOurs, ours:
			return false
		case findErr == nil:
			return s.Stale
		default:
			return MayAppear(findErr) && !resend || s.Settling != nil && s.Settling(findErr)
		}
	})
	switch {
	case ours:
		return found, false, nil
	case findErr == nil:
		failed = failed.WithKind(ErrAlreadyExists, fmt.Sprintf("a %s %s existed before this request", s.Noun, s.Unique))
		failed.duringRun = s.isOfThisRun(c, found, now)
		return none, false, failed
	case refused && !created.resent:
		return none, false, failed
	default:
		return none, resend && MayAppear(findErr), s.notFound(failed, created, findErr)
	}
}

// notFound returns the error of a creation that a search did not find, or that it
// could not look for.
func (s Search[T]) notFound(failed *Error, created creation, findErr error) *Error {
	exists := errors.Is(failed, ErrAlreadyExists)
	_, lost := created.resp.LostResponse(failed)
	switch {
	case exists: // of a request that was sent before
		note := "an earlier attempt may have created the " + s.Noun + "; " + lookedFor(s.Noun, findErr)
		if failed.note != "" {
			note = failed.note + "; " + note
		}
		return failed.WithKind(ErrOutcomeUnknown, note)
	case errors.Is(findErr, ErrNotFound) && !lost && !s.Lags:
		return failed
	case MayAppear(findErr) && s.Lags:
		return failed.WithKind(ErrOutcomeUnknown, notThere(s.Noun)+", though it may appear yet")
	default:
		return failed.AfterLook(s.Noun, created.resp, findErr)
	}
}

// unsearchable returns the error of a lost creation that nothing can find.
func (s Search[T]) unsearchable(failed *Error) *Error {
	return failed.WithKind(ErrOutcomeUnknown, "this wire format has no way to look for it")
}

// dated returns failed, which says that the object exists, with what its age tells. It
// looks once, and what goes wrong with that is no matter.
func (s Search[T]) dated(ctx context.Context, c *Client, failed *Error) *Error {
	if s.Find == nil || s.CreatedAt == nil || ctx.Err() != nil {
		return failed
	}
	ctx, cancel := c.Recovery(ctx)
	defer cancel()
	found, now, err := s.Find(ctx)
	if err != nil || !s.isOfThisRun(c, found, now) {
		return failed
	}
	failed = failed.WithKind(failed.Kind(), failed.Note())
	failed.duringRun = true
	return failed
}

// isOfThisRun reports whether an object was created, or changed, after the client was
// made, by the server's clock alone.
func (s Search[T]) isOfThisRun(c *Client, found T, now time.Time) bool {
	return s.CreatedAt != nil && fresh(s.CreatedAt(found), now, c.Now().Sub(c.started))
}

func (s Search[T]) isFresh(found T, now time.Time, since time.Duration) bool {
	return s.CreatedAt == nil || fresh(s.CreatedAt(found), now, since)
}

// MayAppear reports whether an object that was not found, with this error, may
// appear later.
func MayAppear(err error) bool {
	return errors.Is(err, ErrNotFound) && !errors.Is(err, ErrGatewayNotFound)
}

// AfterLook returns e, the error of a request whose response was lost, after a
// search for the object that failed with err.
func (e *Error) AfterLook(noun string, resp *Response, err error) *Error {
	switch {
	case errors.Is(err, ErrNotFound) && resp.IsSuccess():
		return e.WithKind(ErrUnexpectedResponse, notThere(noun))
	case errors.Is(err, ErrNotFound):
		return e.WithKind(ErrUnavailable, notThere(noun))
	default:
		return e.WithKind(ErrOutcomeUnknown, failedLook("the "+noun, err))
	}
}

// NotThere returns e as an [ErrNotFound] of an object that was looked for after
// the failure.
func (e *Error) NotThere(noun string) *Error { return e.WithKind(ErrNotFound, notThere(noun)) }

func lookedFor(noun string, err error) string {
	if errors.Is(err, ErrNotFound) {
		return notThere(noun)
	}
	return failedLook("the "+noun, err)
}

func notThere(noun string) string {
	return "the " + noun + " was looked for afterwards and is not there"
}

func failedLook(what string, err error) string {
	return "looking for " + what + " afterwards failed as well: " + err.Error()
}

// pauseBeforeResend returns the pause before a creation is sent again.
func (c *Client) pauseBeforeResend(r *Response) time.Duration {
	repeatable := *r
	repeatable.request.RepeatPOST = true
	if pause, ok := repeatable.retryAfter(r.retries, c.clock.Now()); ok {
		return pause
	}
	return jitter(firstPause)
}

// fresh reports whether an object can have been created by a request that began
// this long ago, by the server's clock alone. If the server does not tell the
// time, or when it created the object, it is not taken for ours.
func fresh(created, now time.Time, since time.Duration) bool {
	if now.IsZero() || created.IsZero() {
		return false
	}
	return now.Sub(created) <= since+freshSlack
}
