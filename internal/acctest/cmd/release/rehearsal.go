package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/release"
)

// A rehearsal builds the release twice, here and in a clone, with a key of its own.
type rehearsal struct {
	root, work string // work is below .cache
	version    string
	out        io.Writer
	key        release.Key
	env        []string // of GoReleaser
	clean      []func() error
}

func newRehearsal(root, changelog string, out io.Writer) (*rehearsal, error) {
	sections, err := release.Changelog(changelog)
	if err != nil {
		return nil, err
	}
	r := &rehearsal{root: root, work: filepath.Join(root, ".cache", "release"), version: sections[0].Version, out: out}
	bin := filepath.Join(r.work, "bin") // where make puts the tools
	r.env = []string{"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), "SNAPSHOT_VERSION=" + r.version}
	return r, nil
}

func (r *rehearsal) run(ctx context.Context) (err error) {
	defer func() {
		for _, clean := range r.clean {
			err = errors.Join(err, clean())
		}
	}()
	steps := []struct {
		title string
		do    func(context.Context) error
	}{
		{"Check that everything is committed", r.requireClean},
		{"Make a throw-away RSA key", r.prepareKey},
		{"Check .goreleaser.yml", func(ctx context.Context) error { return r.goreleaser(ctx, r.root, "check") }},
		{"Build version " + r.version + " into dist/", func(ctx context.Context) error { return r.snapshot(ctx, r.root) }},
		{"Check and install it", func(ctx context.Context) error { return check(ctx, r.out, r.root, r.version, r.key.Public) }},
		{"Build it again, elsewhere, and compare", r.rebuild},
	}
	for i, step := range steps {
		fmt.Fprintf(r.out, "\n[%d/%d] %s\n", i+1, len(steps), step.title)
		start := time.Now()
		if err := step.do(ctx); err != nil {
			return err
		}
		fmt.Fprintf(r.out, "[%d/%d] Done in %s.\n", i+1, len(steps), time.Since(start).Round(time.Second))
	}
	fmt.Fprintf(r.out, "\nThe release of version %s works. Nothing was published, and the key is thrown away.\n", r.version)
	return nil
}

// requireClean fails if there are changes, because a release is built from a commit.
func (r *rehearsal) requireClean(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "git", "status", "--porcelain")
	cmd.Dir = r.root
	changes, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("git status: %w", err)
	}
	if len(changes) > 0 {
		return fmt.Errorf("a release is built from a commit, and these changes are not committed:\n%s", changes)
	}
	return nil
}

// goreleaser runs GoReleaser in a directory with the sources.
func (r *rehearsal) goreleaser(ctx context.Context, dir string, args ...string) error {
	return command(ctx, dir, r.env, r.out, filepath.Join(r.work, "bin", "goreleaser"), args...)
}

// snapshot does all that a release does, but publishes nothing.
func (r *rehearsal) snapshot(ctx context.Context, dir string) error {
	return r.goreleaser(ctx, dir, "release", "--snapshot", "--clean", "--skip=publish")
}

// rebuild builds the same commit from a clone with another path and compares the
// files. The signature of the checksums contains the time.
func (r *rehearsal) rebuild(ctx context.Context) error {
	clone := filepath.Join(r.work, "a-clone-with-a-longer-path")
	if err := os.RemoveAll(clone); err != nil {
		return err
	}
	if err := command(ctx, r.root, nil, r.out, "git", "clone", "--quiet", r.root, clone); err != nil {
		return err
	}
	if err := r.snapshot(ctx, clone); err != nil {
		return err
	}
	first := release.Release{Dir: filepath.Join(r.root, "dist"), Root: r.root, Version: r.version, Platforms: release.Platforms}
	second := first
	second.Dir, second.Root = filepath.Join(clone, "dist"), clone
	compared, err := first.Compare(second)
	if err != nil {
		return fmt.Errorf("two builds of one commit differ:\n%w", err)
	}
	fmt.Fprintf(r.out, "%d files are equal, byte for byte.\n", compared)
	return os.RemoveAll(clone)
}
