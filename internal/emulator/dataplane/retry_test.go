package dataplane

import (
	"net/http"
	"slices"
	"testing"
	"time"
)

func TestRetryWaits(t *testing.T) {
	for backoff, want := range map[string][]time.Duration{
		"": {10, 10, 10, 10}, "constant": {10, 10, 10, 10}, "linear": {10, 20, 30, 40}, "exponential": {10, 20, 40, 80},
	} {
		var got []time.Duration
		for n := 1; n <= 4; n++ {
			got = append(got, retryPolicy{delay: 10, backoff: backoff}.wait(n))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: waits %v, want %v", backoff, got, want)
		}
	}
}

// TestRetryPolicyOfHeaders shows that an unknown backoff in a header is ignored.
func TestRetryPolicyOfHeaders(t *testing.T) {
	for header, want := range map[string]string{"": "linear", "nonsense": "linear", "constant": "constant", "exponential": "exponential"} {
		var req request
		req.config.RetryBackoff = "linear"
		req.header = http.Header{"Cf-Aig-Backoff": {header}}
		if got := retryPolicyFor(req).backoff; got != want {
			t.Errorf("%q: backoff = %q, want %q", header, got, want)
		}
	}
}
