//go:build unix

package torture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const (
	stateFile   = "terraform.tfstate"
	importsFile = "imports.tf"
	// endLimit is how long the processes of a run may take to end once the CLI
	// has ended.
	endLimit = 90 * time.Second
)

// A workspace is a directory in which the CLI runs. Each round has an account of
// its own.
type workspace struct {
	cli.Workspace
	config  string // the CLI's configuration file
	url     string // of the service
	account string
	size    int
}

// reset empties the workspace for a round.
func (w *workspace) reset(round int) error {
	w.setAccount(fmt.Sprintf("%032x", round+1))
	for _, pattern := range []string{stateFile, stateFile + ".*", "." + stateFile + ".*", "errored.tfstate", importsFile} {
		files, err := filepath.Glob(filepath.Join(w.Dir, pattern))
		if err != nil {
			return err
		}
		for _, file := range files {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	return nil
}

// setAccount lets the CLI work in an account.
func (w *workspace) setAccount(id string) {
	w.account = id
	w.Env = cli.Env(w.config,
		"CLOUDFLARE_API_TOKEN="+emulator.DefaultToken,
		"CLOUDFLARE_ACCOUNT_ID="+id,
		"CLOUDFLARE_BASE_URL="+w.url+"/client/v4",
		"AIGATEWAY_GATEWAY_BASE_URL="+w.url+"/v1",
	)
}

// apply returns the arguments that apply or destroy a generation.
func (w *workspace) apply(generation int, destroy bool) []string {
	args := append([]string{"apply", "-auto-approve"}, w.variables(generation)...)
	if destroy {
		args = append(args, "-destroy")
	}
	return args
}

// plan returns the arguments of a plan that fails if there is anything to do.
func (w *workspace) plan(generation int) []string {
	return append([]string{"plan", "-detailed-exitcode"}, w.variables(generation)...)
}

func (w *workspace) variables(generation int) []string {
	return []string{fmt.Sprintf("-var=size=%d", w.size), fmt.Sprintf("-var=generation=%d", generation)}
}

// A result is what came of one run of the CLI.
type result struct {
	output string
	failed bool
}

// run runs the CLI and returns when all processes that it started have ended. It
// calls started with the number of its process. [cli.Workspace.Run] does not wait
// for providers that an interruption leaves behind.
func (w *workspace) run(ctx context.Context, started func(cli int), args ...string) (result, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return result{}, err
	}
	defer reader.Close()
	var out bytes.Buffer
	cmd := w.Command(ctx, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	// The provider inherits stdin: the pipe ends with the last of the processes.
	cmd.Stdin = writer
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// The CLI may not be there any more to end its providers.
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if err := cmd.Start(); err != nil {
		return result{}, errors.Join(err, writer.Close())
	}
	_ = writer.Close()
	started(cmd.Process.Pid)
	err = cmd.Wait()
	var exit *exec.ExitError
	if ctx.Err() != nil {
		return result{}, context.Cause(ctx)
	}
	if err != nil && !errors.As(err, &exit) {
		return result{}, err
	}
	if err := reader.SetReadDeadline(time.Now().Add(endLimit)); err != nil {
		return result{}, err
	}
	if _, err := io.Copy(io.Discard, reader); err != nil {
		return result{}, fmt.Errorf("a provider runs on without its CLI: %w", err)
	}
	return result{out.String(), err != nil}, nil
}

// must runs the CLI for what has to succeed.
func (w *workspace) must(ctx context.Context, args ...string) error {
	_, _, err := w.Run(ctx, args...)
	return err
}
