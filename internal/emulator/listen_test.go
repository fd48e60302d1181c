package emulator_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestStart(t *testing.T) {
	for _, address := range []string{":0", "127.0.0.1:0", "localhost:0"} {
		running, err := emulator.Start(t.Context(), address, emulator.Options{})
		if err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		expect(t, address == "localhost:0" || strings.HasPrefix(running.URL, "http://127.0.0.1:"), "%s: URL = %s", address, running.URL)
		expect(t, running.Local(), "%s: not local", address)
		equal(t, "URL of the control plane", running.URL+"/client/v4", running.ControlPlaneURL())
		equal(t, "URL of the data plane", running.URL+"/v1", running.DataPlaneURL())
		status, text, err := do(t.Context(), t, "POST", gatewaysURL(running), minimalJSON(t, "a"))
		expect(t, status == 200, "%s: %d %s %v", address, status, text, err)
		_, text, _ = do(t.Context(), t, "GET", gatewaysURL(running)+"/a/url/openai", "")
		inOrder(t, text, running.DataPlaneURL()+"/"+accountID+"/a/openai")
		for _, end := range []func() error{running.Close, running.Close, running.Wait} {
			err := end()
			expect(t, err == nil, "%s: Close or Wait: %v", address, err)
		}
		_, _, err = do(t.Context(), t, "GET", running.URL, "")
		expect(t, err != nil, "%s: still responds after Close", address)
	}
}

func TestStartOnAllInterfaces(t *testing.T) {
	running, err := emulator.Start(t.Context(), "0.0.0.0:0", emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = running.Close() }()
	if running.Local() || !strings.HasPrefix(running.URL, "http://127.0.0.1:") {
		t.Errorf("Local = %v, URL = %s", running.Local(), running.URL)
	}
}

func TestStartErrors(t *testing.T) {
	running := listen(t, emulator.Options{})
	for address, opts := range map[string]emulator.Options{
		"nonsense": {},
		strings.TrimPrefix(running.URL, "http://"): {},
		"127.0.0.1:0": {Quirks: []emulator.Quirk{"x"}},
	} {
		if second, err := emulator.Start(t.Context(), address, opts); err == nil {
			_ = second.Close()
			t.Errorf("Start(%q) succeeded", address)
		}
	}
}

// TestTheContextEndsTheEmulator shows that a model that waits does not delay the end.
func TestTheContextEndsTheEmulator(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	running, err := emulator.Start(ctx, "127.0.0.1:0", emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	running.Server.PutGateway(accountID, object{"id": "a"})
	responded := make(chan error, 1)
	go func() {
		_, _, err := do(t.Context(), t, http.MethodPost, running.DataPlaneURL()+"/"+accountID+"/a/compat/chat/completions", hi("emulator/slow"))
		responded <- err
	}()
	for len(running.Server.Requests()) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	err = running.Wait()
	expect(t, err == nil, "Wait: %v", err)
	expect(t, <-responded != nil, "the waiting request got a response")
}

func TestClock(t *testing.T) {
	frozen := emulator.NewClock(epoch)
	frozen.Advance(90 * time.Second)
	equal(t, "frozen clock", epoch.Add(90*time.Second), frozen.Now())

	var running emulator.Clock
	running.Advance(-time.Hour)
	off := time.Since(running.Now()) - time.Hour
	expect(t, off.Abs() <= time.Minute, "the running clock is off by %v", off)
	s, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	off = time.Since(s.Clock().Now())
	expect(t, off.Abs() <= time.Minute, "the default clock is off by %v", off)
}
