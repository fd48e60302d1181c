//go:build unix

// Package torture interrupts runs of a CLI at random requests, in all ways, and
// checks that applying again is enough to go on: nothing is lost, nothing is
// there twice, and what is outside state is named.
package torture

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// Options say what to run.
type Options struct {
	CLI cli.CLI
	// Mirror is where the provider is installed from, and Dir where the CLI runs.
	Mirror, Dir string
	// Rounds is how many runs are interrupted. Seed decides at which requests.
	Rounds int
	Seed   uint64
	// Size is how many objects of each type there are.
	Size int
	// Kinds are the ways to interrupt, in turns.
	Kinds []Kind
	// Log receives a line for each round.
	Log io.Writer
}

// An operation is a run that is interrupted.
type operation struct {
	name string
	// from is the generation that is there before, and to the one that is
	// applied. 0 means none.
	from, to int
}

var operations = []operation{{"create", 0, 1}, {"update", 1, 2}, {"destroy", 1, 0}}

// A torturer runs rounds.
type torturer struct {
	Options
	workspace *workspace
	server    *emulator.Server
	front     *front
	random    *rand.Rand
	// requests are how many requests each operation takes.
	requests map[string]int
}

// Run interrupts runs and returns what came of it. The error is that of
// something that could not run.
func Run(ctx context.Context, options Options) (*Report, error) {
	server, err := emulator.New(emulator.Options{GatewayLimit: -1, SecretDelay: -1})
	if err != nil {
		return nil, err
	}
	front := &front{service: server}
	listener := httptest.NewServer(front)
	defer listener.Close()

	config := filepath.Join(options.Dir, "cli.tfrc")
	w := &workspace{
		Workspace: cli.Workspace{CLI: options.CLI, Dir: filepath.Join(options.Dir, "workspace")},
		config:    config, url: listener.URL, size: options.Size,
	}
	if err := w.Write("main.tf", Config()); err != nil {
		return nil, err
	}
	if err := cli.WriteConfig(config, options.Mirror); err != nil {
		return nil, err
	}
	if err := w.reset(0); err != nil {
		return nil, err
	}
	t := &torturer{
		Options: options, workspace: w, server: server, front: front, requests: map[string]int{},
		random: rand.New(rand.NewPCG(options.Seed, 0)),
	}
	if err := w.must(ctx, "init"); err != nil {
		return nil, err
	}
	if err := t.countRequests(ctx); err != nil {
		return nil, err
	}
	report := &Report{}
	for i := range options.Rounds {
		kind := options.Kinds[i%len(options.Kinds)]
		op := operations[(i+i/len(options.Kinds))%len(operations)]
		if err := t.round(ctx, report, i+1, kind, op); err != nil {
			return report, fmt.Errorf("round %d, %s, %s: %w", i+1, op.name, kind.Name, err)
		}
		server.ResetRequests()
	}
	return report, nil
}

// countRequests runs each operation without an interruption.
func (t *torturer) countRequests(ctx context.Context) error {
	for _, op := range operations {
		t.front.arm(0, false, nil)
		if err := t.workspace.must(ctx, t.apply(op)...); err != nil {
			return err
		}
		t.requests[op.name], _ = t.front.disarm()
	}
	return nil
}

// apply returns the arguments of an operation.
func (t *torturer) apply(op operation) []string {
	return t.workspace.apply(max(op.from, op.to), op.to == 0)
}

// round interrupts an operation at a random request and recovers.
func (t *torturer) round(ctx context.Context, report *Report, number int, kind Kind, op operation) error {
	w := t.workspace
	if err := w.reset(number); err != nil {
		return err
	}
	if op.from > 0 {
		if err := w.must(ctx, w.apply(op.from, false)...); err != nil {
			return err
		}
	}
	at, carryOut := 1+t.random.IntN(t.requests[op.name]), t.random.IntN(2) == 0
	pid, sent := make(chan int, 1), make(chan error, 1)
	t.front.arm(at, carryOut, func() { sent <- kind.send(ctx, <-pid) })
	if _, err := w.run(ctx, func(cli int) { pid <- cli }, t.apply(op)...); err != nil {
		return err
	}
	_, interrupted := t.front.disarm()
	if interrupted {
		if err := <-sent; err != nil {
			return err
		}
	}
	damaged, err := w.repairState()
	if err != nil {
		return err
	}
	r, err := w.recover(ctx, t.server, max(op.from, op.to), op.to == 0)
	if err != nil {
		return err
	}
	report.add(kind.Name, interrupted, damaged, r)
	fmt.Fprintf(t.Log, "%3d  %-7s  %-28s  request %3d of %3d  applies %d  named %d  lost %d\n",
		number, op.name, kind.Name, at, t.requests[op.name], r.applies, len(r.named), len(r.lost))
	if r.problem != "" || len(r.lost) > 0 {
		fmt.Fprintf(t.Log, "     lost: %q\n%s\n", r.lost, r.problem)
	}
	return nil
}
