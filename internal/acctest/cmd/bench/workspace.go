package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A workspace is a directory in which the CLI runs. Each has an account of its
// own, so that no workspace finds the objects of another.
type workspace struct{ cli.Workspace }

// workspace creates a directory with a configuration and has the CLI initialize it.
func (b *bench) workspace(ctx context.Context, name, config string) (workspace, error) {
	b.workspaces++
	w := workspace{cli.Workspace{CLI: b.cli, Dir: filepath.Join(b.dir, name), Env: cli.Env(b.config(),
		"CLOUDFLARE_API_TOKEN="+emulator.DefaultToken,
		fmt.Sprintf("CLOUDFLARE_ACCOUNT_ID=%032x", b.workspaces),
		"CLOUDFLARE_BASE_URL="+b.url+"/client/v4",
		"AIGATEWAY_GATEWAY_BASE_URL="+b.url+"/v1",
		"AIGATEWAY_ECHO_SCHEMA="+b.schema(),
	)}}
	if err := w.Write("main.tf", config); err != nil {
		return w, err
	}
	_, err := w.run("init")(ctx)
	return w, err
}

// run returns a measurement of one command of the CLI.
func (w workspace) run(args ...string) measurement {
	return func(ctx context.Context) (sample, error) {
		start := time.Now()
		_, state, err := w.Run(ctx, args...)
		if err != nil {
			return sample{}, err
		}
		// The CPU time includes that of the provider, for which the CLI waits.
		return sample{wall: time.Since(start), cpu: state.UserTime() + state.SystemTime()}, nil
	}
}
