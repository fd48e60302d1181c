package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// waitFor waits until a text is in the output of the command.
func (c *command) waitFor(text string) {
	c.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(c.stderr.String(), text); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("no %q in %q", text, c.stderr.String())
		}
	}
}

// ask starts a chat request and returns the response once its header is there.
func (c *command) ask(model, prompt string, stream bool) (*http.Response, error) {
	c.t.Helper()
	body := `{"model":"` + model + `","messages":[{"role":"user","content":"` + prompt + `"}]`
	if stream {
		body += `,"stream":true`
	}
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+"/v1/"+account+"/a/compat/chat/completions", strings.NewReader(body+"}"))
	if err != nil {
		c.t.Fatal(err)
	}
	return http.DefaultClient.Do(r)
}

// stopNow ends the command without waiting for it, and returns its exit code later.
func (c *command) stopNow() <-chan int {
	code := make(chan int, 1)
	go func() { code <- c.stop() }()
	c.waitFor("stopping")
	return code
}

// blocked starts a chat request that its provider does not answer before release is
// closed. It returns once the provider has the request. The result is what the client gets.
func (c *command) blocked(release <-chan bool) (result <-chan string) {
	c.t.Helper()
	arrived := make(chan bool, 1)
	provider := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		arrived <- true
		<-release
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"answer":42}`)
	}))
	c.t.Cleanup(provider.Close)
	c.send("POST", gateways, "emulator-token", body)
	status, text := c.send("POST", "/client/v4/accounts/"+account+"/ai-gateway/custom-providers", "emulator-token",
		`{"name":"Mine","slug":"mine","base_url":"`+provider.URL+`","enable":true}`)
	if status != http.StatusOK {
		c.t.Fatalf("custom provider: %d %s", status, text)
	}
	got := make(chan string, 1)
	go func() {
		response, err := c.ask("custom-mine/m", "hi", false)
		if err != nil {
			got <- "error: " + err.Error()
			return
		}
		defer func() { _ = response.Body.Close() }()
		raw, err := io.ReadAll(response.Body)
		got <- fmt.Sprint(response.StatusCode, " ", string(raw), " ", err)
	}()
	<-arrived
	return got
}

// TestShutdownFinishesRequests shows that a request that is running gets its response, and
// that no new one is taken meanwhile.
func TestShutdownFinishesRequests(t *testing.T) {
	c := launch(t, "-listen", ":0", "-shutdown-grace", "1h")
	release := make(chan bool)
	result := c.blocked(release)
	code := c.stopNow()
	for { // until the listener is closed
		response, err := http.Get(c.url + "/")
		if err != nil {
			break
		}
		_ = response.Body.Close()
	}
	close(release)
	if got := <-result; got != `200 {"answer":42} <nil>` {
		t.Errorf("the running request got %s", got)
	}
	if got := <-code; got != exitOK {
		t.Errorf("exit code %d: %s", got, c.stderr.String())
	}
}

// TestShutdownCutsWhatTakesTooLong shows that the time for running requests is bounded.
func TestShutdownCutsWhatTakesTooLong(t *testing.T) {
	c := launch(t, "-listen", ":0", "-shutdown-grace", "1ms")
	release := make(chan bool)
	result := c.blocked(release)
	if got := <-c.stopNow(); got != exitOK {
		t.Errorf("exit code %d: %s", got, c.stderr.String())
	}
	if got := <-result; !strings.HasPrefix(got, "error: ") {
		t.Errorf("the request that takes too long got %s", got)
	}
	close(release)
}

// TestShutdownEndsStreams shows that a stream goes on until its end if its client reads, and
// that one whose client does not read holds nobody up.
func TestShutdownEndsStreams(t *testing.T) {
	for name, tt := range map[string]struct {
		grace string
		reads bool
		words int
	}{
		"a client that reads":    {"1h", true, 2000},
		"a client that does not": {"1ms", false, 200_000}, // more than the buffers of a connection hold
	} {
		t.Run(name, func(t *testing.T) {
			c := launch(t, "-listen", ":0", "-shutdown-grace", tt.grace)
			c.send("POST", gateways, "emulator-token", body)
			response, err := c.ask("openai/x", strings.Repeat("word ", tt.words), true)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = response.Body.Close() }()
			reader := bufio.NewReader(response.Body)
			if line, err := reader.ReadString('\n'); err != nil || !strings.HasPrefix(line, "data: ") {
				t.Fatalf("%q, %v", line, err)
			}
			code := c.stopNow()
			if tt.reads {
				rest, err := io.ReadAll(reader)
				if err != nil || !strings.HasSuffix(strings.TrimSpace(string(rest)), "[DONE]") {
					t.Errorf("the stream ended with %v after %d bytes", err, len(rest))
				}
			}
			if got := <-code; got != exitOK {
				t.Errorf("exit code %d: %s", got, c.stderr.String())
			}
			if _, err := io.ReadAll(reader); !tt.reads && err == nil {
				t.Error("the stream of a client that does not read went on to its end")
			}
		})
	}
}

func TestHealthcheck(t *testing.T) {
	c := launch(t, "-listen", "0.0.0.0:0", "-token", "secret")
	address := strings.TrimPrefix(c.url, "http://")
	_, port, _ := strings.Cut(address, ":")
	before := c.stderr.String()
	for _, listen := range []string{address, ":" + port, "0.0.0.0:" + port} {
		var stdout, stderr output
		if code := run(t.Context(), []string{"-healthcheck", "-listen", listen}, &stdout, &stderr); code != exitOK || stdout.String()+stderr.String() != "" {
			t.Errorf("%s: exit code %d, %q, %q", listen, code, stdout.String(), stderr.String())
		}
	}
	if c.stderr.String() != before {
		t.Errorf("health checks are in the log: %s", c.stderr.String())
	}
	c.stop()
	var stdout, stderr output
	if code := run(t.Context(), []string{"-healthcheck", "-listen", address}, &stdout, &stderr); code != exitFailure {
		t.Errorf("exit code %d for an emulator that has stopped", code)
	}
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	if code := run(t.Context(), []string{"-healthcheck", "-listen", strings.TrimPrefix(other.URL, "http://")}, &stdout, &stderr); code != exitFailure {
		t.Errorf("exit code %d for another server", code)
	}
}

// TestStatusPage shows where the page is, and who gets it.
func TestStatusPage(t *testing.T) {
	get := func(url, user, password string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if user != "" {
			r.SetBasicAuth(user, password)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode
	}
	local := launch(t, "-listen", "127.0.0.1:0")
	if !strings.Contains(local.stdout.String(), "Status page: "+local.url+"/\n") {
		t.Errorf("the output does not lead to the page: %s", local.stdout.String())
	}
	if got := get(local.url+"/", "", ""); got != http.StatusOK {
		t.Errorf("status %d", got)
	}
	open := launch(t, "-listen", "0.0.0.0:0", "-token", "secret")
	if !strings.Contains(open.stdout.String(), "Status page: "+open.url+"/ (any user name, and the token as the password)\n") {
		t.Errorf("the output does not lead to the page: %s", open.stdout.String())
	}
	for password, want := range map[string]int{"": http.StatusUnauthorized, "wrong": http.StatusUnauthorized, "secret": http.StatusOK} {
		if got := get(open.url+"/", "me", password); got != want {
			t.Errorf("status %d with the password %q, want %d", got, password, want)
		}
	}
}
