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
		if address != "localhost:0" && !strings.HasPrefix(running.URL, "http://127.0.0.1:") {
			t.Errorf("%s: URL = %s", address, running.URL)
		}
		if !running.Local() {
			t.Errorf("%s: not local", address)
		}
		if running.ControlPlaneURL() != running.URL+"/client/v4" || running.DataPlaneURL() != running.URL+"/v1" {
			t.Errorf("%s: %s, %s", address, running.ControlPlaneURL(), running.DataPlaneURL())
		}
		if status, text, err := do(t.Context(), t, "POST", gatewaysURL(running), minimalJSON(t, "a")); status != 200 {
			t.Errorf("%s: %d %s %v", address, status, text, err)
		}
		_, text, _ := do(t.Context(), t, "GET", gatewaysURL(running)+"/a/url/openai", "")
		if want := running.DataPlaneURL() + "/" + accountID + "/a/openai"; !strings.Contains(text, want) {
			t.Errorf("url = %s, want %s", text, want)
		}
		for range 2 {
			if err := running.Close(); err != nil {
				t.Errorf("%s: Close: %v", address, err)
			}
		}
		if err := running.Wait(); err != nil {
			t.Errorf("%s: Wait: %v", address, err)
		}
		if _, _, err := do(t.Context(), t, "GET", running.URL, ""); err == nil {
			t.Errorf("%s: still answers after Close", address)
		}
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

func TestTheContextEndsTheEmulator(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	running, err := emulator.Start(ctx, "127.0.0.1:0", emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	running.Server.PutGateway(accountID, object{"id": "a"})

	// A model that waits must not hold up the end.
	answered := make(chan error, 1)
	go func() {
		_, _, err := do(t.Context(), t, http.MethodPost,
			running.DataPlaneURL()+"/"+accountID+"/a/compat/chat/completions",
			`{"model":"emulator/slow","messages":[{"role":"user","content":"hi"}]}`)
		answered <- err
	}()
	for len(running.Server.Requests()) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := running.Wait(); err != nil {
		t.Errorf("Wait: %v", err)
	}
	if err := <-answered; err == nil {
		t.Error("the waiting request was answered")
	}
}

func TestClock(t *testing.T) {
	frozen := emulator.NewClock(epoch)
	frozen.Advance(90 * time.Second)
	if got := frozen.Now(); !got.Equal(epoch.Add(90 * time.Second)) {
		t.Errorf("frozen clock = %v", got)
	}

	var running emulator.Clock
	running.Advance(-time.Hour)
	if off := time.Since(running.Now()) - time.Hour; off.Abs() > time.Minute {
		t.Errorf("running clock is off by %v", off)
	}
	s, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if off := time.Since(s.Clock().Now()); off.Abs() > time.Minute {
		t.Errorf("default clock is off by %v", off)
	}
}
