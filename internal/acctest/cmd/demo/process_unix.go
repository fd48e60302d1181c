//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// detach puts the process into a group of its own, so that Ctrl-C at the
// terminal reaches this program alone, which then ends its children in order.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}
