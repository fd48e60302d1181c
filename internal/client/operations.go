package client

import (
	"context"
	"errors"
	"time"
)

// This file holds the operations on one object. Each decides by the response what
// the request came to. A response counts only if it describes the object that the
// request was about.

// Create creates an object, whose response must describe the object that is wanted,
// with the name that was sent. If the response is lost, or describes another object,
// it searches for the object. Where names are unique, it sends the request again if
// the search does not find the object, within the client's number of retries.
func Create[W, T any](ctx context.Context, c *Client, r Request, call Call, d Decoder[W, T], want Identity, s Search[T]) (T, error) {
	began := c.Now()
	for {
		resp, err := c.Send(ctx, r, call)
		if err == nil {
			var created T
			if created, err = d.Decode(resp, want); err == nil {
				return created, nil
			}
		}
		found, again, err := s.recover(ctx, c, creation{began: began, resent: r.attempts > 0, resp: resp}, err)
		if !again {
			return found, err
		}
		var failed *Error
		if pauseErr := c.pauseBeforeRetry(ctx, r, resp.Attempts-1, c.pauseBeforeResend(resp)); pauseErr != nil && errors.As(err, &failed) {
			return found, failed.WithInterruption(pauseErr)
		}
		r.attempts, r.retries = resp.Attempts, resp.retries+1
	}
}

// Get sends a request that reads the object that is wanted. The time is that of the
// server's clock, or zero.
func Get[W, T any](ctx context.Context, c *Client, r Request, call Call, d Decoder[W, T], want Identity) (T, time.Time, error) {
	resp, err := c.Send(ctx, r, call)
	if err != nil {
		var none T
		return none, time.Time{}, err
	}
	object, err := d.Decode(resp, want)
	return object, resp.Date(), err
}

// Change sends a request that changes the object that is wanted, and returns the
// object as the service describes it then. A response that says success without
// describing an object is followed by read.
func Change[W, T any](ctx context.Context, c *Client, r Request, call Call, d Decoder[W, T], want Identity, read func(context.Context) (T, error)) (T, error) {
	resp, err := c.Send(ctx, r, call)
	if err != nil {
		var none T
		return none, err
	}
	object, err := d.Decode(resp, want)
	if err != nil && !errors.Is(err, ErrOtherObject) && resp.saysDone(d.Partial) {
		return read(ctx)
	}
	return object, err
}

// Delete sends a request that deletes an object. It is no error if there is none.
//
// A response that does not confirm the deletion is followed by look, which reads the
// object: its error is an [ErrNotFound] if the object is gone.
func (c *Client) Delete(ctx context.Context, r Request, call Call, want Identity, look func(context.Context) error) error {
	resp, err := c.Send(ctx, r, call)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case resp.confirms(want):
		return nil
	}
	unconfirmed := resp.Unexpected(errUnconfirmed)
	if _, err := resp.envelope(); len(resp.Body) > 0 {
		errors.As(err, &unconfirmed) // says more
	}
	switch err := look(ctx); {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return unconfirmed.WithKind(ErrOutcomeUnknown, failedLook("it", err))
	default:
		return unconfirmed.WithKind(ErrUnexpectedResponse, "it was looked for afterwards and was not deleted")
	}
}

// DeleteMany sends a request that deletes objects by a condition, none of which its
// response names. The error is an [ErrUnexpectedResponse] if the response does not say
// that the request was carried out.
func (c *Client) DeleteMany(ctx context.Context, r Request, call Call) error {
	resp, err := c.Send(ctx, r, call)
	if err != nil || resp.confirms(Identity{}) {
		return err
	}
	if _, err := resp.envelope(); err != nil {
		return err // says more
	}
	return resp.Unexpected(errUnconfirmed)
}

var errUnconfirmed = errors.New("the response does not confirm the deletion")
