package acctest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

// TestReadme runs the quick start as pasted, in one shell: it installs the provider where
// init looks for it, applies the configuration, and sends the request. Only `make build` and
// the emulator are there already.
func TestReadme(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	shell := requireCurl(t)
	service := exampleService(t)
	w := service.NewWorkspace(t)
	w.Run("init", "-no-color")
	binaries, err := filepath.Glob(filepath.Join(w.Dir, ".terraform", "providers", "*", "*", "*", "*", "*", "terraform-provider-aigateway*"))
	if err != nil || len(binaries) != 1 {
		t.Fatal("no provider to install: ", binaries, err)
	}

	text, _, _ := strings.Cut(read(t, "README.md"), "\n## Guides\n")
	var configuration, script, response string
	for _, block := range regexp.MustCompile("(?s)```(terraform|sh|text)\n(.*?)```").FindAllStringSubmatch(text, -1) {
		switch {
		case block[1] == "text":
			response = block[2]
		case block[1] == "terraform":
			configuration = block[2]
		case !strings.HasPrefix(block[2], "bin/aigateway-emulator"):
			script += block[2] + "cd \"$WORK\"\n" // from the repository to the empty directory, after the first block
		}
	}
	script = strings.NewReplacer(
		"make build\n", "",
		"http://127.0.0.1:8787/client/v4", service.BaseURL, "http://127.0.0.1:8787/v1", service.GatewayBaseURL,
		"emulator-token", service.Token,
		"terraform apply\n", "terraform apply -auto-approve\n", // in place of the question
		"/registry.terraform.io/", "/"+acctest.CLI().ProviderHost()+"/",
	).Replace(script)

	repository, home, work := t.TempDir(), t.TempDir(), t.TempDir()
	if err := os.MkdirAll(filepath.Join(repository, "bin"), 0o750); err != nil {
		t.Fatal(err)
	}
	provider, err := os.ReadFile(binaries[0])
	if err != nil {
		t.Fatal(err)
	}
	for file, content := range map[string][]byte{
		filepath.Join(repository, "bin", "terraform-provider-aigateway"): provider,
		filepath.Join(work, "main.tf"):                                   []byte(configuration),
	} {
		if err := os.WriteFile(file, content, 0o750); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), shell, "-ec", script)
	cmd.Dir = repository
	cmd.Env = []string{
		"HOME=" + home, "WORK=" + work, pathWith(t, acctest.CLI().Path), "NO_PROXY=*", "CHECKPOINT_DISABLE=1",
	}
	out, err := cmd.CombinedOutput()
	for _, want := range append(strings.Split(strings.TrimSpace(response), "…"), "Apply complete! Resources: 1 added") {
		want = strings.TrimSpace(want)
		if err != nil || !strings.Contains(string(out), want) {
			t.Fatalf("the quick start does not say %q: %v\n%s\n%s", want, err, script, out)
		}
	}

	// The override that skips init.
	_, text, _ = strings.Cut(read(t, "README.md"), "\n## Development\n")
	override := regexp.MustCompile("(?s)```terraform\n(.*?)```").FindStringSubmatch(text)
	if override == nil {
		t.Fatal("the README has no dev_overrides")
	}
	settings := filepath.Join(home, "cli.tfrc")
	config := strings.Replace(override[1], "/path/to/this/repository", repository, 1)
	if err := os.WriteFile(settings, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(work, ".terraform")); err != nil {
		t.Fatal(err)
	}
	plan := exec.CommandContext(t.Context(), acctest.CLI().Path, "plan", "-no-color", "-detailed-exitcode")
	plan.Dir = work
	plan.Env = append(slices.Clone(cmd.Env), "TF_CLI_CONFIG_FILE="+settings, "CLOUDFLARE_API_TOKEN="+service.Token,
		"CLOUDFLARE_ACCOUNT_ID="+service.AccountID, "CLOUDFLARE_BASE_URL="+service.BaseURL, "AIGATEWAY_GATEWAY_BASE_URL="+service.GatewayBaseURL)
	if out, err := plan.CombinedOutput(); err != nil || !strings.Contains(string(out), "Provider development overrides are in effect") {
		t.Errorf("the plan with dev_overrides: %v\n%s", err, out)
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
	if !strings.Contains(read(t, "README.md"), "```mermaid\n"+picture+"\n```") {
		t.Errorf("the README lacks this picture:\n%s", picture)
	}
}
