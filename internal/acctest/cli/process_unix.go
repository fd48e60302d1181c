//go:build unix

package cli

import (
	"os"
	"os/exec"
)

// Interrupt asks a process to end.
func Interrupt(cmd *exec.Cmd) error { return cmd.Process.Signal(os.Interrupt) }
