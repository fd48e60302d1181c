package acctest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const testRequestExample = "actions/aigateway_test_request/action.tf"

// sentToModels returns how many requests went to models, and forgets all requests.
func sentToModels(service *acctest.Service) int {
	sent := 0
	for _, request := range service.Emulator.Requests() {
		if strings.HasPrefix(request.Path, "/v1/") {
			sent++
		}
	}
	service.Emulator.ResetRequests()
	return sent
}

// TestActionTestRequest lets an apply prove its own change: one request after a create and
// after an update, none by a plan, a refresh, or an apply without changes. State has
// nothing of it.
func TestActionTestRequest(t *testing.T) {
	t.Parallel()
	with := acctest.CLIWith(t, cli.CLI.SupportsActions)
	service := acctest.Emulate(t, emulator.Options{WorkersModels: []string{"@cf/meta/llama-3.2-3b-instruct"}})
	w := service.NewWorkspaceWith(t, with)
	config := readExample(t, testRequestExample)
	w.Write("main.tf", config)
	w.Run("init", "-no-color")
	if out := w.Run("plan", "-no-color"); !strings.Contains(out, "Plan: 2 to add, 0 to change, 0 to destroy. Actions: 1 to invoke.") {
		t.Errorf("the plan:\n%s", out)
	}
	requireSent(t, service, "a plan", 0)
	out := w.Apply()
	requireSent(t, service, "a create", 1)
	for _, part := range []string{
		"Sending a chat request to dynamic/customer-support through gateway production.", "HTTP 200 after ", "provider workers-ai",
		"model @cf/meta/llama-3.2-3b-instruct", "Actions: 1 invoked.",
	} {
		if !strings.Contains(out, part) {
			t.Errorf("the apply does not say %q:\n%s", part, out)
		}
	}
	w.RequireEmptyPlan()
	w.Run("apply", "-auto-approve", "-no-color")
	w.Run("apply", "-refresh-only", "-auto-approve", "-no-color")
	requireSent(t, service, "what changes nothing", 0)

	w.Write("main.tf", strings.Replace(config, "timeout     = 10000", "timeout     = 5000", 1))
	w.Run("apply", "-auto-approve", "-no-color")
	requireSent(t, service, "an update", 1)
	w.Run("apply", "-auto-approve", "-no-color", "-invoke=action.aigateway_test_request.free_plan")
	requireSent(t, service, "an invocation", 1)

	state := w.Read("terraform.tfstate")
	if strings.Contains(state, "Say yes.") || strings.Contains(state, "aigateway_test_request") {
		t.Errorf("state has something of the action:\n%s", state)
	}
}

func requireSent(t *testing.T, service *acctest.Service, by string, want int) {
	t.Helper()
	if sent := sentToModels(service); sent != want {
		t.Errorf("%s sends %d requests to models, want %d", by, sent, want)
	}
}

// TestActionTestRequestFails: a test request that fails after a create leaves the new objects
// in state and untainted. The next plan is empty, and the command that the error names
// repeats the request.
func TestActionTestRequestFails(t *testing.T) {
	t.Parallel()
	with := acctest.CLIWith(t, cli.CLI.SupportsActions)
	service := acctest.Emulate(t, emulator.Options{WorkersModels: []string{"@cf/meta/llama-3.2-3b-instruct"}})
	w := service.NewWorkspaceWith(t, with)
	config := readExample(t, testRequestExample)
	w.Write("main.tf", strings.Replace(config, `response_model = "@cf/meta/llama-3.2-3b-instruct"`, `response_model = "another"`, 1))
	w.Run("init", "-no-color")
	status, out := w.Try("apply", "-auto-approve", "-no-color")
	if status == 0 {
		t.Fatalf("the apply succeeds:\n%s", out)
	}
	requireSent(t, service, "the apply", 1)
	plain := strings.Join(strings.Fields(strings.ReplaceAll(out, "│", " ")), " ")
	for _, part := range []string{
		"Response to the test request is not as expected", `response_model should be "another", but the response has "@cf/meta/llama-3.2-3b-instruct"`,
		"the next plan does not invoke the action again", "terraform apply -invoke=action.aigateway_test_request.<name>",
	} {
		if !strings.Contains(plain, part) {
			t.Errorf("the error does not say %q:\n%s", part, out)
		}
	}
	for address, tainted := range instances(t, w) {
		if tainted {
			t.Errorf("%s is tainted", address)
		}
	}
	if len(instances(t, w)) != 2 {
		t.Errorf("in state: %v", instances(t, w))
	}
	w.RequireEmptyPlan()
	requireSent(t, service, "the next plan", 0)
	if status, out := w.Try("apply", "-auto-approve", "-no-color", "-invoke=action.aigateway_test_request.free_plan"); status == 0 {
		t.Errorf("the request succeeds now:\n%s", out)
	}
	requireSent(t, service, "the command of the error", 1)
	w.Write("main.tf", config)
	w.Run("apply", "-auto-approve", "-no-color", "-invoke=action.aigateway_test_request.free_plan")
	requireSent(t, service, "the corrected action", 1)

	// Without permission to send, the plan fails, before anything is applied.
	w.Write("main.tf", strings.Replace(strings.Replace(config, "allow_test_requests = true", "allow_test_requests = false", 1), "timeout     = 10000", "timeout     = 5000", 1))
	if status, out := w.Try("plan", "-no-color"); status == 0 || !strings.Contains(out, "Test requests are not allowed") {
		t.Errorf("the plan (exit status %d):\n%s", status, out)
	}
	requireSent(t, service, "the plan", 0)
}

// instances returns the resource instances in state, and whether they are tainted.
func instances(t *testing.T, w *acctest.Workspace) map[string]bool {
	t.Helper()
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []struct{ Status string }
		}
	}
	if err := json.Unmarshal([]byte(w.Read("terraform.tfstate")), &state); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, r := range state.Resources {
		for _, instance := range r.Instances {
			found[r.Type+"."+r.Name] = instance.Status == "tainted"
		}
	}
	return found
}
