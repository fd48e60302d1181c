// Command release rehearses a release and checks one.
//
//	release dry-run                  builds, signs, checks and installs a release with a throw-away key
//	release check VERSION KEYFILE    checks the release in dist/ that a real key has signed
//	release notes VERSION            prints what CHANGELOG.md says about the version
//
// It publishes nothing.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/release"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, args []string) error {
	root, err := cli.ModuleRoot()
	if err != nil {
		return err
	}
	changelog, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	switch {
	case len(args) == 1 && args[0] == "dry-run":
		r, err := newRehearsal(root, string(changelog), out)
		if err != nil {
			return err
		}
		return r.run(ctx)
	case len(args) == 3 && args[0] == "check":
		key, err := os.ReadFile(args[2])
		if err != nil {
			return err
		}
		return check(ctx, out, root, strings.TrimPrefix(args[1], "v"), string(key))
	case len(args) == 2 && args[0] == "notes":
		notes, err := release.Notes(string(changelog), strings.TrimPrefix(args[1], "v"))
		fmt.Fprint(out, notes)
		return err
	default:
		return errors.New("usage: release dry-run | check VERSION KEYFILE | notes VERSION")
	}
}

// check checks the files in dist/ and installs those of this platform with both
// CLIs.
func check(ctx context.Context, out io.Writer, root, version, key string) error {
	r := release.Release{Dir: filepath.Join(root, "dist"), Root: root, Version: version, Platforms: release.Platforms}
	if err := r.Check(key); err != nil {
		return fmt.Errorf("the release in dist/ is not as it should be:\n%w", err)
	}
	fmt.Fprintf(out, "Checked %d files of %s for %d platforms: names, checksums, signature, manifest, programs, bills of materials.\n",
		len(r.Summed())+2, version, len(r.Platforms))
	return install(ctx, out, r)
}
