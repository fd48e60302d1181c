package client_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// The error keeps the last response, which is the reason for the pause.
func TestInterruptedDuringPause(t *testing.T) {
	for _, op := range clienttest.GatewayOperations {
		t.Run(op.Name, func(t *testing.T) {
			server := clienttest.Serve(t, clienttest.Reply(429, clienttest.Failure(971, "Please wait")))
			ctx, cancel := context.WithCancel(t.Context())
			c, _ := clienttest.New(t, server.URL, clienttest.Waiting(func(ctx context.Context, _ time.Duration) error {
				cancel()
				return ctx.Err()
			}))
			err := op.Call(ctx, c)
			clienttest.RequireKind(t, err, client.ErrRateLimited)
			clienttest.RequireInterrupted(t, err, context.Canceled)
			clienttest.RequireText(t, err.Error(), op.Name+": HTTP 429 Too Many Requests: Please wait (code 971)")
			server.RequireRequests(op.Request)
		})
	}
}

func TestInterruptedAfterBrokenConnection(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server, c := clienttest.Start(t, func(http.ResponseWriter, *http.Request) {
		cancel()
		panic(http.ErrAbortHandler)
	})
	_, err := gateways.Get(ctx, c, clienttest.Account, "demo")
	clienttest.RequireKind(t, err, client.ErrUnavailable)
	clienttest.RequireInterrupted(t, err, context.Canceled)
	server.RequireRequests("GET /demo")
	server.RequireWaits(0)
}

// A list that is interrupted between two pages ends with an error, since part of a
// list must not look complete.
func TestListInterruptedBetweenPages(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.GatewayPage(1, 100, 150))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var failed error
	for _, err := range gateways.List(ctx, c, clienttest.Account, "") {
		if err != nil {
			failed = err
			continue
		}
		if n++; n == 100 {
			cancel()
		}
	}
	clienttest.RequireInterrupted(t, failed, context.Canceled)
	if n != 100 {
		t.Errorf("%d gateways", n)
	}
	server.RequireRequests(clienttest.PageRequest(1))
}
