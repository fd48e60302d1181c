//go:build unix

package torture

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// secondSignal is how long after the first signal the second one comes.
const secondSignal = 50 * time.Millisecond

// A Kind is a way to interrupt a run.
type Kind struct {
	// Name is the signals and the target, such as "SIGTERM to the group".
	Name string

	signal syscall.Signal
	twice  bool
	target target
}

// target returns the processes that receive a signal, as the numbers that kill
// takes.
type target func(ctx context.Context, cli int) ([]int, error)

// Kinds returns all kinds.
func Kinds() []Kind {
	var all []Kind
	for _, s := range []struct {
		name   string
		signal syscall.Signal
		twice  bool
	}{
		{"SIGINT", syscall.SIGINT, false},
		{"SIGINT twice", syscall.SIGINT, true},
		{"SIGTERM", syscall.SIGTERM, false},
		{"SIGKILL", syscall.SIGKILL, false},
	} {
		for _, t := range []struct {
			name   string
			target target
		}{
			{"the CLI", func(_ context.Context, cli int) ([]int, error) { return []int{cli}, nil }},
			{"the provider", children},
			// The CLI leads a group of its own.
			{"the group", func(_ context.Context, cli int) ([]int, error) { return []int{-cli}, nil }},
		} {
			all = append(all, Kind{s.name + " to " + t.name, s.signal, s.twice, t.target})
		}
	}
	return all
}

// send interrupts a running CLI. It returns when the first signal is sent.
func (k Kind) send(ctx context.Context, cli int) error {
	processes, err := k.target(ctx, cli)
	if err != nil {
		return err
	}
	if len(processes) == 0 {
		return fmt.Errorf("%s: there is none", k.Name)
	}
	kill := func() (err error) {
		for _, process := range processes {
			err = syscall.Kill(process, k.signal)
		}
		return err
	}
	if err := kill(); err != nil {
		return fmt.Errorf("%s: %w", k.Name, err)
	}
	if k.twice {
		// The process may have ended by then.
		time.AfterFunc(secondSignal, func() { _ = kill() })
	}
	return nil
}

// children returns the processes that a process has started.
func children(ctx context.Context, process int) ([]int, error) {
	out, err := exec.CommandContext(ctx, "ps", "-A", "-o", "pid=,ppid=").Output()
	if err != nil {
		return nil, fmt.Errorf("ps: %w", err)
	}
	var found []int
	for line := range bytes.Lines(out) {
		fields := bytes.Fields(line)
		if len(fields) != 2 || string(fields[1]) != strconv.Itoa(process) {
			continue
		}
		child, err := strconv.Atoi(string(fields[0]))
		if err != nil {
			return nil, fmt.Errorf("ps: %w", err)
		}
		found = append(found, child)
	}
	return found, nil
}
