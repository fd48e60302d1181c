package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// stopTimeout is how long a CLI that was interrupted may take to end.
const stopTimeout = 10 * time.Second

// A Workspace is a directory in which a CLI runs, outside of tests.
type Workspace struct {
	// CLI is the command that runs.
	CLI CLI
	// Dir is the directory.
	Dir string
	// Env is the environment of the CLI; see [Env].
	Env []string
}

// Write creates the directory, and a file in it.
func (w Workspace) Write(name, content string) error {
	if err := os.MkdirAll(w.Dir, 0o750); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.Dir, name), []byte(content), 0o600)
}

// Command returns the CLI with arguments. If ctx ends, it is interrupted, so that
// it ends its providers, too.
func (w Workspace) Command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, w.CLI.Path, append(args, "-no-color")...)
	cmd.Dir, cmd.Env = w.Dir, w.Env
	cmd.Cancel = func() error { return Interrupt(cmd) }
	cmd.WaitDelay = stopTimeout
	return cmd
}

// Run runs the CLI and returns what it printed. The error of a CLI that fails
// quotes it. The state of the process is nil if it did not start.
func (w Workspace) Run(ctx context.Context, args ...string) (string, *os.ProcessState, error) {
	var out bytes.Buffer
	cmd := w.Command(ctx, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return out.String(), cmd.ProcessState, errors.Join(context.Cause(ctx), err)
	case err != nil:
		err = fmt.Errorf("%s %s: %w%s", w.CLI.Kind, strings.Join(args, " "), err, indented(out.String()))
	}
	return out.String(), cmd.ProcessState, err
}
