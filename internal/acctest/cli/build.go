package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// progressInterval is how often Build says that it is still at work.
const progressInterval = 20 * time.Second

// A Source is a CLI that can be built from a module below tools/, which pins its
// version.
type Source struct {
	kind Kind
	// name is the name of the binary, and of the module's folder.
	name, mainPackage string
	// release is the linker's setting for the CLI's release version. A plain build calls
	// itself a development version; the release builds set the variable, and so does
	// ours, of the same source.
	release string
	// why says when the CLI is built, and minutes how long that takes.
	why, minutes string
}

var (
	// TofuSource is OpenTofu, for machines without a CLI.
	TofuSource = Source{
		kind: OpenTofu, name: "tofu", mainPackage: "github.com/opentofu/opentofu/cmd/tofu",
		release: "-X github.com/opentofu/opentofu/version.dev=no",
		why:     "since there is no other CLI to run or the built one was asked for", minutes: "four",
	}
	// TerraformSource is Terraform, for tests of what older CLIs and OpenTofu lack. Its
	// license does not allow us to ship it, so it is built where the tests run.
	TerraformSource = Source{
		kind: Terraform, name: "terraform", mainPackage: "github.com/hashicorp/terraform",
		release: "-X github.com/hashicorp/terraform/version.dev=no",
		why:     "for the tests that need a newer CLI than most machines have", minutes: "five",
	}
)

// dir returns the module's folder, below the module root.
func (s Source) dir() string { return filepath.Join("tools", s.name) }

// build knows where the parts of a build are.
type build struct {
	Source
	module string // the folder of go.mod, go.sum and stand-ins for packages
	binary string
	stamp  string // holds the digest of what the binary was built from
}

func (s Source) in(root string) build {
	bin := filepath.Join(root, ".cache", "tools", s.name)
	b := build{Source: s, module: filepath.Join(root, s.dir()), binary: bin, stamp: bin + ".stamp"}
	if filepath.Separator == '\\' {
		b.binary += ".exe"
	}
	return b
}

// digest identifies what the binary is built from.
func (b build) digest() (string, error) {
	h := sha256.New()
	module := os.DirFS(b.module)
	err := fs.WalkDir(module, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(module, name)
		fmt.Fprintf(h, "%s %d\n%s", name, len(content), content)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

// fresh reports whether the binary exists and was built from the present module.
func (b build) fresh() (bool, error) {
	stamp, err := os.ReadFile(b.stamp)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(b.binary); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	digest, err := b.digest()
	return err == nil && digest == strings.TrimSpace(string(stamp)), err
}

// Build returns the CLI in the module's cache folder, building it from source if it
// is not there or if the pinned version has changed. All sources come through the Go
// module proxy. It writes to log that it builds, why, and, while that takes its
// minutes, that it is still at work.
func (s Source) Build(ctx context.Context, log io.Writer) (CLI, error) {
	root, err := ModuleRoot()
	if err != nil {
		return CLI{}, err
	}
	b := s.in(root)
	fresh, err := b.fresh()
	if err != nil {
		return CLI{}, err
	}
	if !fresh {
		if err := b.run(ctx, log); err != nil {
			return CLI{}, fmt.Errorf("cannot build %s: %w", s.kind, err)
		}
	}
	return Inspect(ctx, b.binary)
}

// Built returns the CLI that Build left in the module's cache folder, provided that it
// was built from the module's present go.mod and go.sum. The error matches
// ErrNotFound if there is none.
func (s Source) Built(ctx context.Context) (CLI, error) {
	root, err := ModuleRoot()
	if err != nil {
		return CLI{}, err
	}
	b := s.in(root)
	if fresh, err := b.fresh(); err != nil || !fresh {
		return CLI{}, errors.Join(ErrNotFound, err)
	}
	return Inspect(ctx, b.binary)
}

// FindOrBuild returns what Find finds, or else OpenTofu, built from source.
func FindOrBuild(ctx context.Context, log io.Writer) (CLI, error) {
	c, err := Find(ctx)
	if errors.Is(err, ErrNotFound) {
		return TofuSource.Build(ctx, log)
	}
	return c, err
}

// run builds the binary under another name and renames it once it is whole, so
// that builds at the same time, and broken ones, do no harm.
func (b build) run(ctx context.Context, log io.Writer) error {
	if err := b.checkGo(ctx); err != nil {
		return err
	}
	digest, err := b.digest()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(b.binary), 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(b.binary), b.name+"-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	fmt.Fprintf(log, "Building %s from source, once, %s.\n", b.kind, b.why)
	fmt.Fprintf(log, "With nothing in Go's caches this takes about %s minutes on two cores.\n", b.minutes)

	binary := filepath.Join(dir, filepath.Base(b.binary))
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", "build", "-mod=readonly", "-buildvcs=false", "-trimpath",
		"-ldflags=-s -w "+b.release, "-o", binary, b.mainPackage)
	cmd.Dir = b.module
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	stop := b.progress(log, start)
	err = cmd.Run()
	stop()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return fmt.Errorf("go build: %w%s", err, indented(out.String()))
	}

	// The stamp goes last: without it, or with an old one, the binary does not count.
	stamp := filepath.Join(dir, filepath.Base(b.stamp))
	if err := os.WriteFile(stamp, []byte(digest+"\n"), 0o644); err != nil {
		return err
	}
	if err := os.Rename(binary, b.binary); err != nil {
		return err
	}
	if err := os.Rename(stamp, b.stamp); err != nil {
		return err
	}
	fmt.Fprintf(log, "Built %s in %s.\n", b.kind, time.Since(start).Round(time.Second))
	return nil
}

// checkGo fails early if the Go command at hand is too old for the module and
// may not fetch a newer one.
func (b build) checkGo(ctx context.Context) error {
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", "list", "-m")
	cmd.Dir = b.module
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("the Go command does not accept %s%s\n"+
			"Install the Go version it asks for, or let Go fetch it (GOTOOLCHAIN=auto), or put terraform or tofu on PATH",
			filepath.ToSlash(filepath.Join(b.dir(), "go.mod")), indented(out.String()))
	}
	return nil
}

// progress writes a line to log every now and then until the returned function
// is called.
func (s Source) progress(log io.Writer, start time.Time) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(progressInterval)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				fmt.Fprintf(log, "Still building %s, %s so far.\n", s.kind, time.Since(start).Round(time.Second))
			}
		}
	}()
	return func() { close(done); <-ended }
}
