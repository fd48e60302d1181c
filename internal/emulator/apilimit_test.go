package emulator_test

import (
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestAPILimit(t *testing.T) {
	h := start(t, emulator.Options{APILimit: 3})
	list := func() reply { return h.api("GET", "gateways", nil) }
	want := func(r reply, status int, rate, retryAfter string) {
		t.Helper()
		if r.status != status {
			t.Errorf("HTTP %d, want %d", r.status, status)
		}
		r.wantHeaders(t, "Ratelimit", rate, "Ratelimit-Policy", `"default";q=3;w=300`, "Retry-After", retryAfter)
	}
	want(list(), 200, `"default";r=2;t=300`, "")
	h.Clock().Advance(99500 * time.Millisecond)
	want(list(), 200, `"default";r=1;t=200`, "")
	want(list(), 200, `"default";r=0;t=200`, "")
	blocked := list()
	want(blocked, 429, `"default";r=0;t=300`, "300")
	blocked.wantErrors(t, 429, 971, "Please wait and consider throttling your request speed")
	h.Clock().Advance(299500 * time.Millisecond)
	want(list(), 429, `"default";r=0;t=0`, "1") // which extends no block
	h.Clock().Advance(500 * time.Millisecond)
	want(list(), 200, `"default";r=2;t=300`, "")
	h.Clock().Advance(5 * time.Minute)
	want(list(), 200, `"default";r=2;t=300`, "")
}

// The data plane has limits of its own, and so has the REST API for models, which shares
// the control plane's host.
func TestAPILimitIsOfTheControlPlane(t *testing.T) {
	h := start(t, emulator.Options{APILimit: 2})
	h.create("gw")
	for range 5 {
		h.chat("gw", "openai/m", "hi").wantHeaders(t, "Ratelimit", "")
		h.rest("v1/responses", `{"model":"openai/m","input":"x"}`, "cf-aig-gateway-id", "gw").wantHeaders(t, "Ratelimit", "")
	}
	h.api("GET", "gateways", nil).wantHeaders(t, "Ratelimit", `"default";r=0;t=300`)
}

func TestNoAPILimit(t *testing.T) {
	h := start(t, emulator.Options{})
	h.api("GET", "gateways", nil).wantHeaders(t, "Ratelimit", "", "Ratelimit-Policy", "")
}
