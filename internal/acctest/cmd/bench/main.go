// Command bench measures what a plan costs, in CPU and in wall time, for three
// configurations of as many objects: terraform_data, which the CLI has built in
// (the floor); the echo, a provider with our schema that does no work (see
// command echo); and our provider. It also measures the memory of the provider
// with many objects at a high parallelism. It prints the figures, the aims, and
// whether they are met.
//
// A missed aim is no failure: times are those of the machine, and a busy one
// tells little. The bench fails only when something does not run.
//
// Everything it writes is in .cache/bench; the objects are in an emulator in
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

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cmd/bench/schemafile"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

const (
	// version is the version of the installed providers. `init` passes over
	// prereleases.
	version     = "0.0.1"
	echoAddress = "registry.terraform.io/aigateway/echo"

	// Memory is measured with this many objects.
	memoryObjects     = 500
	memoryParallelism = 50
)

func main() {
	runs := flag.Int("runs", 5, "how many rounds count, after one that does not")
	objects := flag.Int("gateways", 100, "how many gateways, and how many dynamic routes, a configuration has")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, *runs, *objects)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "The bench failed: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, runs, objects int) error {
	if runs < 1 || objects < 1 {
		return errors.New("-runs and -gateways must be at least 1")
	}
	c, err := cli.FindOrBuild(ctx, out)
	if err != nil {
		return err
	}
	root, err := cli.ModuleRoot()
	if err != nil {
		return err
	}
	b := &bench{cli: c, dir: filepath.Join(root, ".cache", "bench")}
	if err := os.RemoveAll(b.dir); err != nil {
		return err
	}
	fmt.Fprintln(out, "Building the provider and the echo …")
	size, err := b.install(ctx, root)
	if err != nil {
		return err
	}
	server, err := emulator.New(emulator.Options{GatewayLimit: -1})
	if err != nil {
		return err
	}
	listener := httptest.NewServer(server)
	defer listener.Close()
	b.url = listener.URL

	fmt.Fprintf(out, "Creating %d gateways and %d routes, with the echo too …\n", objects, objects)
	comparisons, err := b.comparisons(ctx, objects)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Running each plan %d times, and once before, in turns: floor, echo, ours …\n", runs)
	start := time.Now()
	rows := make([]row, 0, len(comparisons))
	for _, comparison := range comparisons {
		// The emulator's request log would grow with every run.
		server.ResetRequests()
		r, err := comparison.measure(ctx, runs)
		if err != nil {
			return fmt.Errorf("%s: %w", comparison.name, err)
		}
		rows = append(rows, r)
	}
	took := time.Since(start)
	fmt.Fprintf(out, "Applying %d gateways at parallelism %d, for the memory …\n", memoryObjects, memoryParallelism)
	memory, err := b.memory(ctx)
	if err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	fmt.Fprintf(out, "\n%s on %s/%s with %d CPUs; %d rounds in %s.\n\n",
		c, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runs, took.Round(time.Second))
	return report(out, rows, memory, size)
}

// install builds both providers as a release does, lays them out as a mirror,
// writes the CLI configuration that names the mirror and the schema that the
// echo reads, and returns the size of our binary.
func (b *bench) install(ctx context.Context, root string) (size int64, err error) {
	mirror := filepath.Join(b.dir, "mirror")
	for _, p := range []struct{ pkg, address string }{
		{"./internal/acctest/cmd/bench/echo", echoAddress},
		{".", provider.Address},
	} {
		binary := filepath.Join(b.dir, "bin", filepath.Base(p.address))
		if runtime.GOOS == "windows" {
			binary += ".exe"
		}
		build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", binary, p.pkg)
		build.Dir = root
		if output, err := build.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("go build %s: %w\n%s", p.pkg, err, output)
		}
		if err := cli.InstallProvider(mirror, binary, p.address, version); err != nil {
			return 0, err
		}
		info, err := os.Stat(binary)
		if err != nil {
			return 0, err
		}
		size = info.Size() // the last one is ours
	}
	if err := schemafile.Write(ctx, b.schema(), providerserver.NewProtocol6(provider.New(version)())()); err != nil {
		return 0, err
	}
	return size, cli.WriteConfig(b.config(), mirror)
}
