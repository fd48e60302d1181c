// Command bench measures what the provider costs beside what the CLI costs
// without it: `providers schema` against a provider that does nothing, and plan
// and apply of 1 and 100 gateways against as many terraform_data resources. It
// prints the medians, their ratios, the memory of the largest process, the size
// of the binary, and whether the aims are met.
//
// A missed aim is no failure: times are those of the machine, and a busy one
// tells little. The bench fails only when something does not run.
//
// Everything it writes is in .cache/bench; the gateways are in an emulator in
// this process; credentials and settings in the environment are ignored.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

const (
	// account is an account that the emulator makes up; it takes any.
	account = "0123456789abcdef0123456789abcdef"
	// version is under which the providers are installed. A prerelease would
	// not do.
	version = "0.0.1"
	// emptyAddress is that of the provider that does nothing.
	emptyAddress = "registry.terraform.io/aigateway/empty"
	// many is the larger of the two numbers of gateways.
	many = 100
)

func main() {
	runs := flag.Int("runs", 5, "how often each command runs, after one run that does not count")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, *runs)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "The bench failed: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, runs int) error {
	if runs < 1 {
		return errors.New("-runs must be at least 1")
	}
	c, err := cli.FindOrBuild(ctx, out)
	if err != nil {
		return err
	}
	root, err := cli.ModuleRoot()
	if err != nil {
		return err
	}
	dir := filepath.Join(root, ".cache", "bench")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	fmt.Fprintln(out, "Building the provider, and one that does nothing …")
	size, config, err := install(ctx, root, dir)
	if err != nil {
		return err
	}
	server, err := emulator.New(emulator.Options{GatewayLimit: -1})
	if err != nil {
		return err
	}
	listener := httptest.NewServer(server)
	defer listener.Close()

	b := &bench{cli: c, dir: dir, config: config, server: server, url: listener.URL}
	pairs, err := b.pairs(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Running each command %d times, and once before, in turns with what it is compared to …\n", runs)
	start := time.Now()
	rows := make([]row, 0, len(pairs))
	for _, p := range pairs {
		r, err := p.measure(ctx, runs)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		rows = append(rows, r)
	}
	fmt.Fprintf(out, "\n%s on %s/%s with %d CPUs; medians of %d runs, in %s.\n\n",
		c, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runs, time.Since(start).Round(time.Second))
	return report(out, rows, size)
}

// install builds both providers as a release does, lays them out as a mirror,
// and returns the size of ours and the CLI configuration that names the mirror.
func install(ctx context.Context, root, dir string) (size int64, config string, err error) {
	mirror := filepath.Join(dir, "mirror")
	for _, p := range []struct{ pkg, address string }{
		{"./internal/acctest/cmd/bench/empty", emptyAddress},
		{".", provider.Address},
	} {
		binary := filepath.Join(dir, "bin", filepath.Base(p.address))
		if runtime.GOOS == "windows" {
			binary += ".exe"
		}
		build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", binary, p.pkg)
		build.Dir = root
		if output, err := build.CombinedOutput(); err != nil {
			return 0, "", fmt.Errorf("go build %s: %w\n%s", p.pkg, err, output)
		}
		if err := cli.InstallProvider(mirror, binary, p.address, version); err != nil {
			return 0, "", err
		}
		info, err := os.Stat(binary)
		if err != nil {
			return 0, "", err
		}
		size = info.Size() // the last one is ours
	}
	config = filepath.Join(dir, "cli.tfrc")
	return size, config, cli.WriteConfig(config, mirror)
}
