package client_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// blocked returns a response that asks to wait. Most tests here run in a bubble in which
// time passes as soon as all goroutines wait.
func blocked(r *http.Request, retryAfter string) *http.Response {
	resp := clienttest.HTTPResponse(r, 429, clienttest.Failure(971, "Please wait"))
	resp.Header.Set("Retry-After", retryAfter)
	return resp
}

func found(r *http.Request) *http.Response {
	return clienttest.HTTPResponse(r, 200, clienttest.Envelope(clienttest.Gateway("demo", nil)))
}

func read(ctx context.Context, c *client.Client) error {
	return clienttest.ErrorOf(gateways.Get(ctx, c, clienttest.Account, "demo"))
}

// A real block of Cloudflare's outlasts any backoff. It does not count for max_retries.
func TestBlockIsWaitedFor(t *testing.T) {
	for _, op := range clienttest.GatewayOperations {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			attempts := 0
			c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
				if attempts++; time.Since(start) < 15*time.Minute {
					return blocked(r, "300"), nil
				}
				resp := clienttest.HTTPResponse(r, 200, clienttest.Envelope(clienttest.Gateway("demo", nil)))
				switch {
				case op.Name == "list gateways":
					resp = clienttest.HTTPResponse(r, 200, clienttest.Envelope([]any{}))
				case r.Method == http.MethodPut:
					resp = clienttest.HTTPResponse(r, 200, clienttest.Envelope(clienttest.Fields{"id": "id-1", "provider_slug": "openai"}))
				}
				return resp, nil
			}, 1)
			clienttest.RequireNoError(t, op.Call(t.Context(), c))
			clienttest.RequireTook(t, start, 15*time.Minute, 15*time.Minute)
			if attempts != 4 {
				t.Errorf("%s: %d attempts", op.Name, attempts)
			}
		})
	}
}

// A service that blocks for good is given up after three blocks. The error says how
// long it was waited for, and how often.
func TestGivesUpAfterThreeBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
			attempts++
			return blocked(r, "300"), nil
		}, 20)
		start := time.Now()
		clienttest.RequireError(t, read(t.Context(), c), client.ErrRateLimited, "read gateway: HTTP 429 Too Many Requests: Please wait (code 971)",
			"the service still blocks requests after waiting 15m0s for 3 blocks", "(after 4 attempts)")
		clienttest.RequireTook(t, start, 15*time.Minute, 15*time.Minute)
		if attempts != 4 {
			t.Errorf("%d attempts", attempts)
		}
	})
}

// A client that repeats nothing does not repeat after a block either, but starts no
// other request during it.
func TestBlockWithoutRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
			if attempts++; attempts == 1 {
				return blocked(r, "300"), nil
			}
			return found(r), nil
		}, 0)
		start := time.Now()
		clienttest.RequireKind(t, read(t.Context(), c), client.ErrRateLimited)
		clienttest.RequireTook(t, start, 0, 0)
		clienttest.RequireNoError(t, read(t.Context(), c))
		clienttest.RequireTook(t, start, 5*time.Minute, 5*time.Minute)
	})
}

