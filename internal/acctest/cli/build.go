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

const (
	tofuPackage = "github.com/opentofu/opentofu/cmd/tofu"
	// A plain build calls itself a development version; the release builds set
	// this variable, and so does ours, of the same source.
	tofuRelease = "-X github.com/opentofu/opentofu/version.dev=no"
	// progressInterval is how often Build says that it is still at work.
	progressInterval = 20 * time.Second
)

// toolDir is the module that pins OpenTofu, below the module root.
var toolDir = filepath.Join("tools", "tofu")

// build knows where the parts of a build are.
type build struct {
	module string // the folder of go.mod and go.sum
	binary string
	stamp  string // holds the digest of what the binary was built from
}

func newBuild(root string) build {
	bin := filepath.Join(root, ".cache", "tools", "tofu")
	b := build{module: filepath.Join(root, toolDir), binary: bin, stamp: bin + ".stamp"}
	if filepath.Separator == '\\' {
		b.binary += ".exe"
	}
	return b
}

// digest identifies what the binary is built from.
func (b build) digest() (string, error) {
	h := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(b.module, name))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n%s", name, len(content), content)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
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

// Build returns the OpenTofu in the module's cache folder, building it from
// source if it is not there or if the pinned version has changed. All sources
// come through the Go module proxy. It writes to log that it builds, why, and,
// while that takes its minutes, that it is still at work.
func Build(ctx context.Context, log io.Writer) (CLI, error) {
	root, err := ModuleRoot()
	if err != nil {
		return CLI{}, err
	}
	b := newBuild(root)
	fresh, err := b.fresh()
	if err != nil {
		return CLI{}, err
	}
	if !fresh {
		if err := b.run(ctx, log); err != nil {
			return CLI{}, fmt.Errorf("cannot build OpenTofu: %w", err)
		}
	}
	return Inspect(ctx, b.binary)
}

// FindOrBuild returns what Find finds, or else what Build builds.
func FindOrBuild(ctx context.Context, log io.Writer) (CLI, error) {
	c, err := Find(ctx)
	if errors.Is(err, ErrNotFound) {
		return Build(ctx, log)
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
	dir, err := os.MkdirTemp(filepath.Dir(b.binary), "tofu-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	fmt.Fprintln(log, "Building OpenTofu from source, once, since there is no other CLI to run or the built one was asked for.")
	fmt.Fprintln(log, "With nothing in Go's caches this takes about four minutes on two cores.")

	binary := filepath.Join(dir, filepath.Base(b.binary))
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", "build", "-mod=readonly", "-buildvcs=false", "-trimpath",
		"-ldflags=-s -w "+tofuRelease, "-o", binary, tofuPackage)
	cmd.Dir = b.module
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	stop := progress(log, start)
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
	fmt.Fprintf(log, "Built OpenTofu in %s.\n", time.Since(start).Round(time.Second))
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
			filepath.ToSlash(filepath.Join(toolDir, "go.mod")), indented(out.String()))
	}
	return nil
}

// progress writes a line to log every now and then until the returned function
// is called.
func progress(log io.Writer, start time.Time) (stop func()) {
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
				fmt.Fprintf(log, "Still building OpenTofu, %s so far.\n", time.Since(start).Round(time.Second))
			}
		}
	}()
	return func() { close(done); <-ended }
}
