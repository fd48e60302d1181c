package cli_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

// script writes an executable shell script, the stand-in for a command.
func script(t *testing.T, dir, name string, lines ...string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	body := "#!/bin/sh\n" + strings.Join(lines, "\n") + "\n"
	if err := os.WriteFile(path, []byte(body), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// module makes a folder with what marks the module root, enters it, and leaves
// PATH with nothing but the returned folder.
func module(t *testing.T) (root, bin string) {
	t.Helper()
	root, bin = t.TempDir(), t.TempDir()
	for _, name := range []string{"go.mod", "tools/tofu/go.mod", "tools/tofu/go.sum", "tools/terraform/go.mod", "tools/terraform/go.sum"} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("// "+name+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	below := filepath.Join(root, "internal", "deep")
	if err := os.MkdirAll(below, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(below)
	t.Setenv("PATH", bin)
	t.Setenv(cli.EnvPath, "")
	return root, bin
}

func TestFindOrder(t *testing.T) {
	_, bin := module(t)

	if _, err := cli.Find(t.Context()); !errors.Is(err, cli.ErrNotFound) || !strings.Contains(err.Error(), "make cli") {
		t.Fatalf("without any CLI: error %v, want ErrNotFound and how to get one", err)
	}

	tofu := script(t, bin, "tofu", `echo "OpenTofu v1.12.6"`, `echo "on linux_amd64"`)
	want(t, cli.CLI{Path: tofu, Kind: cli.OpenTofu, Version: "1.12.6"})

	terraform := script(t, bin, "terraform", `echo "Terraform v1.11.4"`, `echo "on linux_amd64"`)
	want(t, cli.CLI{Path: terraform, Kind: cli.Terraform, Version: "1.11.4"})

	// What the environment names goes first, and is known by what it prints.
	named := script(t, t.TempDir(), "terraform", `echo "OpenTofu v1.13.0-beta1"`)
	t.Setenv(cli.EnvPath, named)
	want(t, cli.CLI{Path: named, Kind: cli.OpenTofu, Version: "1.13.0-beta1"})
}

func want(t *testing.T, want cli.CLI) {
	t.Helper()
	got, err := cli.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Fatalf("found %+v, want %+v", got, want)
	}
}

// A CLI that is there and does not work must not make the tests run with
// another one.
func TestFindDoesNotPassOverABrokenCLI(t *testing.T) {
	_, bin := module(t)
	script(t, bin, "tofu", `echo "OpenTofu v1.12.6"`)

	t.Run("broken on PATH", func(t *testing.T) {
		script(t, bin, "terraform", `echo "no version is set" >&2`, "exit 3")
		_, err := cli.Find(t.Context())
		wantError(t, err, "terraform on PATH", "no version is set", cli.EnvPath)
	})
	t.Run("something else on PATH", func(t *testing.T) {
		script(t, bin, "terraform", `echo "Terraformer v2"`)
		_, err := cli.Find(t.Context())
		wantError(t, err, "neither Terraform nor OpenTofu", "Terraformer v2")
	})
	t.Run("missing in the environment", func(t *testing.T) {
		t.Setenv(cli.EnvPath, filepath.Join(bin, "absent"))
		_, err := cli.Find(t.Context())
		wantError(t, err, cli.EnvPath, "absent")
	})
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	if errors.Is(err, cli.ErrNotFound) {
		t.Errorf("error %q counts as not found, so a CLI would be built", err)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not mention %q", err, part)
		}
	}
}

// A configuration file that the environment names and that does not exist makes
// a real CLI print a warning above its version.
func TestInspectIgnoresTheUsersSettings(t *testing.T) {
	_, bin := module(t)
	t.Setenv("TF_CLI_CONFIG_FILE", filepath.Join(bin, "absent"))
	t.Setenv("TF_LOG", "trace")
	t.Setenv("CLOUDFLARE_API_TOKEN", "secret")
	path := script(t, bin, "terraform",
		`[ "$TF_CLI_CONFIG_FILE" = "`+os.DevNull+`" ] || exit 4`,
		`[ -z "$TF_LOG$CLOUDFLARE_API_TOKEN" ] || exit 5`,
		`[ "$CHECKPOINT_DISABLE" = 1 ] || exit 6`,
		`echo "Warning: something"`,
		`echo "Terraform v1.14.0-rc1"`)
	got, err := cli.Inspect(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != "Terraform v1.14.0-rc1" {
		t.Errorf("got %s", got)
	}
}

func TestModuleRoot(t *testing.T) {
	root, _ := module(t)
	for _, dir := range []string{root, filepath.Join(root, "tools", "tofu"), filepath.Join(root, "internal", "deep")} {
		t.Chdir(dir)
		got, err := cli.ModuleRoot()
		if err != nil {
			t.Fatal(err)
		}
		if !sameFile(t, got, root) {
			t.Errorf("from %s: %s, want %s", dir, got, root)
		}
	}
	t.Chdir(t.TempDir())
	if got, err := cli.ModuleRoot(); err == nil {
		t.Errorf("outside of the module: %s, want an error", got)
	}
}

func sameFile(t *testing.T, a, b string) bool {
	t.Helper()
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if err := errors.Join(errX, errY); err != nil {
		t.Fatal(err)
	}
	return os.SameFile(x, y)
}
