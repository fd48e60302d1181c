//go:build !unix

package main

import "os/exec"

// detach does nothing where there are no process groups.
func detach(*exec.Cmd) {}

// interrupt ends the process at once where it cannot be asked to end.
func interrupt(cmd *exec.Cmd) error { return cmd.Process.Kill() }
