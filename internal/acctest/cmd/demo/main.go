// Command demo shows the provider at work without an account. It builds the
// provider and the emulator, and runs init, apply, plan, test and destroy of
// examples/demo with a real CLI against the emulator. It ends with a summary of
// what it has verified.
//
// With -provider and -emulator, it runs programs of a release instead of building them.
//
// It writes to .cache/demo only, and ignores credentials and settings in the
// environment. With -record FILE it also draws its output, for the README.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

func main() {
	recording := flag.String("record", "", "`file` for an animated picture of the output")
	archive := flag.String("provider", "", "use this release `archive` of the provider, terraform-provider-NAME_VERSION_OS_ARCH.zip")
	emulator := flag.String("emulator", "", "use this `program` as the emulator")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	var output bytes.Buffer
	err := run(ctx, io.MultiWriter(os.Stdout, &output), *archive, *emulator)
	stop()
	if err == nil && *recording != "" {
		err = os.WriteFile(*recording, record(output.String()), 0o644)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "\nThe demo failed: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, archive, emulator string) error {
	c, err := cli.FindOrBuild(ctx, out)
	if err != nil {
		return err
	}
	root, err := cli.ModuleRoot()
	if err != nil {
		return err
	}
	dir := filepath.Join(root, ".cache", "demo")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	var d *demo
	if archive != "" || emulator != "" {
		d, err = released(root, dir, archive, emulator)
	} else {
		fmt.Fprintln(out, "Building the provider and the emulator …")
		d, err = prepare(ctx, root, dir)
	}
	if err != nil {
		return err
	}
	d.out, d.cli = out, c
	return d.run(ctx)
}

// prepare builds the binaries into dir, the directory of the demo.
func prepare(ctx context.Context, root, dir string) (*demo, error) {
	d := unprepared(root, dir)
	for pkg, binary := range map[string]*string{
		".": &d.provider,
		"./internal/emulator/cmd/aigateway-emulator": &d.emulator,
	} {
		var err error
		if *binary, err = build(ctx, root, filepath.Join(dir, "bin"), pkg); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// released returns the demo of programs of a release.
func released(root, dir, archive, emulator string) (*demo, error) {
	parts := strings.Split(filepath.Base(archive), "_")
	if len(parts) != 4 || filepath.Ext(archive) != ".zip" || emulator == "" {
		return nil, errors.New("-provider must name an archive of a release, and -emulator a program")
	}
	d := unprepared(root, dir)
	d.provider, d.version, d.emulator = archive, parts[1], emulator
	return d, nil
}

func unprepared(root, dir string) *demo {
	return &demo{dir: dir, example: filepath.Join(root, "examples", "demo"), address: provider.Address, version: version}
}

// build compiles a command of this module and returns its path.
func build(ctx context.Context, root, dir, pkg string) (string, error) {
	name := "terraform-provider"
	if pkg != "." {
		name = filepath.Base(pkg)
	}
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	binary := filepath.Join(dir, name)
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", binary, pkg)
	cmd.Dir = root
	output, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build %s: %w\n%s", pkg, err, output)
	}
	return binary, nil
}
