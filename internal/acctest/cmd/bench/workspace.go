package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A workspace is a folder in which the CLI runs. Each has an account of its own,
// so that no workspace finds the objects of another.
type workspace struct {
	bench   *bench
	dir     string
	account string
}

// workspace makes a folder with a configuration and has the CLI initialize it.
func (b *bench) workspace(ctx context.Context, name, config string) (workspace, error) {
	b.workspaces++
	w := workspace{b, filepath.Join(b.dir, name), fmt.Sprintf("%032x", b.workspaces)}
	if err := os.MkdirAll(w.dir, 0o750); err != nil {
		return w, err
	}
	if err := os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(config), 0o600); err != nil {
		return w, err
	}
	_, err := w.run("init")(ctx)
	return w, err
}

// run returns a measurement of one command of the CLI.
func (w workspace) run(args ...string) measurement {
	args = append(args, "-no-color")
	return func(ctx context.Context) (sample, error) {
		var out bytes.Buffer
		cmd := exec.CommandContext(ctx, w.bench.cli.Path, args...)
		cmd.Dir = w.dir
		cmd.Env = cli.Env(w.bench.config(),
			"CLOUDFLARE_API_TOKEN="+emulator.DefaultToken,
			"CLOUDFLARE_ACCOUNT_ID="+w.account,
			"CLOUDFLARE_BASE_URL="+w.bench.url+"/client/v4",
			"AIGATEWAY_GATEWAY_BASE_URL="+w.bench.url+"/v1",
			"AIGATEWAY_ECHO_SCHEMA="+w.bench.schema(),
		)
		cmd.Stdout, cmd.Stderr = &out, &out
		// An interrupted CLI ends its provider too.
		cmd.Cancel = func() error { return interrupt(cmd) }
		cmd.WaitDelay = 10 * time.Second
		start := time.Now()
		err := cmd.Run()
		took := time.Since(start)
		if ctx.Err() != nil {
			return sample{}, context.Cause(ctx)
		}
		if err != nil {
			return sample{}, fmt.Errorf("%s %s: %w\n%s", w.bench.cli.Kind, strings.Join(args, " "), err, out.String())
		}
		// The CPU time includes that of the provider, for which the CLI waits.
		return sample{wall: took, cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, nil
	}
}
