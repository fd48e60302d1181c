package client_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

func requireInterrupted(t *testing.T, err error, cause error) {
	t.Helper()
	if !errors.Is(err, cause) {
		t.Errorf("%v does not come of %v", err, cause)
	}
	requireText(t, err.Error(), "interrupted")
}

func TestInterruptedBeforeSending(t *testing.T) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			server := serve(t)
			c, waits := newClient(t, server.URL)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			err := op.do(ctx, c)
			requireKind(t, err, client.ErrUnavailable)
			requireInterrupted(t, err, context.Canceled)
			requireText(t, err.Error(), op.name+": not sent: ")
			server.requireSeen()
			if asked := waits.all(); len(asked) != 0 {
				t.Errorf("paused %v", asked)
			}
		})
	}
}

func TestInterruptedDuringRequest(t *testing.T) {
	for _, op := range operations {
		if !isSafe(op.method) {
			continue // see the tests of the recovery
		}
		t.Run(op.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
				cancel()
				<-r.Context().Done()
			})
			c, waits := newClient(t, server.URL)
			err := op.do(ctx, c)
			requireKind(t, err, client.ErrUnavailable)
			requireInterrupted(t, err, context.Canceled)
			server.requireSeen(op.request)
			if asked := waits.all(); len(asked) != 0 {
				t.Errorf("paused %v", asked)
			}
		})
	}
}

// The last answer stays in the error: it is why there was a pause.
func TestInterruptedDuringPause(t *testing.T) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			server := serve(t, reply(429, failure(971, "Please wait")))
			ctx, cancel := context.WithCancel(t.Context())
			c, _ := newClient(t, server.URL, func(cfg *client.Config) {
				cfg.Wait = func(ctx context.Context, _ time.Duration) error {
					cancel()
					return ctx.Err()
				}
			})
			err := op.do(ctx, c)
			requireKind(t, err, client.ErrRateLimited)
			requireInterrupted(t, err, context.Canceled)
			requireText(t, err.Error(), op.name+": HTTP 429 Too Many Requests: Please wait (code 971)")
			server.requireSeen(op.request)
		})
	}
}

func TestInterruptedAfterBrokenConnection(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := serve(t, func(http.ResponseWriter, *http.Request) {
		cancel()
		panic(http.ErrAbortHandler)
	})
	c, waits := newClient(t, server.URL)
	_, err := gateways.Get(ctx, c, account, "demo")
	requireKind(t, err, client.ErrUnavailable)
	requireInterrupted(t, err, context.Canceled)
	server.requireSeen("GET /demo")
	if asked := waits.all(); len(asked) != 0 {
		t.Errorf("paused %v", asked)
	}
}

// A list that is interrupted between two pages ends with an error: half a list
// must not look like a whole one.
func TestListInterruptedBetweenPages(t *testing.T) {
	server := serve(t, page(1, 100, 150))
	c, _ := newClient(t, server.URL)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var failed error
	for _, err := range gateways.List(ctx, c, account, "") {
		if err != nil {
			failed = err
			continue
		}
		if n++; n == 100 {
			cancel()
		}
	}
	requireInterrupted(t, failed, context.Canceled)
	if n != 100 {
		t.Errorf("%d gateways", n)
	}
	server.requireSeen(pageRequest(1))
}
