package acctest_test

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// What examples/dynamic-routing leads to.
const (
	strong = "openai gpt-5.2"
	cheap  = "workers-ai @cf/meta/llama-3.3-70b-instruct-fp8-fast"
)

// dynamicRouting returns a workspace with that example.
func dynamicRouting(t *testing.T, service *acctest.Service) *acctest.Workspace {
	t.Helper()
	return exampleWorkspace(t, service, "dynamic-routing")
}

// TestDynamicRoutingExample runs the example's own tests, as its users do.
func TestDynamicRoutingExample(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsTest()
	acctest.Require(t, supported, reason)
	service := acctest.Emulate(t, emulator.Options{})
	w := dynamicRouting(t, service)
	w.Run("init", "-no-color")
	out := w.Run("test", "-no-color")
	if !strings.Contains(out, "7 passed, 0 failed") {
		t.Errorf("the example's tests say:\n%s", out)
	}
	sent := 0
	for _, request := range service.Emulator.Requests() {
		if strings.HasSuffix(request.Path, "/chat/completions") {
			sent++
		}
	}
	// 2 of routing.tftest.hcl, and 101 of quota.tftest.hcl, which OpenTofu's
	// clean-up sends once more.
	if sent != 2+101 && sent != 2+2*101 {
		t.Errorf("the example's tests send %d requests by the route, want 103, or 204 with OpenTofu", sent)
	}
	if left := service.Emulator.GatewayIDs(service.AccountID); len(left) != 0 {
		t.Errorf("the tests leave gateways: %v", left)
	}
}

// TestDynamicRoutingGoesWhereItSays applies the example and sends requests by
// its route.
func TestDynamicRoutingGoesWhereItSays(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	clock := emulator.NewClock(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
	service := acctest.Emulate(t, emulator.Options{Clock: clock})
	w := dynamicRouting(t, service)
	w.Apply()
	w.RequireEmptyPlan()
	route := routeClient{t, service}

	if got := route.ask(map[string]string{"plan": "pro", "user_id": "alice"}); got != strong {
		t.Errorf("a paying user got %s, want %s", got, strong)
	}
	// 99 more within the minute are let through, and the next is too many.
	for range 99 {
		if got := route.ask(map[string]string{"plan": "pro", "user_id": "alice"}); got != strong {
			t.Fatalf("within the quota, a paying user got %s, want %s", got, strong)
		}
	}
	if got := route.ask(map[string]string{"plan": "pro", "user_id": "alice"}); got != cheap {
		t.Errorf("the 101st request of a minute got %s, want %s", got, cheap)
	}
	if got := route.ask(map[string]string{"plan": "pro", "user_id": "bob"}); got != strong {
		t.Errorf("another user got %s, want %s", got, strong)
	}
	clock.Advance(61 * time.Second)
	if got := route.ask(map[string]string{"plan": "pro", "user_id": "alice"}); got != strong {
		t.Errorf("in the next minute, the user got %s, want %s", got, strong)
	}

	// Of free users, a tenth gets the strong model: within three standard
	// deviations of a binomial distribution.
	const requests, share = 1000, 0.1
	counts := map[string]int{}
	for range requests {
		counts[route.ask(map[string]string{"plan": "free", "user_id": "carol"})]++
	}
	if counts[strong]+counts[cheap] != requests {
		t.Errorf("requests went to %v", counts)
	}
	deviation := math.Sqrt(requests * share * (1 - share))
	if off := math.Abs(float64(counts[strong]) - requests*share); off > 3*deviation {
		t.Errorf("%d of %d requests went to the strong model, which is %.1f standard deviations off", counts[strong], requests, off/deviation)
	}
}

// routeClient sends requests by the example's route, as an application does.
type routeClient struct {
	t       *testing.T
	service *acctest.Service
}

// ask sends one request and says who answered, as "provider model".
func (c routeClient) ask(metadata map[string]string) string {
	c.t.Helper()
	header, err := json.Marshal(metadata)
	if err != nil {
		c.t.Fatal(err)
	}
	url := c.service.GatewayBaseURL + "/" + c.service.AccountID + "/support/compat/chat/completions"
	body := `{"model":"dynamic/customer-support","messages":[{"role":"user","content":"How do I reset my password?"}]}`
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("cf-aig-authorization", "Bearer "+c.service.Token)
	req.Header.Set("cf-aig-metadata", string(header))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		c.t.Fatalf("HTTP %d", resp.StatusCode)
	}
	return resp.Header.Get("cf-aig-provider") + " " + resp.Header.Get("cf-aig-model")
}
