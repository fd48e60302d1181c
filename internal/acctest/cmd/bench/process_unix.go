//go:build unix

package main

import (
	"os"
	"os/exec"
)

// interrupt asks the process to end.
func interrupt(cmd *exec.Cmd) error { return cmd.Process.Signal(os.Interrupt) }
