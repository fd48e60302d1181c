package client_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
)

// with returns a gateway with these headers, which come in pairs.
func with(headers ...string) clienttest.Transport {
	return func(r *http.Request) (*http.Response, error) {
		resp := found(r)
		for i := 0; i < len(headers); i += 2 {
			resp.Header.Set(headers[i], headers[i+1])
		}
		return resp, nil
	}
}

// secondRead returns how long the second of two reads takes.
func secondRead(t *testing.T, f clienttest.Transport) time.Duration {
	t.Helper()
	c := clienttest.InRealTime(t, f, 4)
	clienttest.RequireNoError(t, read(t.Context(), c))
	start := time.Now()
	clienttest.RequireNoError(t, read(t.Context(), c))
	first := time.Since(start)
	clienttest.RequireNoError(t, read(t.Context(), c))
	return max(first, time.Since(start)-first)
}

// Requests go as fast as they can while plenty of the limit remains. What is little is
// spread over the rest of the window, and nothing left means to wait for the next one.
func TestPace(t *testing.T) {
	const policy = `"default";q=1200;w=300`
	for name, test := range map[string]struct {
		headers  []string
		min, max time.Duration
	}{
		"plenty":                 {[]string{"Ratelimit", `"default";r=600;t=200`, "Ratelimit-Policy", policy}, 0, 0},
		"just enough":            {[]string{"Ratelimit", `"default";r=160;t=200`, "Ratelimit-Policy", policy}, 0, 0},
		"little":                 {[]string{"Ratelimit", `"default";r=50;t=30`, "Ratelimit-Policy", policy}, 500 * time.Millisecond, 700 * time.Millisecond},
		"little without policy":  {[]string{"Ratelimit", `"default";r=50;t=30`}, 500 * time.Millisecond, 700 * time.Millisecond},
		"much of a small limit":  {[]string{"Ratelimit", `"default";r=50;t=30`, "Ratelimit-Policy", `"default";q=60;w=30`}, 0, 0},
		"nothing":                {[]string{"Ratelimit", `"default";r=0;t=30`, "Ratelimit-Policy", policy}, 30 * time.Second, 31 * time.Second},
		"nothing, absurd time":   {[]string{"Ratelimit", `"default";r=0;t=99999999`}, 6 * time.Minute, 6 * time.Minute},
		"order of parameters":    {[]string{"Ratelimit", `"default";t=30; r=50`}, 500 * time.Millisecond, 700 * time.Millisecond},
		"of several, the lowest": {[]string{"Ratelimit", `"burst";r=500;t=1, "default";r=50;t=30`}, 500 * time.Millisecond, 700 * time.Millisecond},
		"older form":             {[]string{"X-Ratelimit-Limit", "1200", "X-Ratelimit-Remaining", "50", "X-Ratelimit-Reset", "30"}, 500 * time.Millisecond, 700 * time.Millisecond},
		"older form, a time":     {[]string{"X-Ratelimit-Remaining", "50", "X-Ratelimit-Reset", "in 30"}, 500 * time.Millisecond, 700 * time.Millisecond},

		"a time gone by":    {[]string{"X-Ratelimit-Remaining", "0", "X-Ratelimit-Reset", "in -30"}, 0, 0},
		"reset at once":     {[]string{"Ratelimit", `"default";r=0;t=0`}, 0, 0},
		"no reset":          {[]string{"Ratelimit", `"default";r=0`}, 0, 0},
		"no rest":           {[]string{"Ratelimit", `"default";t=30`}, 0, 0},
		"negative":          {[]string{"Ratelimit", `"default";r=-1;t=30`}, 0, 0},
		"garbage":           {[]string{"Ratelimit", `;;;=,"`, "Ratelimit-Policy", `q=w;"`}, 0, 0},
		"words":             {[]string{"Ratelimit", `"default";r=few;t=soon`}, 0, 0},
		"beyond 64 bits":    {[]string{"Ratelimit", `"default";r=0;t=99999999999999999999999`}, 0, 0},
		"half of the older": {[]string{"X-Ratelimit-Remaining", "0"}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				headers := append([]string{}, test.headers...)
				for i, value := range headers {
					var seconds int64
					if _, err := fmt.Sscanf(value, "in %d", &seconds); err == nil {
						headers[i] = strconv.FormatInt(time.Now().Unix()+seconds, 10)
					}
				}
				if took := secondRead(t, with(headers...)); took < test.min || took > test.max {
					t.Errorf("waited %s, want %s to %s", took, test.min, test.max)
				}
			})
		})
	}
}

// The log says at warn level that requests are slowed down, once in a window.
func TestPaceIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clienttest.InRealTime(t, with("Ratelimit", `"default";r=20;t=30`), 4)
		_, entries := clienttest.Logged(t, func(ctx context.Context) {
			for range 5 {
				clienttest.RequireNoError(t, read(ctx, c))
			}
		})
		warnings := 0
		for _, entry := range entries {
			if entry["@level"] == "warn" {
				warnings++
			}
		}
		if warnings != 1 {
			t.Errorf("%d warnings", warnings)
		}
	})
}

// A block that names no Retry-After is known by its rate limit.
func TestBlockByRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
			if attempts++; attempts > 1 {
				return found(r), nil
			}
			resp := clienttest.HTTPResponse(r, 429, "")
			resp.Header.Set("Ratelimit", `"default";r=0;t=240`)
			return resp, nil
		}, 4)
		start := time.Now()
		clienttest.RequireNoError(t, read(t.Context(), c))
		clienttest.RequireTook(t, start, 4*time.Minute, 4*time.Minute+time.Second)
	})
}

// A service that never leaves room is given up at last.
func TestPaceIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := clienttest.InRealTime(t, with("Ratelimit", `"default";r=0;t=1000`), 4)
		for range 200 {
			go func() { _ = read(ctx, c) }()
		}
		time.Sleep(time.Second)
		start := time.Now()
		err := read(ctx, c)
		if took := time.Since(start); took > 18*time.Minute {
			t.Errorf("took %s: %v", took, err)
		}
		cancel()
		synctest.Wait()
	})
}

var _ client.Clock = (*clienttest.Pauses)(nil)
