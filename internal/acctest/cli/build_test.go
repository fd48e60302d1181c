package cli_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

// goCommand returns a stand-in for the Go command whose build writes an OpenTofu of the
// given version, and which notes each of its calls.
func goCommand(t *testing.T, bin, version string) (calls func() string) {
	t.Helper()
	return goCommandFor(t, bin, "OpenTofu v"+version)
}

func goCommandFor(t *testing.T, bin, version string) (calls func() string) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "calls")
	script(t, bin, "go",
		`echo "$1" >> "`+log+`"`,
		`[ "$1" = build ] || exit 0`,
		`while [ "$1" != -o ]; do shift; done`,
		`{ echo '#!/bin/sh'; echo 'echo "`+version+`"'; } > "$2"`,
		`/bin/chmod 755 "$2"`)
	return func() string {
		content, err := os.ReadFile(log)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(string(content)), " ")
	}
}

func TestBuildOnce(t *testing.T) {
	root, bin := module(t)
	calls := goCommand(t, bin, "1.12.6")

	var log bytes.Buffer
	built, err := cli.TofuSource.Build(t.Context(), &log)
	if err != nil {
		t.Fatal(err)
	}
	if built.Kind != cli.OpenTofu || built.Version != "1.12.6" || !strings.HasPrefix(built.Path, root) {
		t.Errorf("built %+v", built)
	}
	for _, part := range []string{"four minutes", "no other CLI"} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("the log %q does not mention %q", log.String(), part)
		}
	}
	want(t, built) // Find takes it as the last resort

	log.Reset()
	if again, err := cli.TofuSource.Build(t.Context(), &log); err != nil || again != built || log.Len() > 0 {
		t.Errorf("second build: %+v, %v, log %q", again, err, log.String())
	}
	if got := calls(); got != "list build" {
		t.Errorf("calls of the Go command: %s", got)
	}
	leftovers(t, root, "tofu", "tofu.stamp")
}

// Terraform is built for the tests that need it. Others do not find it.
func TestBuildTerraform(t *testing.T) {
	root, bin := module(t)
	calls := goCommandFor(t, bin, "Terraform v1.15.9")
	if _, err := cli.TerraformSource.Built(t.Context()); !errors.Is(err, cli.ErrNotFound) {
		t.Errorf("before the build: %v, want ErrNotFound", err)
	}
	var log bytes.Buffer
	built, err := cli.TerraformSource.Build(t.Context(), &log)
	if err != nil {
		t.Fatal(err)
	}
	if built.Kind != cli.Terraform || built.Version != "1.15.9" || !strings.HasPrefix(built.Path, root) {
		t.Errorf("built %+v", built)
	}
	if !strings.Contains(log.String(), "Building Terraform from source") || !strings.Contains(log.String(), "Built Terraform") {
		t.Errorf("log %q", log.String())
	}
	if found, err := cli.TerraformSource.Built(t.Context()); err != nil || found != built {
		t.Errorf("after the build: %+v, %v", found, err)
	}
	if _, err := cli.Find(t.Context()); !errors.Is(err, cli.ErrNotFound) {
		t.Errorf("Find: %v, want ErrNotFound", err)
	}
	if got := calls(); got != "list build" {
		t.Errorf("calls of the Go command: %s", got)
	}

	// A stand-in that has changed makes the built CLI stale.
	stub := filepath.Join(root, "tools", "terraform", "stub")
	if err := os.Mkdir(stub, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(stub, "stub.go"), []byte("package stub\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := cli.TerraformSource.Built(t.Context()); !errors.Is(err, cli.ErrNotFound) {
		t.Errorf("after a change: %v, want ErrNotFound", err)
	}
}

// A pinned version that has changed makes the built CLI stale.
func TestBuildAgainAfterAChange(t *testing.T) {
	root, bin := module(t)
	goCommand(t, bin, "1.12.6")
	if _, err := cli.TofuSource.Build(t.Context(), &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "tools", "tofu", "go.sum"), []byte("another\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := cli.Find(t.Context()); !errors.Is(err, cli.ErrNotFound) {
		t.Errorf("a stale CLI was found: %v", err)
	}
	goCommand(t, bin, "1.12.7")
	got, err := cli.TofuSource.Build(t.Context(), &bytes.Buffer{})
	if err != nil || got.Version != "1.12.7" {
		t.Errorf("after the change: %+v, %v", got, err)
	}
}

func TestBuildFailures(t *testing.T) {
	t.Run("Go is too old", func(t *testing.T) {
		_, bin := module(t)
		script(t, bin, "go", `echo "go: go.mod requires go >= 1.26.6 (running go 1.25.8; GOTOOLCHAIN=local)"; exit 1`)
		_, err := cli.TofuSource.Build(t.Context(), &bytes.Buffer{})
		wantError(t, err, "requires go >= 1.26.6", "GOTOOLCHAIN=auto", "put terraform or tofu on PATH")
	})
	t.Run("the build breaks off", func(t *testing.T) {
		root, bin := module(t)
		script(t, bin, "go", `[ "$1" = build ] || exit 0`, `echo "disk full" >&2; exit 2`)
		_, err := cli.TofuSource.Build(t.Context(), &bytes.Buffer{})
		wantError(t, err, "cannot build OpenTofu", "disk full")
		leftovers(t, root)
		if _, err := cli.Find(t.Context()); !errors.Is(err, cli.ErrNotFound) {
			t.Errorf("after a failed build: %v, want ErrNotFound", err)
		}
	})
}

// leftovers checks that a build leaves these files in the cache and no others.
func leftovers(t *testing.T, root string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(root, ".cache", "tools"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the cache holds %q, want %q", got, want)
	}
}
