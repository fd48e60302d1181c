// Package cli finds the Terraform or OpenTofu command that the acceptance tests
// and the demo run, says what that command can do, and builds OpenTofu when
// there is no command to be found.
package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// EnvPath is the environment variable that names the CLI to use; it goes before
// everything that is found on PATH.
const EnvPath = "TF_ACC_TERRAFORM_PATH"

// versionTimeout bounds how long a CLI may take to print its version.
const versionTimeout = 30 * time.Second

// ErrNotFound says that there is no CLI: none is named in the environment, none
// is on PATH, and none has been built.
var ErrNotFound = errors.New("no Terraform or OpenTofu found: " + EnvPath +
	" is not set, neither terraform nor tofu is on PATH, and OpenTofu has not been built; run `make cli` to build it")

// Kind tells Terraform and OpenTofu apart.
type Kind string

// The two kinds of CLI, named as they name themselves.
const (
	Terraform Kind = "Terraform"
	OpenTofu  Kind = "OpenTofu"
)

// CLI is a command that was run once to learn what it is.
type CLI struct {
	// Path is absolute.
	Path string
	// Kind is what the command calls itself, whatever the file is called.
	Kind Kind
	// Version is without a leading "v", for example "1.12.6".
	Version string
}

// String names the CLI as its own version command does.
func (c CLI) String() string { return fmt.Sprintf("%s v%s", c.Kind, c.Version) }

// ProviderHost returns the registry host that the CLI assumes for a provider source
// address without one.
func (c CLI) ProviderHost() string {
	if c.Kind == OpenTofu {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

// Find returns the first CLI of: the one that $TF_ACC_TERRAFORM_PATH names,
// terraform on PATH, tofu on PATH, the OpenTofu that `make cli` built. A
// command that exists but cannot tell its version is an error rather than a
// reason to look further, so that no test runs with another CLI than expected.
// The error matches ErrNotFound if there is none.
func Find(ctx context.Context) (CLI, error) {
	if path := os.Getenv(EnvPath); path != "" {
		c, err := Inspect(ctx, path)
		if err != nil {
			return CLI{}, fmt.Errorf("%s: %w", EnvPath, err)
		}
		return c, nil
	}
	for _, name := range []string{"terraform", "tofu"} {
		path, err := exec.LookPath(name)
		switch {
		case errors.Is(err, exec.ErrNotFound):
			continue
		case err != nil:
			return CLI{}, fmt.Errorf("%s on PATH: %w", name, err)
		}
		c, err := Inspect(ctx, path)
		if err != nil {
			return CLI{}, fmt.Errorf("%s on PATH: %w; set %s to use another", name, err, EnvPath)
		}
		return c, nil
	}
	return TofuSource.Built(ctx)
}

var versionLine = regexp.MustCompile(`(?m)^(Terraform|OpenTofu) v(\S+)\s*$`)

// Inspect runs the command at path to learn its kind and version.
func Inspect(ctx context.Context, path string) (CLI, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return CLI{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, versionTimeout)
	defer cancel()

	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, path, "version")
	cmd.Env = Env("")
	cmd.Dir = os.TempDir() // the project's own lock file is none of its business
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		return CLI{}, fmt.Errorf("%s version: %w%s", path, err, indented(out.String()))
	}
	m := versionLine.FindStringSubmatch(out.String())
	if m == nil {
		return CLI{}, fmt.Errorf("%s is neither Terraform nor OpenTofu: its version command prints%s", path, indented(out.String()))
	}
	return CLI{Path: path, Kind: Kind(m[1]), Version: m[2]}, nil
}

// ModuleRoot returns the folder of the provider's go.mod, found by walking up
// from the working directory. The modules below tools/ do not count.
func ModuleRoot() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		_, errMod := os.Stat(filepath.Join(dir, "go.mod"))
		_, errTool := os.Stat(filepath.Join(dir, TofuSource.dir(), "go.mod"))
		if errMod == nil && errTool == nil {
			return dir, nil
		}
		for _, err := range []error{errMod, errTool} {
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no module root (a folder with go.mod and %s) above %s", filepath.ToSlash(TofuSource.dir()), start)
		}
	}
}

// indented sets a command's output off from the message it is part of.
func indented(output string) string {
	output = strings.TrimSpace(output)
	if output == "" {
		return ""
	}
	return ":\n  " + strings.ReplaceAll(output, "\n", "\n  ")
}
