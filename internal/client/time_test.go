package client_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// These tests run in a bubble where time passes as soon as everybody waits, so
// that the client's own waits and deadlines are seen at their true length.

// inRealTime is a client that waits by itself, over a connection in memory.
func inRealTime(t *testing.T, f transport, maxRetries int) *client.Client {
	t.Helper()
	c, _ := newClient(t, "http://api.invalid", over(f), retries(maxRetries), func(cfg *client.Config) { cfg.Wait = nil })
	return c
}

// hang is a server that takes a request and never answers.
func hang(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func requireTook(t *testing.T, start time.Time, least, most time.Duration) {
	t.Helper()
	if took := time.Since(start); took < least || took > most {
		t.Errorf("took %s, want %s to %s", took, least, most)
	}
}

func TestPausesTakeTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		c := inRealTime(t, func(r *http.Request) (*http.Response, error) {
			if attempts++; attempts == 2 {
				return response(r, 200, envelope(object("demo", nil))), nil
			}
			busy := response(r, 429, "")
			busy.Header.Set("Retry-After", "7")
			return busy, nil
		}, 4)
		start := time.Now()
		if _, err := gateways.Get(t.Context(), c, account, "demo"); err != nil {
			t.Error(err)
		}
		requireTook(t, start, 7*time.Second, 7*time.Second)
	})
}

func TestPauseEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := inRealTime(t, func(r *http.Request) (*http.Response, error) {
			busy := response(r, 503, "")
			busy.Header.Set("Retry-After", "60")
			return busy, nil
		}, 4)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start := time.Now()
		_, err := gateways.Get(ctx, c, account, "demo")
		requireKind(t, err, client.ErrUnavailable)
		requireInterrupted(t, err, context.Canceled)
		requireTook(t, start, 3*time.Second, 3*time.Second)
	})
}

// The caller's own deadline is kept, and is not taken for the attempt's.
func TestDeadlineOfTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := inRealTime(t, hang, 4)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		_, err := gateways.Get(ctx, c, account, "demo")
		requireKind(t, err, client.ErrUnavailable)
		requireInterrupted(t, err, context.DeadlineExceeded)
		requireTook(t, start, 3*time.Second, 3*time.Second)
	})
}

// A server that takes a request and never answers cannot hang a run.
func TestEveryAttemptIsBounded(t *testing.T) {
	for _, op := range operations {
		if !isSafe(op.method) {
			continue
		}
		t.Run(op.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				attempts := 0
				c := inRealTime(t, func(r *http.Request) (*http.Response, error) {
					attempts++
					return hang(r)
				}, 2)
				start := time.Now()
				err := op.do(t.Context(), c)
				requireKind(t, err, client.ErrUnavailable)
				requireText(t, err.Error(), op.name+": no response: timed out after 1m0s", "(after 3 attempts)")
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
				if attempts != 3 {
					t.Errorf("%d attempts", attempts)
				}
				requireTook(t, start, 3*time.Minute+750*time.Millisecond, 3*time.Minute+1500*time.Millisecond)
			})
		})
	}
}

// So is the search for a gateway whose creation was not answered: a minute for
// the request, a quarter of one to look.
func TestCreateRecoveryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := inRealTime(t, hang, 4)
		start := time.Now()
		_, err := create(t, c)
		requireKind(t, err, client.ErrOutcomeUnknown)
		requireText(t, err.Error(), "create gateway: no response: timed out after 1m0s",
			"looking for the gateway afterwards failed as well: read gateway: no response", "nothing found out within 15s")
		requireTook(t, start, 75*time.Second, 75*time.Second)
	})
}

// An interrupt ends the request, and leaves the search its time.
func TestCreateRecoveryOutlivesInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		c := inRealTime(t, func(r *http.Request) (*http.Response, error) {
			if requests++; requests == 1 {
				return hang(r)
			}
			return response(r, 404, failure(7002, "Not Found")), nil
		}, 4)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		_, err := gateways.Create(ctx, c, account, "demo", settings())
		requireKind(t, err, client.ErrUnavailable)
		requireInterrupted(t, err, context.Canceled)
		requireText(t, err.Error(), notThere)
		if requests != 4 {
			t.Errorf("%d requests", requests)
		}
		requireTook(t, start, 3*time.Second, 3*time.Second)
	})
}

// A gateway may be as old as its request took, by this machine's clock alone.
func TestCreateRecoveryAllowsForASlowRequest(t *testing.T) {
	for age, ours := range map[time.Duration]bool{31 * time.Second: true, 34 * time.Second: false} {
		synctest.Test(t, func(t *testing.T) {
			requests := 0
			c := inRealTime(t, func(r *http.Request) (*http.Response, error) {
				if requests++; requests == 1 {
					time.Sleep(30 * time.Second)
					return response(r, 504, ""), nil
				}
				now := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
				there := response(r, 200, envelope(object("demo", fields{"created_at": now.Add(-age).Format(time.RFC3339)})))
				there.Header.Set("Date", now.Format(http.TimeFormat))
				return there, nil
			}, 4)
			if _, err := create(t, c); ours != (err == nil) {
				t.Errorf("%s old: %v", age, err)
			}
		})
	}
}
