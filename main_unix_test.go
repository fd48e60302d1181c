//go:build unix

package main_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

// A signal while a gateway is being created. The service has created it, and the
// response is on its way.
func TestAccSignals(t *testing.T) {
	for name, test := range map[string]struct {
		signal func(cli *exec.Cmd) error
		// known is whether state must have the gateway.
		known bool
	}{
		"SIGTERM to the group": {func(cli *exec.Cmd) error { return syscall.Kill(-cli.Process.Pid, syscall.SIGTERM) }, true},
		"SIGINT to the group":  {func(cli *exec.Cmd) error { return syscall.Kill(-cli.Process.Pid, syscall.SIGINT) }, true},
		"SIGKILL to the CLI":   {func(cli *exec.Cmd) error { return cli.Process.Kill() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := acctest.Acceptance(t)
			acctest.RequireEmulator(t)
			created := holdCreation(t, service)
			w := service.NewWorkspace(t)
			w.Write("main.tf", "resource \"aigateway_gateway\" \"main\" {\n  name = \"main\"\n}\n")
			w.Run("init", "-no-color")

			var out bytes.Buffer
			cmd := w.Command("apply", "-auto-approve", "-no-color")
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			cmd.Stdout, cmd.Stderr = &out, &out
			ended := watchProcesses(t, cmd)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			<-created
			if err := test.signal(cmd); err != nil {
				t.Error(err)
			}
			_ = cmd.Wait() // by a signal, or with an error that says so
			ended()

			if _, exists := service.Emulator.Gateway(service.AccountID, "main"); !exists {
				t.Fatal("the service has no gateway, so this test checks nothing")
			}
			_, listed := w.Try("state", "list")
			if known := strings.Contains(listed, "aigateway_gateway.main"); known != test.known {
				t.Errorf("the gateway is in state: %v\n%s", known, out.String())
			}
			if test.known {
				w.Run("apply", "-auto-approve", "-no-color")
				w.RequireEmptyPlan()
			}
		})
	}
}

// holdCreation puts itself between the provider and the service. It holds the
// response to the first creation of a gateway until the provider gives up. The
// channel is closed when the service has created the gateway.
func holdCreation(t *testing.T, service *acctest.Service) <-chan struct{} {
	t.Helper()
	created := make(chan struct{})
	var once sync.Once
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			service.Emulator.ServeHTTP(w, r)
			return
		}
		once.Do(func() {
			service.Emulator.ServeHTTP(httptest.NewRecorder(), r)
			close(created)
			<-r.Context().Done()
		})
	}))
	t.Cleanup(server.Close)
	service.BaseURL = server.URL + "/client/v4"
	return created
}

// watchProcesses returns a function that waits for the end of a command and of
// all that it started: they inherit stdin, and one that has ended has closed it.
func watchProcesses(t *testing.T, cmd *exec.Cmd) (ended func()) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Close() })
	cmd.Stdin = writer
	return func() {
		t.Helper()
		_ = writer.Close()
		// A limit, so that a provider that stays fails the test instead of holding it up.
		if err := reader.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, reader); err != nil {
			t.Errorf("a process did not end: %v", err)
		}
	}
}
