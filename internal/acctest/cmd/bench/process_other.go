//go:build !unix

package main

import "os/exec"

// interrupt ends the process at once where it cannot be asked to end.
func interrupt(cmd *exec.Cmd) error { return cmd.Process.Kill() }
