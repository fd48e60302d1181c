//go:build !unix

package main

import (
	"os"
	"os/exec"
)

// peakMemory is 0, for unknown, where there is no rusage.
func peakMemory(*os.ProcessState) int64 { return 0 }

// interrupt ends the process at once where it cannot be asked to end.
func interrupt(cmd *exec.Cmd) error { return cmd.Process.Kill() }