// While one request is told to wait, no other one starts, and they do not all start in
// the moment in which the service opens again. The log says it once.
func TestGateIsSharedAndOpensGradually(t *testing.T) {
	const parallel = 50
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var starts []time.Duration
		start := time.Now()
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			starts = append(starts, time.Since(start))
			mu.Unlock()
			if time.Since(start) < 5*time.Minute {
				return blocked(r, "300"), nil
			}
			return found(r), nil
		}, 4)
		_, entries := clienttest.Logged(t, func(ctx context.Context) {
			var all sync.WaitGroup
			clienttest.RequireNoError(t, read(ctx, c)) // waits; then everything is fresh
			start, starts = time.Now(), nil
			for n := range parallel {
				all.Go(func() {
					if n > 0 {
						time.Sleep(time.Duration(n) * time.Second) // while the gate is closed
					}
					if err := read(ctx, c); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
		})
		if len(starts) != parallel+1 { // the first one is blocked and repeats
			t.Fatalf("%d requests", len(starts))
		}
		for i, at := range starts[1:] {
			if at < 5*time.Minute {
				t.Errorf("a request started %s after the block began", at)
			}
			if i > 0 && at == starts[i] {
				t.Errorf("two requests started at %s", at)
			}
		}
		if last := starts[parallel]; last > 5*time.Minute+5*time.Second {
			t.Errorf("the last request started at %s", last)
		}
		warnings := 0
		for _, entry := range entries {
			if entry["@level"] == "warn" {
				warnings++
				if entry["wait_s"] != 300.0 || entry["operation"] != "read gateway" || entry["status"] != 429.0 {
					t.Errorf("%v", entry)
				}
			}
		}
		if warnings != 2 {
			t.Errorf("%d warnings for two blocks", warnings)
		}
	})
}

// A 429 that names no time is backed off from, within max_retries, and holds up no other
// request. So does a 503: it may be one endpoint that fails. And a 425 is about one
// request.
func TestOtherResponsesDoNotCloseTheGate(t *testing.T) {
	for name, closes := range map[string]func(r *http.Request) *http.Response{
		"429": func(r *http.Request) *http.Response { return clienttest.HTTPResponse(r, 429, "") },
		"503": func(r *http.Request) *http.Response {
			resp := blocked(r, "50")
			resp.StatusCode = 503
			return resp
		},
		"425": func(r *http.Request) *http.Response {
			resp := blocked(r, "50")
			resp.StatusCode = 425
			return resp
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var attempts atomic.Int32
				c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
					if attempts.Add(1) == 1 {
						return closes(r), nil
					}
					return found(r), nil
				}, 4)
				go func() { clienttest.RequireNoError(t, read(t.Context(), c)) }()
				synctest.Wait()
				start := time.Now()
				clienttest.RequireNoError(t, read(t.Context(), c))
				clienttest.RequireTook(t, start, 0, 0)
				time.Sleep(time.Minute)
				if attempts.Load() != 3 {
					t.Errorf("%d attempts", attempts.Load())
				}
			})
		})
	}
}

// Requests to models have limits of their own, which tests provoke on purpose.
func TestDataPlaneDoesNotUseTheGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost {
				return blocked(r, "300"), nil
			}
			return found(r), nil
		}, 4)
		start := time.Now()
		once := func() int {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://api.invalid/v1/x", http.NoBody)
			clienttest.RequireNoError(t, err)
			return c.SendOnce(t.Context(), client.Request{Operation: "chat request"}, 0, time.Minute, req).Status
		}
		if status := once(); status != 429 {
			t.Errorf("HTTP %d", status)
		}
		clienttest.RequireNoError(t, read(t.Context(), c))
		clienttest.RequireTook(t, start, 0, 0)

		// Nor do they wait while the control plane is blocked.
		closing := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) { return blocked(r, "300"), nil }, 0)
		clienttest.RequireKind(t, read(t.Context(), closing), client.ErrRateLimited)
		c = closing
		once()
		clienttest.RequireTook(t, start, 0, 0)
	})
}

func TestInterruptedAtTheGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) { return blocked(r, "300"), nil }, 4)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		go func() { _ = read(ctx, c) }()
		synctest.Wait()
		start := time.Now()
		err := read(ctx, c) // waits although it was never sent
		clienttest.RequireError(t, err, client.ErrUnavailable, "read gateway: not sent: interrupted")
		clienttest.RequireInterrupted(t, err, context.Canceled)
		clienttest.RequireTook(t, start, time.Minute, time.Minute)
	})
}

