package acctest_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestGuideCI follows the guide: it copies the example, tests it, breaks it, and compares
// what the failing test prints.
func TestGuideCI(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := acctest.Emulate(t, emulator.Options{})
	w := service.NewWorkspace(t)
	blocks := shellBlocks(t, "testing-in-ci")
	if len(blocks) != 2 {
		t.Fatalf("the guide has %d blocks of commands, and this test runs 2", len(blocks))
	}
	shell := newTerminal(t, w)
	w.Dir = filepath.Join(w.Dir, "clone")
	if err := os.CopyFS(filepath.Join(w.Dir, "examples", "dynamic-routing"), os.DirFS(filepath.Join(examplesDir(t), "dynamic-routing"))); err != nil {
		t.Fatal(err)
	}
	shell.Run(blocks[0])
	w.Dir = filepath.Join(w.Dir, "..", "support-route")

	if out := shell.Run(blocks[1]); !strings.Contains(out, "Success! 5 passed, 0 failed.") {
		t.Errorf("the tests say:\n%s", out)
	}
	if sent := chats(service); sent != 2 {
		t.Errorf("the tests send %d requests, and the guide says 2", sent)
	}

	config := w.Read("main.tf")
	swapped := strings.Replace(config, "on_success  = \"strong\"\n      on_fallback = \"cheap\"", "on_success  = \"cheap\"\n      on_fallback = \"strong\"", 1)
	if swapped == config {
		t.Fatalf("the example has no quota to swap:\n%s", config)
	}
	w.Write("main.tf", swapped)
	status, out := shell.Try(blocks[1])
	if status == 0 {
		t.Errorf("the tests pass with a wrong route:\n%s", out)
	}
	// Comments of the example may move the line.
	position := regexp.MustCompile(`line \d+|(?m)^ +\d+:`)
	for line := range strings.Lines(guide(t, "testing-in-ci/failure.txt")) {
		if line = strings.TrimSpace(position.ReplaceAllString(line, "@")); !strings.Contains(position.ReplaceAllString(out, "@"), line) {
			t.Errorf("a failing test does not print %q, but\n%s", line, out)
		}
	}
	if left := service.Emulator.GatewayIDs(service.AccountID); len(left) != 0 {
		t.Errorf("the tests leave gateways: %v", left)
	}
}

// TestGuideCICheck adds the check block to the example. It warns and stops nothing.
func TestGuideCICheck(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := acctest.Emulate(t, emulator.Options{})
	w := exampleWorkspace(t, service, "dynamic-routing", allowed)
	check := guide(t, "testing-in-ci/check.tf")
	w.Write("check.tf", check)
	if out := w.Apply(); !strings.Contains(out, "2 added") || strings.Contains(out, "assertion failed") {
		t.Errorf("the apply says:\n%s", out)
	}
	if sent := chats(service); sent != 1 {
		t.Errorf("the apply sends %d requests, want 1", sent)
	}
	// The plan announces that the check is read again, which counts as a change.
	if status, out := w.Try("plan", "-detailed-exitcode", "-no-color"); status != 2 || !strings.Contains(out, "Plan: 0 to add, 0 to change, 0 to destroy.") {
		t.Errorf("a plan with nothing to do, exit status %d:\n%s", status, out)
	}
	if sent := chats(service); sent != 1 {
		t.Errorf("a plan sends %d requests, want 1", sent)
	}
	w.Write("check.tf", strings.Replace(check, `"anthropic/*"`, `"openai/*"`, 1))
	if out := w.Run("apply", "-auto-approve", "-no-color"); !strings.Contains(out, "Warning: Check block assertion failed") || !strings.Contains(out, "The request went to openai/") {
		t.Errorf("a check that fails says:\n%s", out)
	}
	if sent := chats(service); sent != 2 {
		t.Errorf("an apply with nothing to do sends %d requests, and the guide says 2", sent)
	}
}

// TestGuideCIScript runs the guide's script, on a port of its own.
func TestGuideCIScript(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := acctest.Emulate(t, emulator.Options{})
	w := exampleWorkspace(t, service, "dynamic-routing")
	remove(t, w, "tests/quota.tftest.hcl") // its requests are another test's
	shell := newTerminal(t, w)
	bin := buildEmulator(t)
	script := strings.ReplaceAll(guide(t, "testing-in-ci/ci.sh"), "127.0.0.1:8787", freeAddress(t))
	w.Write("tests/ci.sh", script)
	out := shell.Run("PATH=\"" + bin + ":$PATH\"\nsh -e tests/ci.sh")
	if !strings.Contains(out, "Success! 5 passed, 0 failed.") {
		t.Errorf("the script prints:\n%s", out)
	}
	requireSilence(t, service) // the requests went to the emulator of the script

	// A test that fails makes the script fail.
	w.Write("requirements.tf", strings.Replace(w.Read("requirements.tf"), `on_success  = "strong"`, `on_success  = "cheap"`, 1))
	if status, out := shell.Try("PATH=\"" + bin + ":$PATH\"\nsh -e tests/ci.sh"); status == 0 {
		t.Errorf("the script succeeds although a test fails:\n%s", out)
	}

	// So does an emulator that cannot start. The script does not wait for it.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	w.Write("tests/ci.sh", strings.ReplaceAll(guide(t, "testing-in-ci/ci.sh"), "127.0.0.1:8787", listener.Addr().String()))
	if status, out := shell.Try("PATH=\"" + bin + ":$PATH\"\nsh -e tests/ci.sh"); status == 0 || strings.Contains(out, "passed") {
		t.Errorf("the script runs tests without an emulator:\n%s", out)
	}
}

// TestGuideCIWorkflow: the workflow runs the script that is tested, pins what it uses,
// and gives secrets to no pull request. `make lint` checks its syntax.
func TestGuideCIWorkflow(t *testing.T) {
	t.Parallel()
	workflow := guide(t, "testing-in-ci/workflow.yml")
	pinned := regexp.MustCompile(`uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v[0-9.]+\n`)
	if uses := strings.Count(workflow, "uses:"); uses == 0 || uses != len(pinned.FindAllString(workflow, -1)) {
		t.Errorf("the workflow has %d actions, and not all are pinned", uses)
	}
	byPullRequest, byNight, _ := strings.Cut(workflow, "\n  cloudflare:\n    if: github.event_name == 'schedule'\n")
	if !strings.Contains(byPullRequest, "run: sh -e tests/ci.sh\n") || strings.Contains(byPullRequest, "secrets.") {
		t.Errorf("the job of pull requests must run the script, and without secrets:\n%s", byPullRequest)
	}
	if !strings.Contains(byNight, "run: terraform test -filter=tests/routing.tftest.hcl\n") || !strings.Contains(byNight, "environment: ") {
		t.Errorf("the job of the night:\n%s", byNight)
	}
	install := regexp.MustCompile(`go install github\.com/aigateway/terraform-provider-aigateway/(\S+)@latest`).FindStringSubmatch(workflow)
	root := repository(t)
	if install == nil {
		t.Fatal("the workflow installs no emulator")
	}
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(install[1]), "main.go")); err != nil {
		t.Errorf("the workflow installs what does not exist: %v", err)
	}
}

// buildEmulator builds the emulator into a folder and returns it.
func buildEmulator(t *testing.T) string {
	t.Helper()
	root := repository(t)
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "./internal/emulator/cmd/aigateway-emulator")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the emulator: %v\n%s", err, out)
	}
	return bin
}

// freeAddress returns an address on which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return address
}
