package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// bench is what all measurements share.
type bench struct {
	cli    cli.CLI
	dir    string // workspaces are made below it
	config string // the CLI's configuration file
	server *emulator.Server
	url    string // where the emulator listens
}

// pair is two commands that are compared. Each may have something to do before
// it that does not count.
type pair struct {
	name          string
	base, subject func(context.Context) (sample, error)
	before        func(context.Context) error
	aim           float64 // the ratio to keep to; 0 is none
}

// measure runs both in turns, so that a machine that becomes slower or faster
// does so for both. The first turn fills the caches and does not count.
func (p pair) measure(ctx context.Context, runs int) (row, error) {
	r := row{name: p.name, aim: p.aim}
	for i := range runs + 1 {
		if p.before != nil {
			if err := p.before(ctx); err != nil {
				return row{}, err
			}
		}
		base, err := p.base(ctx)
		if err != nil {
			return row{}, err
		}
		subject, err := p.subject(ctx)
		if err != nil {
			return row{}, err
		}
		if i > 0 {
			r.base, r.subject = append(r.base, base), append(r.subject, subject)
		}
	}
	return r, nil
}

// pairs prepares the workspaces and returns what is to be measured, in the
// order in which it has to be: the last plan finds what the last apply made.
func (b *bench) pairs(ctx context.Context) ([]pair, error) {
	empty, err := b.workspace(ctx, "empty", requires(emptyAddress))
	if err != nil {
		return nil, err
	}
	pairs := []pair{}
	for _, n := range []int{1, many} {
		floor, err := b.workspace(ctx, fmt.Sprintf("floor-%d", n), floorConfig(n))
		if err != nil {
			return nil, err
		}
		ours, err := b.workspace(ctx, fmt.Sprintf("gateways-%d", n), requires(provider.Address)+gatewayConfig(n))
		if err != nil {
			return nil, err
		}
		if n == 1 {
			pairs = append(pairs, pair{
				name: "providers schema", aim: schemaAim,
				base: empty.command("providers", "schema", "-json"), subject: ours.command("providers", "schema", "-json"),
			})
		}
		count := "1 gateway"
		plan := pair{base: floor.command("plan"), subject: ours.command("plan")}
		if n > 1 {
			count, plan.aim = fmt.Sprintf("%d gateways", n), planAim
		}
		apply := pair{
			name: "apply of " + count,
			base: floor.command("apply", "-auto-approve"), subject: ours.command("apply", "-auto-approve"),
			before: func(context.Context) error { return errors.Join(floor.forget(), ours.forget()) },
		}
		plan.name = "plan of " + count
		pairs = append(pairs, plan, apply)
		if n > 1 {
			plan.name, plan.aim = fmt.Sprintf("plan with %d there", n), 0
			plan.before = func(context.Context) error { return b.there(n) }
			pairs = append(pairs, plan)
		}
	}
	return pairs, nil
}

// there makes sure that the plan that is to find gateways will find them.
func (b *bench) there(n int) error {
	if got := len(b.server.GatewayIDs(account)); got != n {
		return fmt.Errorf("the emulator has %d gateways, want %d", got, n)
	}
	return nil
}

// requires is the block by which a configuration requires a provider.
func requires(address string) string {
	_, source, _ := strings.Cut(address, "/")
	return fmt.Sprintf("terraform {\n  required_providers {\n    %s = { source = %q }\n  }\n}\n", filepath.Base(source), source)
}

// floorConfig is n resources that the CLI has built in.
func floorConfig(n int) string {
	return fmt.Sprintf("resource \"terraform_data\" \"all\" {\n  count = %d\n  input = \"bench-${count.index}\"\n}\n", n)
}

// gatewayConfig is n gateways with some settings.
func gatewayConfig(n int) string {
	return fmt.Sprintf(`resource "aigateway_gateway" "all" {
  count = %d
  name  = "bench-${count.index}"

  cache_ttl               = 300
  rate_limiting_limit     = 100
  rate_limiting_interval  = 60
  rate_limiting_technique = "sliding"
}
`, n)
}

// workspace is a folder in which the CLI runs.
type workspace struct {
	bench *bench
	dir   string
}

// workspace makes a folder with a configuration and has the CLI initialize it.
func (b *bench) workspace(ctx context.Context, name, config string) (workspace, error) {
	w := workspace{b, filepath.Join(b.dir, name)}
	if err := os.MkdirAll(w.dir, 0o750); err != nil {
		return w, err
	}
	if err := os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(config), 0o600); err != nil {
		return w, err
	}
	_, err := w.command("init")(ctx)
	return w, err
}

// command returns a function that runs the CLI once.
func (w workspace) command(args ...string) func(context.Context) (sample, error) {
	if args[0] != "providers" {
		args = append(args, "-no-color")
	}
	return func(ctx context.Context) (sample, error) {
		var out bytes.Buffer
		cmd := exec.CommandContext(ctx, w.bench.cli.Path, args...)
		cmd.Dir = w.dir
		cmd.Env = cli.Env(w.bench.config,
			"CLOUDFLARE_API_TOKEN="+emulator.DefaultToken,
			"CLOUDFLARE_ACCOUNT_ID="+account,
			"CLOUDFLARE_BASE_URL="+w.bench.url+"/client/v4",
			"AIGATEWAY_GATEWAY_BASE_URL="+w.bench.url+"/v1",
		)
		cmd.Stdout, cmd.Stderr = &out, &out
		// Asked to end, it ends its provider too.
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
		return sample{
			took: took, memory: peakMemory(cmd.ProcessState),
			cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), // its provider's too
		}, nil
	}
}

// forget makes the workspace as it was before its first apply: without state,
// and the emulator without gateways.
func (w workspace) forget() error {
	server := w.bench.server
	for _, id := range server.GatewayIDs(account) {
		server.DeleteGateway(account, id)
	}
	// The request log of the emulator would grow with every run.
	server.ResetRequests()
	for _, name := range []string{"terraform.tfstate", "terraform.tfstate.backup"} {
		if err := os.Remove(filepath.Join(w.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
