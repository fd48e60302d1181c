//go:build unix

package main

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// peakMemory is the largest resident set, in bytes, that an ended process or
// one of the children that it waited for had; CLIs wait for their providers.
func peakMemory(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	unit := 1024 // Linux and the BSDs count kilobytes
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		unit = 1
	}
	return int64(usage.Maxrss) * int64(unit) //nolint:unconvert // it has 32 bits on some systems
}

// interrupt asks the process to end.
func interrupt(cmd *exec.Cmd) error { return cmd.Process.Signal(os.Interrupt) }
