package emulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

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

// do sends a request over a new connection, so that no client repeats it when the
// connection is cut.
func do(ctx context.Context, t *testing.T, method, url, body string) (int, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

// leave sends a request and closes the connection once the server has received it.
func leave(t *testing.T, running *emulator.Running, url, body string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	running.Server.ResetRequests()
	go func() {
		defer cancel()
		for len(running.Server.Requests()) == 0 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
	}()
	status, text, err := do(ctx, t, "POST", url, body)
	expect(t, err != nil, "got a response: %d %s", status, text)
}

func gatewaysURL(running *emulator.Running) string {
	return running.ControlPlaneURL() + "/accounts/" + accountID + "/ai-gateway/gateways"
}

func minimalJSON(t *testing.T, id string) string {
	t.Helper()
	return toJSON(t, minimal(object{"id": id}))
}

func TestFaultReplacesTheResponse(t *testing.T) {
	h := start(t, emulator.Options{})
	h.Inject(emulator.Fault{Method: "POST", Path: "/gateways$", Status: 503, Body: `{"x":1}`,
		Header: http.Header{"retry-after": {"7"}}})
	h.api("GET", "gateways", nil) // another method

	h.api("POST", "gateways", minimal(object{"id": "a"})).want(t, 503).wantHeaders(t, "Retry-After", "7").wantRaw(t, `{"x":1}`)
	equal(t, "the request was handled", 0, len(h.GatewayIDs(accountID)))
	h.create("a") // a fault happens once
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
	equal(t, "statuses", []int{500, 500, 502, 502, 502, 200}, got)
}

func TestFaultAnswerAfter(t *testing.T) {
	h := start(t, emulator.Options{})
	h.Inject(emulator.Fault{Method: "POST", Status: 504, Header: http.Header{"Content-Type": {"text/html"}}, Body: "<html>", AnswerAfter: true})
	h.api("POST", "gateways", minimal(object{"id": "a"})).want(t, 504).wantHeaders(t, "Content-Type", "text/html").wantRaw(t, "<html>")
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
		status, _, err := do(t.Context(), t, "POST", url, minimalJSON(t, "a"))
		expect(t, err != nil, "drop %v: status %d", tt.drop, status)
		equal(t, fmt.Sprintf("drop %v: gateways", tt.drop), tt.want, len(running.Server.GatewayIDs(accountID)))
	}
	for _, r := range running.Server.Requests() {
		equal(t, "status of a cut request", 0, r.Status)
	}
}

func TestFaultDelay(t *testing.T) {
	h := start(t, emulator.Options{})
	h.Inject(emulator.Fault{Delay: 20 * time.Millisecond})
	before := time.Now()
	h.api("GET", "gateways", nil).want(t, 200)
	expect(t, time.Since(before) >= 20*time.Millisecond, "the response was not delayed")
}

func TestFaultDelayEndsWhenTheClientLeaves(t *testing.T) {
	running := listen(t, emulator.Options{})
	running.Server.Inject(emulator.Fault{Delay: time.Hour})
	leave(t, running, gatewaysURL(running), minimalJSON(t, "a"))
	// Close, in the cleanup, would wait for a handler that does not stop.
	equal(t, "gateways", 0, len(running.Server.GatewayIDs(accountID)))
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
	var lines []string
	for _, r := range got {
		lines = append(lines, fmt.Sprintf("%s %s %d", r.Method, r.Path, r.Status))
	}
	equal(t, "requests", []string{
		"GET " + base + "gateways?page=1&search=%2F 200",
		"PUT /client/v4/x 500",
		"POST /v1/" + accountID + "/missing/compat/chat/completions 400",
	}, lines)
	expect(t, got[0].Header.Get("Authorization") == "Bearer "+token && got[1].Body == `{"a":"<b>"}`, "header or body is missing: %v %q", got[0].Header, got[1].Body)
	got[0].Header.Set("Authorization", "changed")
	expect(t, h.Requests()[0].Header.Get("Authorization") != "changed", "Requests returns shared headers")

	lines = strings.Split(strings.TrimSpace(log.String()), "\n")
	equal(t, "log lines", 3, len(lines))
	equal(t, "log line", `{"method":"PUT","path":"/client/v4/x","body":"{\"a\":\"<b>\"}","status":500}`, lines[1])
	for _, line := range lines {
		expect(t, json.Valid([]byte(line)) && !strings.Contains(line, token), "bad log line %s", line)
	}

	h.ResetRequests()
	equal(t, "requests after ResetRequests", 0, len(h.Requests()))
}
