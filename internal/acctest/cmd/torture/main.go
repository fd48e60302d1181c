//go:build unix

// Command torture runs a CLI and the provider against the emulator, and
// interrupts creations, updates and destroys at random requests: with SIGINT
// once and twice, SIGTERM and SIGKILL, sent to the CLI, to the provider, and to
// both. After each, applying again must be enough to go on, with the import
// blocks that errors quote. It prints a table and fails if an object is lost.
//
// Everything it writes is in .cache/torture; credentials and settings in the
// environment are ignored.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/torture"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

func main() {
	rounds := flag.Int("rounds", 100, "how many runs are interrupted")
	seed := flag.Uint64("seed", 1, "decides at which requests; equal seeds make equal choices")
	size := flag.Int("size", 10, "how many objects of each of the four types there are")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, torture.Options{Rounds: *rounds, Seed: *seed, Size: *size, Kinds: torture.Kinds(), Log: os.Stdout})
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "torture: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, options torture.Options) (err error) {
	if options.Rounds < 1 || options.Size < 1 {
		return errors.New("-rounds and -size must be at least 1")
	}
	if options.CLI, err = cli.FindOrBuild(ctx, out); err != nil {
		return err
	}
	root, err := cli.ModuleRoot()
	if err != nil {
		return err
	}
	options.Dir = filepath.Join(root, ".cache", "torture")
	if err := os.RemoveAll(options.Dir); err != nil {
		return err
	}
	fmt.Fprintln(out, "Building the provider …")
	if options.Mirror, err = cli.BuildProvider(ctx, options.Dir, provider.Address); err != nil {
		return err
	}
	report, err := torture.Run(ctx, options)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s, %d objects, seed %d\n\n", options.CLI, 4*options.Size, options.Seed)
	return errors.Join(report.Write(out), report.Err())
}
