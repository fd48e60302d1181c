package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// These tests run in a bubble in which time passes as soon as all goroutines wait, so
// that waits and deadlines have their true length.

func TestPausesTakeTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
			if attempts++; attempts == 2 {
				return clienttest.HTTPResponse(r, 200, clienttest.Envelope(clienttest.Gateway("demo", nil))), nil
			}
			busy := clienttest.HTTPResponse(r, 429, "")
			busy.Header.Set("Retry-After", "7")
			return busy, nil
		}, 4)
		start := time.Now()
		clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Get(t.Context(), c, clienttest.Account, "demo")))
		clienttest.RequireTook(t, start, 7*time.Second, 7*time.Second)
	})
}

func TestPauseEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
			busy := clienttest.HTTPResponse(r, 503, "")
			busy.Header.Set("Retry-After", "60")
			return busy, nil
		}, 4)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start := time.Now()
		_, err := gateways.Get(ctx, c, clienttest.Account, "demo")
		clienttest.RequireKind(t, err, client.ErrUnavailable)
		clienttest.RequireInterrupted(t, err, context.Canceled)
		clienttest.RequireTook(t, start, 3*time.Second, 3*time.Second)
	})
}

// The caller's deadline is not taken for that of an attempt.
func TestDeadlineOfTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clienttest.InRealTime(t, clienttest.Hang, 4)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		_, err := gateways.Get(ctx, c, clienttest.Account, "demo")
		clienttest.RequireKind(t, err, client.ErrUnavailable)
		clienttest.RequireInterrupted(t, err, context.DeadlineExceeded)
		clienttest.RequireTook(t, start, 3*time.Second, 3*time.Second)
	})
}

// A server that accepts a request and never responds cannot hang a run. A read has two
// minutes for all attempts.
func TestEveryAttemptIsBounded(t *testing.T) {
	for _, op := range clienttest.GatewayOperations {
		if op.IsPOST() {
			continue
		}
		t.Run(op.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				attempts := 0
				c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
					attempts++
					return clienttest.Hang(r)
				}, 2)
				start := time.Now()
				err := op.Call(t.Context(), c)
				says, want, took := "timed out after 1m0s", 3, 3*time.Minute+750*time.Millisecond
				if op.Method() == http.MethodGet { // the pause is within the two minutes
					says, want, took = "not read within 2m0s, retries included", 2, 2*time.Minute
				}
				clienttest.RequireError(t, err, client.ErrUnavailable, op.Name+": no response: "+says, fmt.Sprintf("(after %d attempts)", want))
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
				if attempts != want {
					t.Errorf("%d attempts", attempts)
				}
				clienttest.RequireTook(t, start, took, took+750*time.Millisecond)
			})
		})
	}
}

// The search for a gateway whose creation got no response is bounded as well: a minute
// for the request, a quarter of a minute to look.
func TestCreateRecoveryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clienttest.InRealTime(t, clienttest.Hang, 4)
		start := time.Now()
		clienttest.RequireError(t, clienttest.ErrorOf(clienttest.CreateGateway(t, c)), client.ErrOutcomeUnknown, "create gateway: no response: timed out after 1m0s",
			"looking for the gateway afterwards failed as well: read gateway: no response", "nothing found out within 15s")
		clienttest.RequireTook(t, start, 75*time.Second, 75*time.Second)
	})
}

// An interrupt ends the request, and the search keeps its time.
func TestCreateRecoveryOutlivesInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
			if requests++; requests == 1 {
				return clienttest.Hang(r)
			}
			return clienttest.HTTPResponse(r, 404, clienttest.Failure(7002, "Not Found")), nil
		}, 4)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		_, err := gateways.Create(ctx, c, clienttest.Account, "demo", clienttest.GatewaySettings())
		clienttest.RequireKind(t, err, client.ErrUnavailable)
		clienttest.RequireInterrupted(t, err, context.Canceled)
		clienttest.RequireText(t, err.Error(), clienttest.NotThere)
		if requests != 4 {
			t.Errorf("%d requests", requests)
		}
		clienttest.RequireTook(t, start, 3*time.Second, 3*time.Second)
	})
}

// A gateway may be as old as its request took, by this machine's clock.
func TestCreateRecoveryAllowsForASlowRequest(t *testing.T) {
	for age, ours := range map[time.Duration]bool{31 * time.Second: true, 34 * time.Second: false} {
		synctest.Test(t, func(t *testing.T) {
			requests := 0
			c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
				if requests++; requests == 1 {
					time.Sleep(30 * time.Second)
					return clienttest.HTTPResponse(r, 504, ""), nil
				}
				now := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
				there := clienttest.HTTPResponse(r, 200, clienttest.Envelope(clienttest.Gateway("demo", clienttest.Fields{"created_at": now.Add(-age).Format(time.RFC3339)})))
				there.Header.Set("Date", now.Format(http.TimeFormat))
				return there, nil
			}, 4)
			if _, err := clienttest.CreateGateway(t, c); ours != (err == nil) {
				t.Errorf("%s old: %v", age, err)
			}
		})
	}
}
