package provider_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	theprovider "github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// waits is a clock that records waits, and moves on by them.
type waits struct {
	now   time.Time
	asked []time.Duration
}

func (w *waits) Now() time.Time { return w.now }

func (w *waits) Wait(ctx context.Context, d time.Duration) error {
	w.now = w.now.Add(d)
	w.asked = append(w.asked, d)
	return ctx.Err()
}

func (*waits) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	return time.AfterFunc(d, f).Stop
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A block of Cloudflare's API is waited for by the provider's clock. The final error says
// what happened, how long that took, and what to do.
func TestBlockedForGood(t *testing.T) {
	clock := &waits{}
	server := protocol.New(t, theprovider.NewWithOptions("1.2.3", theprovider.Options{
		Getenv: func(string) string { return "" },
		Clock:  clock,
		Transport: transport(func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusTooManyRequests, Request: r, Header: http.Header{"Retry-After": {"300"}},
				Body: io.NopCloser(strings.NewReader(`{"success":false,"errors":[{"code":971,"message":"Please wait"}]}`)),
			}, nil
		}),
	}), base())
	_, diags := readGateway(t, server)
	requireError(t, diags, "", "Unable to read gateway",
		"Please wait (code 971)", "the service still blocks requests after waiting 15m0s for 3 blocks", "(after 4 attempts)",
		"Cloudflare's API accepts 1,200 requests per user in five minutes", "Wait five minutes and run it again", "use a lower -parallelism")
	if want := slices.Repeat([]time.Duration{5 * time.Minute}, 3); !slices.Equal(clock.asked, want) {
		t.Errorf("waited %v, want %v", clock.asked, want)
	}
}
