// Killing a whole group of processes is a matter of Unix.
//go:build unix

package gateway_test

import (
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestAccGateway_killed kills the CLI and the provider in the middle of a
// creation, which nobody can take back. The next apply works, or quotes the
// import block that makes the one after it work.
func TestAccGateway_killed(t *testing.T) {
	t.Parallel()
	// The emulator waits before it does what it was asked, and not at all if
	// the client leaves meanwhile: killed there, the request did not happen.
	for name, method := range map[string]string{
		"before the first request is done":  http.MethodPost,
		"before the second request is done": http.MethodPut,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.RequireCLI(t)
			service := acctest.Emulate(t, emulator.Options{})
			w := service.NewWorkspace(t)
			w.Write("main.tf", `
resource "aigateway_gateway" "test" {
  name       = "demo"
  guardrails = { prompt = { hate = "BLOCK" } }
}
`)
			w.Run("init", "-no-color")
			service.Emulator.Inject(emulator.Fault{Method: method, Delay: time.Minute})
			cmd := w.Command("apply", "-auto-approve", "-no-color")
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			awaitRequest(t, service, method, cmd)
			if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // killed
			service.Emulator.ClearFaults()
			service.Emulator.Clock().Advance(time.Hour)

			status, out := w.Try("apply", "-auto-approve", "-no-color")
			if status != 0 {
				block := importBlock(t, out)
				w.Write("import.tf", strings.Replace(block, "aigateway_gateway.example", "aigateway_gateway.test", 1))
				w.Run("apply", "-auto-approve", "-no-color")
			}
			w.RequireEmptyPlan()
			if ids := service.Emulator.GatewayIDs(service.AccountID); len(ids) != 1 {
				t.Errorf("gateways: %v", ids)
			}
			stored, _ := service.Emulator.Gateway(service.AccountID, "demo")
			if text(stored["guardrails"]) != text(attrs{"prompt": attrs{"S10": "BLOCK"}, "response": attrs{}}) {
				t.Errorf("the service holds %v", stored["guardrails"])
			}
		})
	}
}

// awaitRequest waits until the service has received a request of a method.
func awaitRequest(t *testing.T, service *acctest.Service, method string, cmd *exec.Cmd) {
	t.Helper()
	for range 300 {
		for _, request := range service.Emulator.Requests() {
			if request.Method == method {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	_ = cmd.Process.Kill()
	t.Fatalf("no %s arrived", method)
}

// importBlock returns the block that an error quotes.
func importBlock(t *testing.T, out string) string {
	t.Helper()
	var lines []string
	for line := range strings.Lines(out) {
		line = strings.TrimRight(strings.TrimPrefix(strings.TrimPrefix(line, "│"), " "), " \n")
		if line == "import {" || len(lines) > 0 {
			lines = append(lines, line)
		}
		if line == "}" && len(lines) > 0 {
			return strings.Join(lines, "\n") + "\n"
		}
	}
	t.Fatalf("the error quotes no import block:\n%s", out)
	return ""
}
