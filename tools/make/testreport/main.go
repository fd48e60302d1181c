// Command testreport runs `go test -json` commands, one after the other, and
// reports on all of them together: a line for each package, the output of what
// failed, every skipped test with its reason, and as the last line how many
// tests passed, failed and were skipped. It fails if anything failed, and also
// if no test ran at all.
//
//	testreport go test -json ./a/... ::: go test -json -race ./b/...
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// separator stands between two commands.
const separator = ":::"

func main() {
	// The commands get the signals too, end by themselves, and are reported on.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM)

	r := newReport(os.Stdout)
	for _, command := range split(os.Args[1:]) {
		if err := run(r, command); err != nil {
			r.note(fmt.Sprintf("%q: %v", command, err))
		}
	}
	r.close()
	if !r.ok() {
		os.Exit(1)
	}
}

// split cuts the arguments into commands; empty ones are left out.
func split(args []string) (commands [][]string) {
	var command []string
	for _, arg := range append(args, separator) {
		if arg != separator {
			command = append(command, arg)
			continue
		}
		if len(command) > 0 {
			commands = append(commands, command)
		}
		command = nil
	}
	return commands
}

// run feeds what the command prints to the report. A failing command is an
// error only if the report shows no failure that explains it.
func run(r *report, command []string) error {
	before := r.failures()
	cmd := exec.CommandContext(context.Background(), command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	readErr := read(r, out)
	err = cmd.Wait()
	if readErr != nil {
		return readErr
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && r.failures() > before {
		return nil
	}
	return err
}

// read hands the command's lines to the report, however long they are.
func read(r *report, out io.Reader) error {
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			r.line(line)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
