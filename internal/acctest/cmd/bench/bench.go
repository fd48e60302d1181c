package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/memory"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// A bench holds what all measurements share.
type bench struct {
	cli        cli.CLI
	dir        string // workspaces are made below it
	url        string // where the emulator listens
	workspaces int
}

// config returns the path of the CLI's configuration file.
func (b *bench) config() string { return filepath.Join(b.dir, "cli.tfrc") }

// schema returns the path of the file from which the echo reads its schema.
func (b *bench) schema() string { return filepath.Join(b.dir, "schema.json") }

// A measurement runs a command once.
type measurement func(context.Context) (sample, error)

// A comparison is one row of the report.
type comparison struct {
	name             string
	floor, echo, our measurement
}

// measure runs the three in turns, so that a machine that becomes slower or
// faster does so for all. The first round fills caches and does not count.
func (c comparison) measure(ctx context.Context, runs int) (row, error) {
	r := row{name: c.name}
	for i := range runs + 1 {
		var round [3]sample
		for j, run := range []measurement{c.floor, c.echo, c.our} {
			var err error
			if round[j], err = run(ctx); err != nil {
				return row{}, err
			}
		}
		if i > 0 {
			r.floor, r.echo, r.ours = append(r.floor, round[0]), append(r.echo, round[1]), append(r.ours, round[2])
		}
	}
	return r, nil
}

// comparisons prepares the workspaces, half of them with objects that exist,
// and returns what is to be measured.
func (b *bench) comparisons(ctx context.Context, n int) ([]comparison, error) {
	var all []comparison
	for _, kind := range []struct{ name, config string }{
		{"gateways", gatewayConfig(n)},
		{"routes", routeConfig(n)},
	} {
		empty, err := b.three(ctx, kind.name+"-planned", n, kind.config)
		if err != nil {
			return nil, err
		}
		applied, err := b.three(ctx, kind.name+"-applied", n, kind.config)
		if err != nil {
			return nil, err
		}
		for _, w := range applied {
			if _, err := w.run("apply", "-auto-approve")(ctx); err != nil {
				return nil, err
			}
		}
		// With -detailed-exitcode, a plan that finds a change fails.
		for _, row := range []struct {
			name       string
			workspaces [3]workspace
			args       []string
		}{
			{"first plan", empty, []string{"plan"}},
			{"plan with all there", applied, []string{"plan", "-detailed-exitcode"}},
			{"the same, -refresh=false", applied, []string{"plan", "-detailed-exitcode", "-refresh=false"}},
		} {
			all = append(all, comparison{
				name:  fmt.Sprintf("%d %s: %s", n, kind.name, row.name),
				floor: row.workspaces[0].run(row.args...),
				echo:  row.workspaces[1].run(row.args...),
				our:   row.workspaces[2].run(row.args...),
			})
		}
	}
	return all, nil
}

// three returns workspaces for the floor, the echo and our provider.
func (b *bench) three(ctx context.Context, name string, n int, config string) (three [3]workspace, err error) {
	for i, w := range []struct{ name, config string }{
		{name + "-floor", floorConfig(n)},
		{name + "-echo", requires(echoAddress) + config},
		{name + "-ours", requires(provider.Address) + config},
	} {
		if three[i], err = b.workspace(ctx, w.name, w.config); err != nil {
			return three, err
		}
	}
	return three, nil
}

// memory applies and plans many gateways with the echo and with our provider
// and returns the peak memory of the two provider processes in bytes, 0 where
// the system does not say.
func (b *bench) memory(ctx context.Context) (p peaks, err error) {
	for _, m := range []struct {
		name, address string
		peak          *int64
	}{
		{"memory-echo", echoAddress, &p.echo},
		{"memory-ours", provider.Address, &p.ours},
	} {
		w, err := b.workspace(ctx, m.name, requires(m.address)+gatewayConfig(memoryObjects))
		if err != nil {
			return peaks{}, err
		}
		parallelism := "-parallelism=" + strconv.Itoa(memoryParallelism)
		stop := memory.Watch(b.dir)
		_, err = w.run("apply", "-auto-approve", parallelism)(ctx)
		if err == nil {
			_, err = w.run("plan", "-detailed-exitcode", parallelism)(ctx)
		}
		if *m.peak = stop(); err != nil {
			return peaks{}, err
		}
	}
	return p, nil
}
