//go:build !unix

package cli

import "os/exec"

// Interrupt ends a process at once where it cannot be asked to end.
func Interrupt(cmd *exec.Cmd) error { return cmd.Process.Kill() }