// The 15 seconds of a rollback do not run while the service says to wait.
func TestRollbackWaitsForTheBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deletions := 0
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
			switch r.Method {
			case http.MethodPut:
				return clienttest.HTTPResponse(r, 400, clienttest.Failure(7001, "no")), nil
			case http.MethodDelete:
				if deletions++; deletions == 1 {
					return blocked(r, "300"), nil
				}
			}
			return found(r), nil
		}, 4)
		start := time.Now()
		gateway, err := createWithFeature(t.Context(), c)
		clienttest.RequireNil(t, gateway)
		clienttest.RequireError(t, err, client.ErrInvalid, "the gateway had just been created and was deleted again")
		clienttest.RequireTook(t, start, 5*time.Minute, 5*time.Minute)
		if deletions != 2 {
			t.Errorf("%d deletions", deletions)
		}
	})
}

// After an interrupt a rollback does not wait for a block of minutes, and says what it
// left. A block of some seconds is waited for.
func TestInterruptedRollbackAtTheGate(t *testing.T) {
	for seconds, undone := range map[int]bool{20: true, 300: false} {
		for _, when := range []string{"before", "during"} {
			t.Run(fmt.Sprintf("%d s, %s", seconds, when), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					deletions := 0
					c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
						switch r.Method {
						case http.MethodPut:
							return clienttest.HTTPResponse(r, 400, clienttest.Failure(7001, "no")), nil
						case http.MethodDelete:
							if deletions++; deletions == 1 {
								if when == "before" {
									cancel()
								} else {
									time.AfterFunc(5*time.Second, cancel)
								}
								return blocked(r, strconv.Itoa(seconds)), nil
							}
						}
						return found(r), nil
					}, 4)
					start := time.Now()
					gateway, err := createWithFeature(ctx, c)
					if undone {
						clienttest.RequireNil(t, gateway)
						clienttest.RequireText(t, err.Error(), "was deleted again")
						clienttest.RequireTook(t, start, 20*time.Second, 20*time.Second)
						return
					}
					if gateway == nil {
						t.Error("the gateway that is left is not named")
					}
					clienttest.RequireText(t, err.Error(), "deleting it again failed as well", "after an interrupt the provider waits 30s at most")
					clienttest.RequireTook(t, start, 0, 5*time.Second)
				})
			})
		}
	}
}

// All waits of a rollback after an interrupt take 30 seconds together.
func TestInterruptedRollbackWaitsHalfAMinuteInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
			switch r.Method {
			case http.MethodPut:
				cancel()
				return clienttest.HTTPResponse(r, 400, clienttest.Failure(7001, "no")), nil
			case http.MethodDelete:
				return blocked(r, "12"), nil
			}
			return found(r), nil
		}, 4)
		start := time.Now()
		_, err := createWithFeature(ctx, c)
		clienttest.RequireText(t, err.Error(), "blocks requests for another 12s, and after an interrupt the provider waits 30s at most")
		clienttest.RequireTook(t, start, 24*time.Second, 24*time.Second)
	})
}

// createWithFeature creates a gateway with a PUT after the POST.
func createWithFeature(ctx context.Context, c *client.Client) (*gateways.Gateway, error) {
	settings := clienttest.GatewaySettings()
	settings.LogClassification = clienttest.Ptr(true)
	return gateways.Create(ctx, c, clienttest.Account, "demo", settings)
}

// A read has two minutes for itself, besides the time at the gate.
func TestReadDeadlineDoesNotCountTheGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
			switch attempts++; {
			case attempts == 1:
				time.Sleep(50 * time.Second)
				return blocked(r, "300"), nil
			case attempts == 2:
				time.Sleep(50 * time.Second)
				return clienttest.HTTPResponse(r, 503, ""), nil
			default:
				return clienttest.Hang(r)
			}
		}, 4)
		start := time.Now()
		clienttest.RequireError(t, read(t.Context(), c), client.ErrUnavailable, "read gateway: no response: not read within 2m0s, retries included (after 3 attempts)")
		clienttest.RequireTook(t, start, 7*time.Minute, 7*time.Minute)
	})
}
