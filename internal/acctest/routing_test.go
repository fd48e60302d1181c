package acctest_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const allowed = "AIGATEWAY_ALLOW_TEST_REQUESTS=true"

// chats returns the requests to models since the last look.
func chats(service *acctest.Service) int {
	count := 0
	for _, request := range service.Requests() {
		if strings.HasPrefix(request, "POST /v1/") {
			count++
		}
	}
	service.Emulator.ResetRequests()
	return count
}

// TestRequestWaitsForTheGateway creates a gateway and sends a request through
// it in one apply. However the configuration hands the id over, the request
// goes out only when the gateway exists.
func TestRequestWaitsForTheGateway(t *testing.T) {
	t.Parallel()
	const gateway = `
resource "aigateway_gateway" "test" {
  name = "routing"
}
`
	const chat = `
data "aigateway_chat_completion" "test" {
  gateway_id = %GATEWAY%
  model      = "workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast"
  prompt     = "Is anybody there?"
  %EXTRA%
}

output "provider_name" {
  value = data.aigateway_chat_completion.test.provider_name
}
`
	for name, test := range map[string]struct{ config, id, extra string }{
		"the resource's id":             {gateway, "aigateway_gateway.test.id", ""},
		"the resource's name":           {gateway, "aigateway_gateway.test.name", ""},
		"its id through a local":        {gateway + "locals {\n  id = aigateway_gateway.test.id\n}\n", "local.id", ""},
		"its name and depends_on":       {gateway + "locals {\n  name = aigateway_gateway.test.name\n}\n", "local.name", "depends_on = [aigateway_gateway.test]"},
		"its id as a module's output":   {"module \"gateway\" {\n  source = \"./gateway\"\n}\n", "module.gateway.id", ""},
		"a literal name and depends_on": {gateway, `"routing"`, "depends_on = [aigateway_gateway.test]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.RequireCLI(t)
			service := acctest.Emulate(t, emulator.Options{})
			w := service.NewWorkspace(t, allowed)
			w.Write("gateway/main.tf", `terraform {
  required_providers {
    aigateway = { source = "aigateway/aigateway" }
  }
}
`+gateway+`
output "id" {
  value = aigateway_gateway.test.id
}
`)
			w.Write("main.tf", test.config+strings.NewReplacer("%GATEWAY%", test.id, "%EXTRA%", test.extra).Replace(chat))
			if out := w.Apply(); !strings.Contains(out, `provider_name = "workers-ai"`) {
				t.Errorf("the request did not report where it went:\n%s", out)
			}
			if sent := chats(service); sent != 1 {
				t.Errorf("creating sent %d requests, want 1", sent)
			}
			w.RequireEmptyPlan()
			if sent := chats(service); sent != 1 {
				t.Errorf("a plan sent %d requests, want 1", sent)
			}
			w.Run("apply", "-auto-approve", "-no-color")
			if sent := chats(service); sent != 1 {
				t.Errorf("an apply without changes sent %d requests, want 1", sent)
			}
			w.Run("destroy", "-auto-approve", "-no-color")
			if sent := chats(service); sent != 1 {
				t.Errorf("destroying sent %d requests, want 1", sent)
			}
		})
	}
}

// TestRequestDoesNotWait shows the trap: a name that is known at plan time and
// reaches the data source through a local. The request goes out with the plan,
// before the gateway exists, and the error says what to do.
func TestRequestDoesNotWait(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := acctest.Emulate(t, emulator.Options{})
	w := service.NewWorkspace(t, allowed)
	w.Write("main.tf", `
resource "aigateway_gateway" "test" {
  name = "routing"
}

locals {
  name = aigateway_gateway.test.name
}

data "aigateway_chat_completion" "test" {
  gateway_id = local.name
  model      = "openai/gpt-5.2"
  prompt     = "Is anybody there?"
}
`)
	w.Run("init", "-no-color")
	status, out := w.Try("plan", "-no-color")
	if status == 0 || !acctest.Wrapped("code 2001").MatchString(out) || !strings.Contains(out, "depends_on") {
		t.Errorf("exit status %d:\n%s", status, out)
	}
	for _, request := range service.Emulator.Requests() {
		if request.Method == "POST" && strings.Contains(request.Path, "/ai-gateway/") {
			t.Errorf("a plan created something: %s", request.Path)
		}
	}
}

// TestRequestsNeedPermission: without it, nothing is sent and the plan says
// why.
func TestRequestsNeedPermission(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := acctest.Emulate(t, emulator.Options{})
	w := service.NewWorkspace(t)
	w.Write("main.tf", `
data "aigateway_chat_completion" "test" {
  model  = "openai/gpt-5.2"
  prompt = "Is anybody there?"
}
`)
	w.Run("init", "-no-color")
	status, out := w.Try("plan", "-no-color")
	if status == 0 || !acctest.Wrapped("AIGATEWAY_ALLOW_TEST_REQUESTS to true").MatchString(out) {
		t.Errorf("exit status %d:\n%s", status, out)
	}
	if requests := service.Requests(); len(requests) != 0 {
		t.Errorf("requests: %v", requests)
	}
}
