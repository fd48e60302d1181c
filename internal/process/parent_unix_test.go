//go:build unix

package process

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// envRole tells the test binary to play a process instead of running tests.
const envRole = "AIGATEWAY_TEST_PROCESS"

func TestMain(m *testing.M) {
	switch os.Getenv(envRole) {
	case "":
		os.Exit(m.Run())
	case "cli":
		playCLI()
	case "provider":
		playProvider()
	}
}

// playCLI starts the provider and waits.
func playCLI() {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envRole+"=provider")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Println("the provider:", err)
	}
}

// playProvider sends itself the signals that a group receives, and then waits
// until its parent is gone. Its stdin is where it reports.
func playProvider() {
	ignoreSignals()
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE} {
		if err := syscall.Kill(os.Getpid(), s); err != nil {
			fmt.Println(err)
		}
	}
	go func() {
		waitForParent()
		// Nobody reads stdout any more: without a handler of SIGPIPE, this is the end.
		_, err := fmt.Println("still logging")
		fmt.Fprintln(os.Stdin, "orphaned,", errors.Is(err, syscall.EPIPE))
		os.Exit(0)
	}()
	fmt.Println("serving")
	select {}
}

// A provider outlives the signals of its group and its CLI, and notices that the
// CLI is gone.
func TestOrphan(t *testing.T) {
	report, reports, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer report.Close()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), envRole+"=cli")
	cmd.Stdin = reports
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = reports.Close()
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || line != "serving\n" {
		t.Fatalf("the provider says %q, %v", line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = stdout.Close()
	_ = cmd.Wait() // it was killed
	content, err := io.ReadAll(report)
	if got := strings.TrimSpace(string(content)); err != nil || got != "orphaned, true" {
		t.Errorf("the provider reports %q, %v", got, err)
	}
}

func TestWaitForChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, original := range []int{1, 4711} {
			start := time.Now()
			parent := func() int {
				if time.Since(start) < 90*time.Second {
					return original
				}
				return 17 // of a process that takes over orphans
			}
			waitForChange(parent, time.Second)
			if took := time.Since(start); took != 90*time.Second {
				t.Errorf("the parent %d was gone after 90 seconds, and this took %s", original, took)
			}
		}
	})
}
