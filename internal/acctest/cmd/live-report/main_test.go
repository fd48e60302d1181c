package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/live"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const account = "0123456789abcdef0123456789abcdef"

// A setup is a command and an emulator that it talks to.
type setup struct {
	*emulator.Server

	url    string
	env    map[string]string
	stdin  string
	stdout bytes.Buffer
	stderr bytes.Buffer
}

func newSetup(t *testing.T, quirks ...emulator.Quirk) *setup {
	t.Helper()
	server, err := emulator.New(emulator.Options{Quirks: quirks})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	return &setup{Server: server, url: listener.URL, env: map[string]string{
		"CLOUDFLARE_ACCOUNT_ID": account, "CLOUDFLARE_API_TOKEN": emulator.DefaultToken,
	}}
}

func (s *setup) run(t *testing.T, args ...string) error {
	t.Helper()
	return s.runIn(t.Context(), args...)
}

func (s *setup) runIn(ctx context.Context, args ...string) error {
	args = append([]string{"-base-url", s.url + "/client/v4", "-gateway-url", s.url + "/v1"}, args...)
	return run(ctx, args, process{
		getenv: func(name string) string { return s.env[name] }, stdin: strings.NewReader(s.stdin), stdout: &s.stdout, stderr: &s.stderr,
		sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
}

// Without consent, nothing is sent.
func TestConsent(t *testing.T) {
	for _, answer := range []string{"", "\n", "no\n", "y\n", "YES\n", "yes please\n"} {
		s := newSetup(t)
		s.stdin = answer
		err := s.run(t)
		if err == nil || !strings.Contains(err.Error(), "canceled: nothing was sent") {
			t.Errorf("%q: %v", answer, err)
		}
		if n := len(s.Requests()); n > 0 {
			t.Errorf("%q: %d requests", answer, n)
		}
		for _, want := range []string{account, "tf-acc-live-…", "at most 6 of them", "Cost: none is expected", "Type yes to continue"} {
			if !strings.Contains(s.stderr.String(), want) {
				t.Errorf("the announcement lacks %q:\n%s", want, s.stderr.String())
			}
		}
		if strings.Contains(s.stderr.String(), emulator.DefaultToken) {
			t.Error("the announcement has the token")
		}
	}
	for _, confirm := range []string{"no", "1", "true"} {
		s := newSetup(t)
		s.env["CONFIRM"] = confirm
		if err := s.run(t, "-sweep"); err == nil || len(s.Requests()) > 0 {
			t.Errorf("CONFIRM=%s: %v, %d requests", confirm, err, len(s.Requests()))
		}
	}
}

// An interrupt is an answer too.
func TestInterruptedConsent(t *testing.T) {
	s := newSetup(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	reader, writer := io.Pipe()
	t.Cleanup(func() { _ = writer.Close() })
	err := run(ctx, []string{"-base-url", s.url + "/client/v4"}, process{
		getenv: func(name string) string { return s.env[name] }, stdin: reader, stdout: io.Discard, stderr: io.Discard,
	})
	if err == nil || !strings.Contains(err.Error(), "canceled: nothing was sent") || len(s.Requests()) > 0 {
		t.Errorf("error: %v", err)
	}
}

// Without an account or a token, nothing is sent either, whatever CONFIRM says.
func TestCredentials(t *testing.T) {
	for _, name := range []string{"CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN"} {
		s := newSetup(t)
		s.env["CONFIRM"] = "yes"
		delete(s.env, name)
		if err := s.run(t); err == nil || !strings.Contains(err.Error(), name) || len(s.Requests()) > 0 {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

// The report is on the standard output and in the file, and can be checked.
func TestReport(t *testing.T) {
	s := newSetup(t, emulator.PaidPlan)
	s.stdin = "yes\n"
	file := filepath.Join(t.TempDir(), "new", "report.md")
	if err := s.run(t, "-only", "initial/log", "-out", file); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if s.stdout.String() != string(content) || !strings.Contains(string(content), "as quirk `paid-plan`") {
		t.Errorf("the standard output:\n%s\nthe file:\n%s", s.stdout.String(), content)
	}
	if !strings.Contains(s.stderr.String(), "about 2 open questions") {
		t.Errorf("standard error: %s", s.stderr.String())
	}
	requests := len(s.Requests())

	s.stdout.Reset()
	if err := s.run(t, "-check", file); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(s.stdout.String(), "Turn the quirk paid-plan around") || !strings.HasSuffix(s.stdout.String(), "2 answers, 2 contradictions\n") {
		t.Errorf("check: %s", s.stdout.String())
	}
	if len(s.Requests()) != requests {
		t.Error("-check sends requests")
	}
}

// Samples become files that can be golden samples of the emulator's tests.
func TestSamples(t *testing.T) {
	s := newSetup(t, emulator.RouteElementsTop)
	s.env["CONFIRM"] = "yes"
	dir := t.TempDir()
	report := filepath.Join(dir, "report.md")
	if err := s.run(t, "-only", "route/data", "-out", report); err != nil {
		t.Fatal(err)
	}
	if err := s.run(t, "-check", filepath.Join(dir, "report.json"), "-samples", filepath.Join(dir, "samples")); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dir, "samples", "route.json"))
	if err != nil {
		t.Fatal(err)
	}
	var body struct {
		Result struct {
			ID      string            `json:"id"`
			Version map[string]any    `json:"version"`
			Rest    []json.RawMessage `json:"elements"`
		} `json:"result"`
	}
	if err := json.Unmarshal(content, &body); err != nil || body.Result.ID != "<uuid>" || body.Result.Version["active"] != "true" || len(body.Result.Rest) != 3 {
		t.Errorf("%v: %s", err, content)
	}
	if err := s.run(t, "-samples", dir); err == nil {
		t.Error("-samples without -check is accepted")
	}
}

// A sweep needs consent too, and deletes what is named like a run's objects.
func TestSweep(t *testing.T) {
	s := newSetup(t)
	s.PutGateway(account, map[string]any{"id": "mine"})
	s.PutGateway(account, map[string]any{"id": live.NamePrefix + "1-1"})
	s.env["CONFIRM"] = "yes"
	if err := s.run(t, "-sweep"); err != nil {
		t.Fatal(err)
	}
	if got := s.GatewayIDs(account); !slices.Equal(got, []string{"mine"}) {
		t.Errorf("gateways: %s", got)
	}
	if !strings.Contains(s.stdout.String(), "Nothing named tf-acc-live-… is left.") {
		t.Errorf("standard output: %s", s.stdout.String())
	}
}

// An interrupted run deletes its objects, writes what it knows, and fails.
func TestInterrupt(t *testing.T) {
	s := newSetup(t)
	ctx, cancel := context.WithCancel(t.Context())
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(s.Requests()) == 20 {
			cancel()
		}
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	s.url = proxy.URL
	s.env["CONFIRM"] = "yes"
	file := filepath.Join(t.TempDir(), "report.md")
	if err := s.runIn(ctx, "-out", file); err == nil || err.Error() != "the run was interrupted" {
		t.Errorf("error: %v", err)
	}
	if got := s.GatewayIDs(account); len(got) > 0 {
		t.Errorf("gateways: %s", got)
	}
	if content, err := os.ReadFile(file); err != nil || !strings.Contains(string(content), "**The run was interrupted.**") {
		t.Errorf("the report: %v\n%s", err, content)
	}
}

// What could not be deleted is an error, which names the objects.
func TestLeftovers(t *testing.T) {
	s := newSetup(t)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	s.url = proxy.URL
	s.env["CONFIRM"] = "yes"
	err := s.run(t, "-only", "create/status", "-out", filepath.Join(t.TempDir(), "report.md"))
	if err == nil || !strings.Contains(err.Error(), "make sweep") || !strings.Contains(err.Error(), "gateway tf-acc-live-") {
		t.Errorf("error: %v", err)
	}
	if !strings.Contains(s.stdout.String(), "Left in the account") {
		t.Error("the report does not name what is left")
	}
}

func TestList(t *testing.T) {
	s := newSetup(t)
	if err := s.run(t, "-list"); err != nil || len(s.Requests()) > 0 {
		t.Errorf("%v, %d requests", err, len(s.Requests()))
	}
	if lines := strings.Count(s.stdout.String(), "\n"); lines != len(live.Questions()) {
		t.Errorf("%d lines", lines)
	}
	for _, wrong := range [][]string{{"-nonsense"}, {"argument"}, {"-check", "missing.md"}} {
		if err := s.run(t, wrong...); err == nil {
			t.Errorf("%s is accepted", wrong)
		}
	}
}
