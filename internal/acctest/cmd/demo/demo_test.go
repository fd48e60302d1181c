package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "cli":
		fakeCLI(os.Args[1:])
	case "emulator":
		fakeEmulator(os.Args[1:])
	default:
		os.Exit(m.Run())
	}
}

// newDemo returns a demo with a CLI and an emulator that are this test binary.
func newDemo(t *testing.T) (*demo, *buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	fake := func(role string) string {
		path := filepath.Join(t.TempDir(), role)
		script := "#!/bin/sh\n" + roleVariable + "=" + role + " exec '" + self + "' \"$@\"\n"
		if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	example := t.TempDir()
	if err := os.MkdirAll(filepath.Join(example, "tests"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(example, "tests", "a.tftest.hcl"), []byte("run \"a\" {}\n\nrun \"b\" {}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	// Credentials of the environment must reach nobody; the fake CLI checks it.
	t.Setenv("CF_AIG_TOKEN", "somebody's")
	t.Setenv("AIGATEWAY_MAX_RETRIES", "20")
	out := &buffer{}
	return &demo{
		out: out, dir: t.TempDir(), example: example, address: "registry.terraform.io/acme/aigateway",
		provider: fake("provider"), version: version, emulator: fake("emulator"),
		cli: cli.CLI{Path: fake("cli"), Kind: cli.OpenTofu, Version: "1.12.6"},
	}, out
}

// The demo itself, with a real CLI and the real emulator.
func TestDemoWithARealCLI(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests run a CLI; they run when TF_ACC is set.")
	}
	c, err := cli.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if ok, reason := c.SupportsTest(); !ok {
		t.Skip(reason)
	}
	root, err := cli.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	d, err := prepare(t.Context(), root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	out := &buffer{}
	d.out, d.cli = out, c
	if err := d.run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	wantStopped(t, d)
	wantRecording(t, root, c, out.String())
}

// wantRecording compares the picture in the README with an output. Another version of the
// CLI may say things in another way.
func wantRecording(t *testing.T, root string, c cli.CLI, output string) {
	t.Helper()
	recorded, err := os.ReadFile(filepath.Join(root, ".github", "demo.svg"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(recorded, []byte(">Running "+c.String()+" against")) {
		t.Logf("The recording in .github/demo.svg was made with another CLI than %s, and not compared.", c)
		return
	}
	if !bytes.Equal(recorded, record(output)) {
		t.Error(".github/demo.svg does not show the present output: run `make recording`")
	}
}

// TestRecord: the picture has every line of the output, escaped, and nothing that depends on
// the machine.
func TestRecord(t *testing.T) {
	t.Parallel()
	picture := string(record("Building a <b>\nRunning Terraform v1.11.4 (/home/user/terraform) against the emulator at http://127.0.0.1:43355.\n\n" +
		"$ terraform apply\n  + name = \"a & b\"\nCreation complete after 3s\nat 2026-11-28T18:18:09Z of http://127.0.0.1:1/v1\n" + strings.Repeat("x", columns+1) + "\n"))
	for _, want := range []string{
		`>Running Terraform v1.11.4 against the emulator.<`, `<text x="14" y="63" class="command">$ terraform apply<`,
		`class="good">  + name = &#34;a &amp; b&#34;<`, ">Creation complete after 0s<", ">at 2026-12-01T09:00:00Z of http://127.0.0.1:8787/v1<",
		">" + strings.Repeat("x", columns) + "<", ">x<",
	} {
		if !strings.Contains(picture, want) {
			t.Errorf("the picture lacks %q:\n%s", want, picture)
		}
	}
	if strings.Contains(picture, "Building") || strings.Contains(picture, "/home/user") {
		t.Errorf("the picture shows the machine:\n%s", picture)
	}
	if err := xml.Unmarshal([]byte(picture), new(struct{})); err != nil {
		t.Error("the picture is not XML:", err)
	}
}

func TestRun(t *testing.T) {
	d, out := newDemo(t)
	if err := d.run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"$ tofu init", "$ tofu apply", "$ tofu output\n", "$ tofu plan -detailed-exitcode", "$ tofu test", "$ tofu destroy",
		"Verified:", "✓ apply: one request created the gateway", "MISS", "HIT", "429", "✓ the emulator has stopped",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	wantStopped(t, d)
}

// Every line of the summary must be able to fail.
func TestRunFailures(t *testing.T) {
	for fault, want := range map[string]string{
		"init-installs-nothing": "init did not install the provider",
		"apply-exits-1":         "tofu apply -auto-approve: exit status 1",
		"apply-creates-nothing": "after apply the account has the gateways []",
		"apply-writes-twice":    "after 2 writes",
		"output-is-wrong":       "the output compat_base_url is ",
		"plan-is-not-empty":     "the plan after the apply is not empty",
		"plan-writes":           "the plan made 1 writes",
		"test-exits-1":          "tofu test: exit status 1",
		"test-runs-one":         "does not say that all 2 runs passed",
		"test-skips":            "does not say that all 2 runs passed",
		"test-sends-nothing":    "0 requests to a model succeeded and 0 were rejected",
		"destroy-leaves-it":     `still has the gateways ["demo"]`,
		"emulator-says-nothing": "the emulator did not say where it listens",
		"emulator-wont-stop":    "did not stop by itself",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Setenv(faultVariable, fault)
			d, out := newDemo(t)
			if fault == "emulator-wont-stop" {
				d.grace = 200 * time.Millisecond
			}
			err := d.run(t.Context())
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want %s\n%s", err, want, out)
			}
			if strings.Contains(out.String(), "What was proven") {
				t.Error("there is a summary")
			}
			wantStopped(t, d)
		})
	}
}

func TestRunNeedsTheTestCommand(t *testing.T) {
	d, _ := newDemo(t)
	d.cli.Kind, d.cli.Version = cli.Terraform, "1.5.7"
	if err := d.run(t.Context()); err == nil || !strings.Contains(err.Error(), "Terraform v1.5.7 does not have the test command") {
		t.Errorf("error %v", err)
	}
}

// An interrupted demo ends the CLI and the emulator, and says so.
func TestInterrupt(t *testing.T) {
	t.Setenv(faultVariable, "apply-hangs")
	d, out := newDemo(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for !strings.Contains(out.String(), "hanging") {
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
	}()
	err := d.run(ctx)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "tofu apply -auto-approve was interrupted") {
		t.Errorf("error %v\n%s", err, out)
	}
	if !strings.Contains(out.String(), "apply: interrupted") {
		t.Errorf("the CLI was not asked to end:\n%s", out)
	}
	wantStopped(t, d)
}

// wantStopped checks that no emulator is left.
func wantStopped(t *testing.T, d *demo) {
	t.Helper()
	if d.server == nil {
		return
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.server.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := http.DefaultClient.Do(req); err == nil {
		resp.Body.Close()
		t.Errorf("the emulator still answers at %s", d.server.url)
	}
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
