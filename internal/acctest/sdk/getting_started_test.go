package sdk

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

// answer begins what the emulator's model says in the guide's requests.
const answer = `The emulator answers for provider "openai" and model "gpt-5.2"`

func guideFile(t *testing.T, name string) string {
	t.Helper()
	root, err := cli.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, "examples", "guides", "getting-started", name)
}

func requestEnv(service *acctest.Service) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "CF_AIG_TOKEN=" + service.Token, "OPENAI_API_KEY=sk-of-the-application",
		"OPENAI_BASE_URL=" + service.GatewayBaseURL + "/" + service.AccountID + "/locked/compat", "NO_PROXY=*",
	}
}

// TestGettingStartedJavaScript runs the request of the guide with OpenAI's SDK.
func TestGettingStartedJavaScript(t *testing.T) {
	npm := requireNPM(t)
	dir := npm.install(t)
	script := filepath.Join(dir, "getting-started.mjs")
	copyFile(t, guideFile(t, "request.mjs"), script)
	cmd := exec.CommandContext(t.Context(), npm.node, script)
	cmd.Env = requestEnv(newService(t))
	if out, err := cmd.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), answer) {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestGettingStartedPython does the same where Python has OpenAI's package.
func TestGettingStartedPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("the guide's Python was not run: ", err)
	}
	if err := exec.CommandContext(t.Context(), python, "-c", "import openai").Run(); err != nil {
		t.Skip("the guide's Python was not run: python3 has no package openai")
	}
	cmd := exec.CommandContext(t.Context(), python, guideFile(t, "request.py"))
	cmd.Env = requestEnv(newService(t))
	if out, err := cmd.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), answer) {
		t.Errorf("%v\n%s", err, out)
	}
}
