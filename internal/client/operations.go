package client

import (
	"context"
	"errors"
	"time"
)

// This file holds the operations on one object. Each sends one request, and
// decides by the response what it came to.

// Create creates an object, and searches for it if the response is lost.
func Create[W, T any](ctx context.Context, c *Client, r Request, call Call, d Decoder[W, T], s Search[T]) (T, error) {
	began := c.Now()
	resp, err := c.Send(ctx, r, call)
	if err == nil {
		var created T
		if created, err = d.Decode(resp); err == nil {
			return created, nil
		}
	}
	return s.Recover(ctx, c, began, resp, err)
}

// Get sends a request that reads an object. The time is that of the server's
// clock, or zero.
func Get[W, T any](ctx context.Context, c *Client, r Request, call Call, d Decoder[W, T]) (T, time.Time, error) {
	resp, err := c.Send(ctx, r, call)
	if err != nil {
		var none T
		return none, time.Time{}, err
	}
	object, err := d.Decode(resp)
	return object, resp.Date(), err
}

// Delete sends a request that deletes an object. It is no error if there is
// none.
func (c *Client) Delete(ctx context.Context, r Request, call Call) error {
	resp, err := c.Send(ctx, r, call)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	default:
		return resp.CheckDone()
	}
}
