package main

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// TestStaticBinary runs the command as the image does: alone in an empty file system, by a
// user who may do nothing.
func TestStaticBinary(t *testing.T) {
	binary := buildStatic(t)
	file, err := elf.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if slices.ContainsFunc(file.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		t.Error("the binary needs a dynamic linker, which the image does not have")
	}
	if os.Getuid() != 0 {
		t.Skip("skipped: only root may change the root of the file system")
	}
	if err := os.Chmod(filepath.Dir(binary), 0o755); err != nil { // for the other user
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/aigateway-emulator", "-version")
	cmd.Path, cmd.Dir, cmd.Env = "/aigateway-emulator", "/", []string{}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: filepath.Dir(binary), Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "aigateway-emulator 1.2.3\n" {
		t.Errorf("the binary prints %q: %v", out, err)
	}
}
