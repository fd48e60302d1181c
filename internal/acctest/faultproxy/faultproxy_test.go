package faultproxy_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/faultproxy"
)

const url = "http://service.test/client/v4/accounts/a/ai-gateway/gateways/demo"

// send sends a PUT through a proxy that plays a rule, and returns what came of it, and
// how many requests the service got.
func send(t *testing.T, rule *faultproxy.Rule, times int) (statuses []int, arrived int) {
	t.Helper()
	var received atomic.Int32
	proxy := faultproxy.New(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		received.Add(1)
		_, _ = io.WriteString(w, `{"success":true,"result":{"id":"demo"}}`)
	}), 1)
	proxy.Pause = func(context.Context, time.Duration) {}
	proxy.Play(rule)
	for range times {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond) // a fault hangs
		r, err := http.NewRequestWithContext(ctx, http.MethodPut, url, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := faultproxy.Transport(proxy).RoundTrip(r)
		if err != nil {
			statuses = append(statuses, 0)
		} else {
			statuses = append(statuses, resp.StatusCode)
			_, _ = io.CopyN(io.Discard, resp.Body, 1<<10) // the body may never end
			_ = resp.Body.Close()
		}
		cancel()
	}
	return statuses, int(received.Load())
}

// Each fault says whether the service gets the request.
func TestFaultsForwardAsTheySay(t *testing.T) {
	for _, fault := range faultproxy.Faults() {
		if fault.Help == "" {
			t.Errorf("%s has no help", fault.Name)
		}
		if _, arrived := send(t, &faultproxy.Rule{Fault: fault}, 1); arrived > 0 != fault.Forwards {
			t.Errorf("%s: %d requests arrived, forwards = %v", fault.Name, arrived, fault.Forwards)
		}
	}
}

func TestRules(t *testing.T) {
	for text, want := range map[string][]int{
		"PUT */gateways/* 500":              {500, 500, 500},
		"* ** 429-block #2":                 {200, 429, 200},
		"PUT /client/** 502 #2+":            {200, 502, 502},
		"PUT gateways/demo cut-after #1":    {0, 200, 200},
		"GET */gateways/* 500":              {200, 200, 200},
		"PUT gateways 500":                  {200, 200, 200},
		"* */gateways/* unsuccessful 100%":  {200, 200, 200},
		"* */gateways/* 503-seconds 0.001%": {200, 200, 200},
	} {
		rule, err := faultproxy.ParseRule(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, _ := send(t, rule, 3); len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	for _, text := range []string{"", "PUT", "PUT x nonsense", "PUT x 500 #0", "PUT x 500 #x", "PUT x 500 0%", "PUT x 500 101%", "PUT x 500 2", "PUT x 500 #1 more"} {
		if _, err := faultproxy.ParseRule(text); err == nil {
			t.Errorf("%q is a rule", text)
		}
	}
}

// The log has one line for each request, with the fault that was played.
func TestLog(t *testing.T) {
	var log bytes.Buffer
	proxy := faultproxy.New(http.NotFoundHandler(), 1)
	proxy.Log = &log
	rule, err := faultproxy.ParseRule("PUT ** 500 #1")
	if err != nil {
		t.Fatal(err)
	}
	proxy.Play(rule)
	for range 2 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := faultproxy.Transport(proxy).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	const path = "/client/v4/accounts/a/ai-gateway/gateways/demo"
	want := "PUT " + path + " fault=500 forwarded=false status=0\nPUT " + path + " fault=none forwarded=true status=404\n"
	if log.String() != want {
		t.Errorf("log\n%s\nwant\n%s", log.String(), want)
	}
	if proxy.Played() != 1 {
		t.Errorf("%d faults were played", proxy.Played())
	}
}
