package acctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	theprovider "github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// A Workspace is a directory in which a test runs the CLI itself, with the provider
// that users have: a binary that `init` installs.
type Workspace struct {
	// Dir is the directory.
	Dir string

	t   *testing.T
	cli cli.CLI
	env []string
}

// NewWorkspace creates a directory for configurations against the service, with
// extra "NAME=value" settings in the environment of the CLI. A file in it requires
// the provider, so that configurations need not.
func (s *Service) NewWorkspace(t *testing.T, extraEnv ...string) *Workspace {
	t.Helper()
	RequireCLI(t)
	return s.NewWorkspaceWith(t, theCLI, extraEnv...)
}

// NewWorkspaceWith is like [Service.NewWorkspace] for another CLI, such as one that
// [CLIWith] returns.
func (s *Service) NewWorkspaceWith(t *testing.T, with cli.CLI, extraEnv ...string) *Workspace {
	t.Helper()
	mirror, err := installed()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config := filepath.Join(t.TempDir(), "cli.tfrc")
	if err := cli.WriteConfig(config, mirror); err != nil {
		t.Fatal(err)
	}
	env := append([]string{
		"CLOUDFLARE_API_TOKEN=" + s.Token,
		"CLOUDFLARE_ACCOUNT_ID=" + s.AccountID,
		"CLOUDFLARE_BASE_URL=" + s.BaseURL,
		"AIGATEWAY_GATEWAY_BASE_URL=" + s.GatewayBaseURL,
	}, extraEnv...)
	w := &Workspace{Dir: dir, t: t, cli: with, env: cli.Env(config, env...)}
	w.Write("requirements.tf", `terraform {
  required_providers {
    aigateway = { source = "`+source+`" }
  }
}
`)
	return w
}

// source is the provider's address in configurations.
var source = func() string {
	namespace, name := filepath.Split(theprovider.Address)
	return filepath.Base(namespace) + "/" + name
}()

// Write puts a file into the folder, below it if the name says so.
func (w *Workspace) Write(name, content string) {
	w.t.Helper()
	path := filepath.Join(w.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Read returns the content of a file in the folder.
func (w *Workspace) Read(name string) string {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join(w.Dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(content)
}

// Command returns the CLI with arguments, ready to run in the folder.
func (w *Workspace) Command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(w.t.Context(), w.cli.Path, args...)
	cmd.Dir, cmd.Env = w.Dir, w.env
	return cmd
}

// Try runs the CLI and returns its exit status and all that it printed.
func (w *Workspace) Try(args ...string) (int, string) {
	w.t.Helper()
	var out bytes.Buffer
	cmd := w.Command(args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatalf("%s %v: %v", w.cli.Path, args, err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// Run is [Workspace.Try] for what must succeed.
func (w *Workspace) Run(args ...string) string {
	w.t.Helper()
	status, out := w.Try(args...)
	if status != 0 {
		w.t.Fatalf("%s %v: exit status %d\n%s", w.cli, args, status, out)
	}
	return out
}

// Apply runs init and apply, and destroys at the test's end.
func (w *Workspace) Apply() string {
	w.t.Helper()
	w.Run("init", "-no-color")
	w.t.Cleanup(func() {
		// The test's context is over by now.
		cmd := exec.CommandContext(context.Background(), w.cli.Path, "destroy", "-auto-approve", "-no-color")
		cmd.Dir, cmd.Env = w.Dir, w.env
		if out, err := cmd.CombinedOutput(); err != nil {
			w.t.Errorf("destroy: %v\n%s", err, out)
		}
	})
	return w.Run("apply", "-auto-approve", "-no-color")
}

// RequireEmptyPlan fails the test unless a plan finds nothing to do.
func (w *Workspace) RequireEmptyPlan() {
	w.t.Helper()
	if status, out := w.Try("plan", "-detailed-exitcode", "-no-color"); status != 0 {
		w.t.Errorf("the plan is not empty (exit status %d):\n%s", status, out)
	}
}

// ProviderBinary returns the provider that workspaces install, for tests that install it
// in other ways.
func ProviderBinary() (string, error) {
	mirror, err := installed()
	return filepath.Join(filepath.Dir(mirror), "terraform-provider-aigateway"), err
}

// installed builds the provider and installs it into a mirror, once for all
// tests of a process.
var installed = sync.OnceValues(func() (string, error) {
	root, err := cli.ModuleRoot()
	if err != nil {
		return "", err
	}
	// Not in a test's folder, which goes with the test, but in one that git
	// ignores and the next run may use again.
	dir := filepath.Join(root, ".cache", "acctest", fmt.Sprintf("%d", os.Getpid()))
	return cli.BuildProvider(context.Background(), dir, theprovider.Address)
})
