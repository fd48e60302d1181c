package client

import (
	"context"
	"net/http"
)

// GetFromGateway reads a URL of the data plane, which the SDK does not have, in as
// many attempts as a GET of the control plane. It returns the last response, whatever
// its status. The error is for no response, or one that could not be read.
//
// The data plane has limits of its own, so the gate of the control plane neither holds
// the request back nor learns from its response.
func (c *Client) GetFromGateway(ctx context.Context, r Request, url string, header http.Header) (*Response, error) {
	ctx, reading, cancel := withBudget(c.logContext(ctx, r), c.clock, readTimeout, errReadTimeout)
	defer cancel()
	reading.start()
	for attempt := 0; ; attempt++ {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return nil, err
		}
		req.Header = header.Clone()
		resp := c.SendOnce(ctx, r, attempt, attemptTimeout, req)
		if resp.IsSuccess() && resp.unusable != nil {
			return resp, resp.Unexpected(resp.unusable)
		}
		pause, again := resp.retryAfter(attempt, c.clock.Now())
		if resp.IsSuccess() || !again || attempt >= c.maxRetries {
			if resp.Err != nil {
				return resp, resp.failure(ctx)
			}
			return resp, nil
		}
		if err := c.pauseBeforeRetry(ctx, r, attempt, pause); err != nil {
			failed := resp.failure(ctx)
			failed.cause = interrupted(err)
			return resp, failed
		}
	}
}
