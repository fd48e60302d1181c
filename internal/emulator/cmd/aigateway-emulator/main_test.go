package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const account = "0123456789abcdef0123456789abcdef"

// output is a buffer that may be read while the command writes.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// command is a running emulator.
type command struct {
	t              *testing.T
	stdout, stderr output
	url            string
	stop           func() int
}

func launch(t *testing.T, args ...string) *command {
	t.Helper()
	c := &command{t: t}
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() { code <- run(ctx, args, &c.stdout, &c.stderr) }()
	c.stop = sync.OnceValue(func() int {
		cancel()
		return <-code
	})
	t.Cleanup(func() { c.stop() })
	deadline := time.Now().Add(30 * time.Second)
	for !strings.Contains(c.stdout.String(), "Ctrl-C") {
		if time.Now().After(deadline) {
			t.Fatalf("the emulator did not start: %s", c.stderr.String())
		}
		time.Sleep(time.Millisecond)
	}
	c.url, _, _ = strings.Cut(c.stdout.String(), "\n")
	return c
}

func (c *command) send(method, path, token, body string) (int, string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

const (
	gateways = "/client/v4/accounts/" + account + "/ai-gateway/gateways"
	body     = `{"id":"a","cache_invalidate_on_update":false,"cache_ttl":0,"collect_logs":true,"rate_limiting_interval":0,"rate_limiting_limit":0}`
)

func TestRun(t *testing.T) {
	requests := filepath.Join(t.TempDir(), "requests.jsonl")
	if err := os.WriteFile(requests, []byte("old\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := launch(t, "-listen", ":0", "-token", "it's secret", "-gateway-limit", "1",
		"-quirk", "paid-plan", "-quirk", "extra-fields", "-requests", requests)

	if !strings.HasPrefix(c.url, "http://127.0.0.1:") {
		t.Errorf("the first line is %q, want a URL", c.url)
	}
	for _, want := range []string{
		"CLOUDFLARE_BASE_URL=" + c.url + "/client/v4\n",
		"AIGATEWAY_GATEWAY_BASE_URL=" + c.url + "/v1\n",
		`CLOUDFLARE_API_TOKEN='it'\''s secret'` + "\n",
		"CLOUDFLARE_ACCOUNT_ID=" + account,
		`CF_AIG_TOKEN='it'\''s secret' `,
	} {
		if !strings.Contains(c.stdout.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, c.stdout.String())
		}
	}

	if status, text := c.send("GET", gateways, "wrong", ""); status != 401 {
		t.Errorf("wrong token: %d %s", status, text)
	}
	status, text := c.send("POST", gateways, "it's secret", body)
	if status != 200 || !strings.Contains(text, `"log_management":10000000`) || !strings.Contains(text, `"wholesale":true`) {
		t.Errorf("create: %d %s", status, text)
	}
	if status, text := c.send("POST", gateways, "it's secret", strings.Replace(body, `"a"`, `"b"`, 1)); status != 400 {
		t.Errorf("over the limit: %d %s", status, text)
	}

	code, shown := c.stop(), c.stderr.String()
	if code != exitOK || strings.Count(shown, "\n") != 4 || !strings.Contains(shown, "stopping") || !strings.Contains(shown, "  GET    401  /accounts/") || strings.Contains(shown, "cache_ttl") {
		t.Errorf("exit code %d, stderr %q", code, shown)
	}
	log, err := os.ReadFile(requests)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	if len(lines) != 3 || lines[0] != `{"method":"GET","path":"`+gateways+`","body":"","status":401}` ||
		!strings.HasSuffix(lines[1], `"status":200}`) || !strings.HasSuffix(lines[2], `"status":400}`) {
		t.Errorf("requests:\n%s", log)
	}
}

func TestRunDefaults(t *testing.T) {
	c := launch(t, "-listen", "127.0.0.1:0", "-token", "")
	if !strings.Contains(c.stdout.String(), "CLOUDFLARE_API_TOKEN='"+emulator.DefaultToken+"'") {
		t.Errorf("output:\n%s", c.stdout.String())
	}
	if status, _ := c.send("POST", gateways, emulator.DefaultToken, body); status != 200 {
		t.Errorf("status %d", status)
	}
}

func TestRunWithModels(t *testing.T) {
	c := launch(t, "-listen", "127.0.0.1:0", "-workers-ai-model", "@cf/acme/one", "-workers-ai-model", "@cf/acme/two")
	c.send("POST", gateways, emulator.DefaultToken, body)
	for model, want := range map[string]int{"one": 200, "two": 200, "three": 400} {
		status, text := c.send("POST", "/v1/"+account+"/a/compat/chat/completions", emulator.DefaultToken,
			`{"model":"workers-ai/@cf/acme/`+model+`","messages":[{"role":"user","content":"hi"}]}`)
		if status != want {
			t.Errorf("%s: %d %s", model, status, text)
		}
	}
}

func TestRunWarnsOfOpenAddresses(t *testing.T) {
	c := launch(t, "-listen", "0.0.0.0:0")
	if !strings.Contains(c.stderr.String(), "reachable from other machines") {
		t.Errorf("stderr = %q", c.stderr.String())
	}
}

func TestRunRefuses(t *testing.T) {
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"help", []string{"-h"}, exitOK, "-gateway-limit"},
		{"unknown flag", []string{"-nonsense"}, exitUsage, "-nonsense"},
		{"unknown quirk", []string{"-quirk", "nonsense"}, exitUsage, "known quirks: create-accepts-all, put-keeps-omitted"},
		{"argument", []string{"gateway"}, exitUsage, `unexpected argument "gateway"`},
		{"bad limit", []string{"-gateway-limit", "x"}, exitUsage, "gateway-limit"},
		{"contradiction", []string{"-listen", ":0", "-quirk", "secrets-masked", "-quirk", "secrets-omitted"}, exitFailure, "contradict"},
		{"bad model", []string{"-listen", ":0", "-workers-ai-model", "llama"}, exitFailure, `"llama" is not the name of a model of Workers AI`},
		{"bad address", []string{"-listen", "nonsense"}, exitFailure, "nonsense"},
		{"bad file", []string{"-listen", ":0", "-requests", filepath.Join(t.TempDir(), "no", "file")}, exitFailure, "no such file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr output
			if code := run(t.Context(), tt.args, &stdout, &stderr); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			if !strings.Contains(stderr.String(), tt.want) || stdout.String() != "" {
				t.Errorf("stdout = %q, stderr = %q, want %q", stdout.String(), stderr.String(), tt.want)
			}
		})
	}
}
