package acctest_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A countingTransport counts what the service responds, and may hide its rate limit.
type countingTransport struct {
	http.RoundTripper
	requests, blocked atomic.Int32
	hideRate          bool
}

func (c *countingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(50 * time.Millisecond) // about what the real service takes
	resp, err := c.RoundTripper.RoundTrip(r)
	c.requests.Add(1)
	if err == nil {
		if resp.StatusCode == http.StatusTooManyRequests {
			c.blocked.Add(1)
		}
		if c.hideRate {
			resp.Header.Del("Ratelimit")
			resp.Header.Del("Ratelimit-Policy")
		}
	}
	return resp, err
}

// Two thousand objects need several times what the service accepts in five minutes. One
// apply creates them all, and the next plan is empty. Unless tests are exhaustive, there
// are a quarter of the objects, and the service accepts a quarter: the ratio is what counts.
func TestLargeApplyAtTheRateLimit(t *testing.T) {
	share := 4
	if acctest.Exhaustive() {
		share = 1
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // it halves the time
	for name, test := range map[string]struct {
		hideRate               bool
		limit                  int
		gateways, routes, keys int
		mostBlocked            int32
	}{
		// The pace keeps the provider from being blocked at all.
		"the service tells its limit": {false, emulator.DefaultAPILimit / share, 1000 / share, 700 / share, 300 / share, 0},
		// Otherwise at most the requests that are in flight are blocked, once in a window.
		"it only blocks": {true, emulator.DefaultAPILimit / 4, 250, 175, 75, 3 * lifecycle.Parallelism},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := acctest.EmulateInMemory(t, emulator.Options{GatewayLimit: -1, APILimit: test.limit})
				counting := &countingTransport{RoundTripper: s.Transport, hideRate: test.hideRate}
				s.Transport = counting
				all := lifecycle.Stacks(s, s.Protocol(t, nil), test.gateways, test.routes, test.keys)
				start := time.Now()
				lifecycle.InParallel(all, func(o *lifecycle.Object) { o.MustApply(t) })
				t.Logf("%d objects, %d at once: %d requests, %d of them blocked, in %s", test.gateways+test.routes+test.keys, lifecycle.Parallelism,
					counting.requests.Load(), counting.blocked.Load(), time.Since(start).Round(time.Second))
				if n := counting.blocked.Load(); n > test.mostBlocked {
					t.Errorf("%d requests were blocked, want at most %d", n, test.mostBlocked)
				}
				if n := len(s.Emulator.GatewayIDs(s.AccountID)); n != test.gateways {
					t.Errorf("%d gateways exist, want %d", n, test.gateways)
				}
				start = time.Now()
				counting.requests.Store(0)
				counting.blocked.Store(0)
				lifecycle.InParallel(all, func(o *lifecycle.Object) { o.MustPlanEmpty(o.Config) })
				t.Logf("the second plan: %d requests, %d of them blocked, in %s", counting.requests.Load(), counting.blocked.Load(), time.Since(start).Round(time.Second))
			})
		})
	}
}

// A block that hits in the middle of a rollback is waited for: nothing is left, neither
// in state nor at the service. After an interrupt the rollback names what it leaves.
func TestBlockedRollback(t *testing.T) {
	for _, interrupted := range []bool{false, true} {
		t.Run(fmt.Sprintf("interrupted %t", interrupted), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, interrupt := context.WithCancel(t.Context())
				defer interrupt()
				s := acctest.EmulateInMemory(t, emulator.Options{APILimit: 2})
				memory := s.Transport
				s.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodDelete && interrupted {
						interrupt()
					}
					resp, err := memory.RoundTrip(r)
					if err == nil {
						resp.Header.Del("Ratelimit") // or the rollback waits in time
					}
					return resp, err
				})
				s.Emulator.Inject(emulator.Fault{Method: "PUT", Status: 400, Body: `{"success":false,"errors":[{"code":7001,"message":"no"}]}`})
				// One request more, so that the DELETE is the third.
				if _, diags := s.Protocol(t, nil).ReadDataSource("aigateway_gateways", map[string]any{}); diags.HasError() {
					t.Fatal(diags)
				}
				o := s.Protocol(t, nil).Resource("aigateway_gateway")
				plan, diags := o.Plan(map[string]any{"name": "demo", "guardrails": map[string]any{"prompt": map[string]any{"hate": "BLOCK"}}})
				if diags.HasError() {
					t.Fatal(diags)
				}
				start := time.Now()
				diags = o.ApplyContext(ctx, plan)
				took := time.Since(start)
				if !diags.HasError() {
					t.Fatal("no error")
				}
				if interrupted {
					if took > 30*time.Second || !o.Exists() || !o.Tainted() || !strings.Contains(diags.String(), "after an interrupt the provider waits 30s at most") {
						t.Errorf("after %s, in state: %t: %s", took, o.Exists(), diags)
					}
					return
				}
				if took != 5*time.Minute || o.Exists() || len(s.Emulator.GatewayIDs(s.AccountID)) > 0 {
					t.Errorf("after %s, in state: %t, left: %v: %s", took, o.Exists(), s.Emulator.GatewayIDs(s.AccountID), diags)
				}
			})
		})
	}
}

// A block that hits the deletion of what the service stored differently than planned is
// waited for too, and does not count against the time of the deletion.
func TestBlockedTakeBack(t *testing.T) {
	for _, interrupted := range []bool{false, true} {
		t.Run(fmt.Sprintf("interrupted %t", interrupted), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, interrupt := context.WithCancel(t.Context())
				defer interrupt()
				s := acctest.EmulateInMemory(t, emulator.Options{APILimit: 1, Quirks: []emulator.Quirk{emulator.NoBYOKOnly}})
				memory := s.Transport
				s.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodDelete && interrupted {
						interrupt()
					}
					resp, err := memory.RoundTrip(r)
					if err == nil {
						resp.Header.Del("Ratelimit") // or the deletion waits in time
					}
					return resp, err
				})
				o := s.Protocol(t, nil).Resource("aigateway_gateway")
				plan, diags := o.Plan(map[string]any{"name": "demo", "byok_only": true})
				if diags.HasError() {
					t.Fatal(diags)
				}
				start := time.Now()
				diags = o.ApplyContext(ctx, plan)
				took := time.Since(start)
				left := len(s.Emulator.GatewayIDs(s.AccountID))
				switch {
				case !strings.Contains(diags.String(), "The service does not have this setting"):
					t.Fatalf("not stored differently: %s", diags)
				case interrupted && (took > 30*time.Second || !o.Exists() || !o.Tainted() || left != 1 ||
					!strings.Contains(diags.String(), "after an interrupt the provider waits 30s at most")):
					t.Errorf("after %s, in state: %t, left: %d: %s", took, o.Exists(), left, diags)
				case !interrupted && (took != 5*time.Minute || o.Exists() || left > 0):
					t.Errorf("after %s, in state: %t, left: %d: %s", took, o.Exists(), left, diags)
				}
			})
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
