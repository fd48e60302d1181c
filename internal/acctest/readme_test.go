package acctest_test

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

// TestReadme runs the first configuration of the README and the request after it, as
// pasted.
func TestReadme(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	blocks := map[string][]string{}
	for _, block := range regexp.MustCompile("(?s)```(terraform|sh)\n(.*?)```").FindAllStringSubmatch(readExample(t, "../README.md"), -1) {
		blocks[block[1]] = append(blocks[block[1]], block[2])
	}
	service := exampleService(t)
	w := service.NewWorkspace(t)
	w.Write("requirements.tf", blocks["terraform"][0]) // it has its own
	w.Apply()
	w.RequireEmptyPlan()

	var request string
	for _, script := range blocks["sh"] {
		if strings.HasPrefix(script, "curl ") {
			request = script
		}
	}
	cmd := exec.CommandContext(t.Context(), requireCurl(t), "-c", strings.ReplaceAll(request, "$(terraform output", "$(\"$TERRAFORM\" output"))
	cmd.Dir = w.Dir
	cmd.Env = slices.Concat(w.Command().Env, []string{
		"TERRAFORM=" + acctest.CLI().Path, "PATH=" + os.Getenv("PATH"), "CF_AIG_TOKEN=" + service.Token,
		"OPENAI_API_KEY=sk-of-the-application", "NO_PROXY=*",
	})
	if out, err := cmd.Output(); err != nil || !strings.Contains(string(out), `The emulator answers for provider \"openai\"`) {
		t.Errorf("the README's request: %v\n%s\n%s", err, request, out)
	}
}

// TestReadmePicture: the README shows the graph of the route in an example of the
// resource as the data source draws it.
func TestReadmePicture(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := exampleService(t)
	w := service.NewWorkspace(t)
	w.Write("main.tf", readExample(t, "resources/aigateway_dynamic_route/resource_conditions-percentages-and-rate-limits.tf")+`
data "aigateway_dynamic_route" "support" {
  gateway_id = aigateway_dynamic_route.support.gateway_id
  name       = aigateway_dynamic_route.support.name
}

output "mermaid" {
  value = data.aigateway_dynamic_route.support.mermaid
}
`)
	w.Apply()
	picture := strings.TrimSpace(w.Run("output", "-raw", "mermaid"))
	if !strings.Contains(readExample(t, "../README.md"), "```mermaid\n"+picture+"\n```") {
		t.Errorf("the README lacks this picture:\n%s", picture)
	}
}
