package client

import (
	"context"
	"errors"
	"fmt"
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
	// Unique is what no two objects share: "of this provider and alias".
	Unique string
	// Find looks for the object. It also returns the time by the server's clock,
	// or zero. A nil Find is for objects that nothing tells apart.
	Find func(ctx context.Context) (T, time.Time, error)
	// Looks is how often to look.
	Looks int
	// ListOnly is whether Find knows only the list. What it finds may be deleted
	// already, and what it does not find may still appear.
	ListOnly bool
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

// Recover decides what became of a creation that failed with err. If the object
// may have been created, it looks for it, even if ctx has ended in the meantime.
// What it finds is ours only if it is as new as the request, by the server's
// clock alone, and is what was sent.
func (s Search[T]) Recover(ctx context.Context, c *Client, began time.Time, resp *Response, err error) (T, error) {
	var none T
	failed, lost := resp.LostResponse(err)
	refused := s.LookIfRefused && resp.Err == nil && (resp.Status == 400 || resp.Status == 409)
	switch {
	case failed == nil, !lost && !refused, lost && errors.Is(err, ErrAlreadyExists):
		return none, err
	case s.Find == nil:
		return none, s.unsearchable(failed, resp)
	}
	ctx, cancel := c.Recovery(ctx)
	defer cancel()

	var found T
	var now time.Time
	var findErr error
	ours := false
	c.Look(ctx, s.Looks, func() bool {
		found, now, findErr = s.Find(ctx)
		ours = findErr == nil && lost && s.isFresh(found, now, c.Now().Sub(began)) && s.AsSent(found)
		return lost && (s.mayAppear(findErr) || findErr == nil && !ours && s.ListOnly)
	})
	switch {
	case ours:
		return found, nil
	case findErr == nil:
		return none, failed.WithKind(ErrAlreadyExists, fmt.Sprintf("a %s %s was there before", s.Noun, s.Unique))
	case refused:
		return none, failed
	case s.ListOnly && errors.Is(findErr, ErrNotFound) && !resp.IsSuccess():
		return none, failed.WithKind(ErrOutcomeUnknown, notThere(s.Noun)+", though it may appear yet")
	default:
		return none, failed.AfterLook(s.Noun, resp, findErr)
	}
}

// unsearchable returns the error of a lost creation that nothing can find.
func (s Search[T]) unsearchable(failed *Error, resp *Response) *Error {
	if resp.IsSuccess() { // with a body that cannot be read
		return failed.WithKind(failed.kind, fmt.Sprintf("a %s may have been made, and this wire format has no way to look for it", s.Noun))
	}
	return failed.WithKind(ErrOutcomeUnknown, "this wire format has no way to look for it")
}

func (s Search[T]) mayAppear(err error) bool {
	return MayAppear(err) || err != nil && s.Settling != nil && s.Settling(err)
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
	case errors.Is(err, ErrUnexpectedResponse) && resp.IsSuccess():
		return e // whoever responds, it is not the API
	default:
		return e.WithKind(ErrOutcomeUnknown, "looking for the "+noun+" afterwards failed as well: "+err.Error())
	}
}

// NotThere returns e as an [ErrNotFound] of an object that was looked for after
// the failure.
func (e *Error) NotThere(noun string) *Error { return e.WithKind(ErrNotFound, notThere(noun)) }

func notThere(noun string) string {
	return "the " + noun + " was looked for afterwards and is not there"
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
