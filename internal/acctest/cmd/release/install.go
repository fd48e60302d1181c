package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/release"
)

// install runs the demo with the archives of this platform: each CLI installs the
// provider from a mirror, applies the demo against the emulator of the release, plans
// nothing, tests and destroys. No registry is asked.
func install(ctx context.Context, out io.Writer, r release.Release) error {
	work := filepath.Join(r.Root, ".cache", "release")
	platform := release.Platform{OS: runtime.GOOS, Arch: runtime.GOARCH}
	emulator, err := release.Extract(r.EmulatorArchive(platform), filepath.Join(work, "emulator"))
	if err != nil {
		return err
	}
	version, err := exec.CommandContext(ctx, emulator, "-version").Output()
	if err != nil {
		return fmt.Errorf("%s -version: %w", emulator, err)
	}
	if !strings.Contains(string(version), r.Version) {
		return fmt.Errorf("the emulator of version %s calls itself %s", r.Version, version)
	}
	demo := filepath.Join(work, "bin", "demo")
	if err := command(ctx, r.Root, nil, out, "go", "build", "-o", demo, "./internal/acctest/cmd/demo"); err != nil {
		return err
	}
	for _, find := range []func(context.Context, io.Writer) (cli.CLI, error){terraform, tofu} {
		c, err := find(ctx, out)
		if err != nil {
			return err
		}
		env := []string{cli.EnvPath + "=" + c.Path}
		fmt.Fprintf(out, "\nInstalling the release with %s.\n", c)
		if err := command(ctx, r.Root, env, out, demo, "-provider", r.ProviderArchive(platform), "-emulator", emulator); err != nil {
			return err
		}
	}
	return nil
}

// terraform returns the Terraform that the tests use, or builds one.
func terraform(ctx context.Context, log io.Writer) (cli.CLI, error) {
	if found, err := cli.Find(ctx); err == nil && found.Kind == cli.Terraform {
		return found, nil
	}
	return cli.TerraformSource.Build(ctx, log)
}

// tofu returns the OpenTofu on PATH, or builds one.
func tofu(ctx context.Context, log io.Writer) (cli.CLI, error) {
	if path, err := exec.LookPath("tofu"); err == nil {
		return cli.Inspect(ctx, path)
	}
	return cli.TofuSource.Build(ctx, log)
}

// command runs a program in dir with extra settings in its environment.
func command(ctx context.Context, dir string, env []string, out io.Writer, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Cancel = func() error { return cli.Interrupt(cmd) }
	cmd.WaitDelay = time.Minute
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", filepath.Base(name), strings.Join(args, " "), err)
	}
	return nil
}
