package acctest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestActionDeleteLogs invokes the actions of the example. A plan and an apply without an
// invocation delete nothing, and state has nothing of the actions.
func TestActionDeleteLogs(t *testing.T) {
	t.Parallel()
	with := acctest.CLIWith(t, cli.CLI.SupportsActions)
	service := acctest.Emulate(t, emulator.Options{})
	now := time.Now()
	for _, gateway := range []string{"production", "staging"} {
		service.Emulator.PutGateway(service.AccountID, attrs{"id": gateway})
		for n := range 8 {
			service.Emulator.PutLog(service.AccountID, gateway, attrs{
				"created_at": now.AddDate(0, 0, -10*n).UTC().Format(time.RFC3339),
				"metadata":   attrs{"user_id": []string{"u-1234", "u-5678"}[n%2]},
			})
		}
	}
	w := service.NewWorkspaceWith(t, with)
	config := readExample(t, "actions/aigateway_delete_logs/action.tf")
	w.Write("main.tf", config)
	w.Run("init", "-no-color")
	w.Run("plan", "-no-color")
	w.Apply()
	requireDeletions(t, service, "an apply", 0)

	for _, test := range []struct {
		action      string
		says        []string
		production  int // logs that are left
		staging     int
		deletions   int
		description string
	}{
		{"old", []string{`Logs of gateway "production" in account ` + service.AccountID + ": deleting ", "deleted, by the service's counts", "Actions: 1 invoked."}, 3, 8, 1, "what is older than 30 days"},
		{"old", []string{"no log matches, so nothing was deleted."}, 3, 8, 0, "once more"},
		{"user", []string{"deleting 2.", "about 2 deleted"}, 1, 8, 1, "one user"},
		{"all", []string{`Logs of gateway "staging"`, "about 8 deleted"}, 1, 0, 1, "another gateway"},
	} {
		out := w.Run("apply", "-auto-approve", "-no-color", "-invoke=action.aigateway_delete_logs."+test.action)
		for _, part := range test.says {
			if !strings.Contains(out, part) {
				t.Errorf("%s: the CLI does not say %q:\n%s", test.description, part, out)
			}
		}
		requireDeletions(t, service, test.description, test.deletions)
		for gateway, want := range map[string]int{"production": test.production, "staging": test.staging} {
			if got := logsOf(t, service, gateway); got != want {
				t.Errorf("%s: gateway %s has %d logs, want %d", test.description, gateway, got, want)
			}
		}
	}
	if state := w.Read("terraform.tfstate"); strings.Contains(state, "aigateway_delete_logs") {
		t.Errorf("state has something of the action:\n%s", state)
	}

	service.Emulator.ResetRequests()
	w.Write("main.tf", strings.Replace(config, `confirm    = "staging"`, `confirm    = "production"`, 1))
	if status, out := w.Try("validate", "-no-color"); status == 0 || !strings.Contains(out, "Deletion of logs not confirmed") {
		t.Errorf("validate (exit status %d):\n%s", status, out)
	}
	requireDeletions(t, service, "validate", 0)
	w.Write("main.tf", config) // to destroy with
}

// requireDeletions fails the test unless so many requests deleted something, and forgets
// all requests.
func requireDeletions(t *testing.T, service *acctest.Service, by string, want int) {
	t.Helper()
	got := 0
	for _, request := range service.Requests() {
		if strings.HasPrefix(request, "DELETE ") {
			got++
		}
	}
	service.Emulator.ResetRequests()
	if got != want {
		t.Errorf("%s deletes with %d requests, want %d", by, got, want)
	}
}

// logsOf returns how many logs a gateway has.
func logsOf(t *testing.T, service *acctest.Service, gateway string) int {
	t.Helper()
	state, diags := service.Protocol(t, nil).ReadDataSource("aigateway_logs", attrs{"gateway_id": gateway, "limit": int64(1)})
	if diags.HasError() {
		t.Fatal(diags)
	}
	service.Emulator.ResetRequests()
	count, ok := protocol.Object(t, state)["total_count"].(int64)
	if !ok {
		t.Fatal(fmt.Sprint(state))
	}
	return int(count)
}
