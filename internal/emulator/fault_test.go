package emulator_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// listen starts a server with a real listener.
func listen(t *testing.T, opts emulator.Options) *emulator.Running {
	t.Helper()
	running, err := emulator.Start(t.Context(), "127.0.0.1:0", opts)
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() {
		if err := running.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return running
}

// do sends a request over the network on a connection of its own, so that
// nothing repeats it when the connection is cut.
func do(ctx context.Context, t *testing.T, method, url, body string) (int, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text), err
}

func gatewaysURL(running *emulator.Running) string {
	return running.ControlPlaneURL() + "/accounts/" + accountID + "/ai-gateway/gateways"
}

func minimalJSON(t *testing.T, id string) string {
	t.Helper()
	return toJSON(t, minimal(object{"id": id}))
}

func TestFaultAnswersInstead(t *testing.T) {
	h := start(t, emulator.Options{})
	h.Inject(emulator.Fault{Method: "POST", Path: "/gateways$", Status: 503, Body: `{"x":1}`,
		Header: http.Header{"retry-after": {"7"}}})
	h.api("GET", "gateways", nil) // another method

	r := h.api("POST", "gateways", minimal(object{"id": "a"}))
	if r.status != 503 || r.raw != `{"x":1}` || r.header.Get("Retry-After") != "7" {
		t.Errorf("answer = %d %s %v", r.status, r.raw, r.header)
	}
	if len(h.GatewayIDs(accountID)) != 0 {
		t.Error("the request was handled")
	}
	h.create("a") // once is over
}

func TestFaultTimes(t *testing.T) {
	h := start(t, emulator.Options{})
	h.Inject(emulator.Fault{Times: 2, Status: 500, Body: "{}"})
	h.Inject(emulator.Fault{Times: -1, Status: 502, Body: "{}"})
	var got []int
	for range 5 {
		got = append(got, h.api("GET", "gateways", nil).status)
	}
	h.ClearFaults()
	got = append(got, h.api("GET", "gateways", nil).status)
	if diff := cmp.Diff([]int{500, 500, 502, 502, 502, 200}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

func TestFaultAnswerAfter(t *testing.T) {
	h := start(t, emulator.Options{})
	h.Inject(emulator.Fault{Method: "POST", Status: 504, Header: http.Header{"Content-Type": {"text/html"}}, Body: "<html>", AnswerAfter: true})
	r := h.api("POST", "gateways", minimal(object{"id": "a"}))
	if r.status != 504 || r.raw != "<html>" || r.header.Get("Content-Type") != "text/html" {
		t.Errorf("answer = %d %s", r.status, r.raw)
	}
	h.get("a")
}

func TestFaultDrops(t *testing.T) {
	running := listen(t, emulator.Options{})
	url := gatewaysURL(running)
	for _, tt := range []struct {
		drop emulator.Drop
		want int
	}{{emulator.DropBefore, 0}, {emulator.DropAfter, 1}} {
		running.Server.Inject(emulator.Fault{Method: "POST", Drop: tt.drop})
		if status, _, err := do(t.Context(), t, "POST", url, minimalJSON(t, "a")); err == nil {
			t.Errorf("drop %v: answered %d", tt.drop, status)
		}
		if got := len(running.Server.GatewayIDs(accountID)); got != tt.want {
			t.Errorf("drop %v: %d gateways, want %d", tt.drop, got, tt.want)
		}
	}
	for _, r := range running.Server.Requests() {
		if r.Status != 0 {
			t.Errorf("status of a cut request = %d, want 0", r.Status)
		}
	}
}

func TestFaultDelay(t *testing.T) {
	h := start(t, emulator.Options{})
	h.Inject(emulator.Fault{Delay: 20 * time.Millisecond})
	before := time.Now()
	if r := h.api("GET", "gateways", nil); r.status != 200 || time.Since(before) < 20*time.Millisecond {
		t.Errorf("status %d after %v", r.status, time.Since(before))
	}
}

func TestFaultDelayEndsWhenTheClientLeaves(t *testing.T) {
	running := listen(t, emulator.Options{})
	running.Server.Inject(emulator.Fault{Delay: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := do(ctx, t, "POST", gatewaysURL(running), minimalJSON(t, "a")); err == nil {
		t.Error("answered")
	}
	// Close, in the cleanup, would wait for a handler that does not stop.
	if got := running.Server.GatewayIDs(accountID); len(got) != 0 {
		t.Errorf("gateways = %v", got)
	}
}

func TestInjectPanicsOnABadPattern(t *testing.T) {
	h := start(t, emulator.Options{})
	wantPanic(t, func() { h.Inject(emulator.Fault{Path: "("}) })
}

func TestRequestsAreRecorded(t *testing.T) {
	var log strings.Builder
	h := start(t, emulator.Options{RequestLog: &log})
	h.Inject(emulator.Fault{Method: "PUT", Status: 500, Body: "{}"})
	h.api("GET", "gateways?page=1&search=%2F", nil)
	h.send("PUT", "/client/v4/x", `{"a":"<b>"}`)
	h.chat("missing", "openai/x", "hi")

	base := "/client/v4/accounts/" + accountID + "/ai-gateway/"
	got := h.Requests()
	if len(got) != 3 {
		t.Fatalf("%d requests, want 3", len(got))
	}
	want := []struct {
		method, path string
		status       int
	}{
		{"GET", base + "gateways?page=1&search=%2F", 200},
		{"PUT", "/client/v4/x", 500},
		{"POST", "/v1/" + accountID + "/missing/compat/chat/completions", 400},
	}
	for i, w := range want {
		if got[i].Method != w.method || got[i].Path != w.path || got[i].Status != w.status {
			t.Errorf("request %d = %s %s %d, want %v", i, got[i].Method, got[i].Path, got[i].Status, w)
		}
	}
	if got[0].Header.Get("Authorization") != "Bearer "+token || got[1].Body != `{"a":"<b>"}` {
		t.Errorf("header or body is missing: %v %q", got[0].Header, got[1].Body)
	}
	got[0].Header.Set("Authorization", "changed")
	if h.Requests()[0].Header.Get("Authorization") == "changed" {
		t.Error("Requests shares its headers")
	}

	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 3 || lines[1] != `{"method":"PUT","path":"/client/v4/x","body":"{\"a\":\"<b>\"}","status":500}` {
		t.Errorf("log:\n%s", log.String())
	}
	for _, line := range lines {
		if !json.Valid([]byte(line)) || strings.Contains(line, token) {
			t.Errorf("bad log line %s", line)
		}
	}

	h.ResetRequests()
	if len(h.Requests()) != 0 {
		t.Error("ResetRequests left some")
	}
}
