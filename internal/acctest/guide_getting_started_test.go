package acctest_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestGuideGettingStarted creates the gateways of the guide and sends its requests, as the
// shell does. Without the gateway's token, a request is refused.
func TestGuideGettingStarted(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	acctest.InstallCloudflare(t)
	service := acctest.Emulate(t, emulator.Options{})
	w := service.NewWorkspace(t, "TF_VAR_openai_api_key=sk-stored")
	w.Write("main.tf", guide(t, "getting-started/main.tf"))
	remove(t, w, "requirements.tf") // the guide has its own
	w.Apply()
	url := w.Run("output", "-raw", "openai_base_url")

	w.Write("main.tf", strings.Replace(guide(t, "getting-started/main.tf"), "aigateway = {", "cloudflare = { source = \"cloudflare/cloudflare\" }\n    aigateway = {", 1))
	w.Write("token.tf", guide(t, "getting-started/application-token.tf")+stubProvider)
	w.Run("init", "-no-color")
	w.Run("apply", "-auto-approve", "-no-color")
	w.RequireEmptyPlan()
	if token := w.Run("output", "-raw", "cf_aig_token"); token != "made-up-token" {
		t.Errorf("the application's token is %q", token)
	}
	remove(t, w, "token.tf")
	w.Write("main.tf", guide(t, "getting-started/main.tf"))
	w.Run("state", "rm", "cloudflare_account_token.application", "data.cloudflare_account_api_token_permission_groups_list.run")

	if out := curl(t, service, url, "own-key.sh"); !strings.Contains(out, `"content":"The emulator answers for provider \"openai\"`) {
		t.Errorf("the request with a key of its own:\n%s", out)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/chat/completions", strings.NewReader(`{"model":"openai/gpt-5.2"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer sk-of-the-application")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("without the gateway's token: %s", response.Status)
	}

	requirements, _, _ := strings.Cut(guide(t, "getting-started/main.tf"), "resource ")
	w.Write("main.tf", requirements+guide(t, "getting-started/stored-key.tf"))
	if out := w.Run("apply", "-auto-approve", "-no-color"); !strings.Contains(out, "1 added, 1 changed, 0 destroyed") {
		t.Errorf("the stored key:\n%s", out)
	}
	w.RequireEmptyPlan()
	if out := curl(t, service, url, "stored-key.sh"); !strings.Contains(out, "with key sha256:") {
		t.Errorf("the request with the stored key:\n%s", out)
	}
}

// requireCurl returns the shell, or skips the test where it or curl is missing.
func requireCurl(t *testing.T) string {
	t.Helper()
	shell, err := exec.LookPath("sh")
	if err == nil {
		_, err = exec.LookPath("curl")
	}
	if err != nil {
		t.Skip("the requests of the documentation were not sent: ", err)
	}
	return shell
}

// curl runs a script of the guide.
func curl(t *testing.T, service *acctest.Service, url, script string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), requireCurl(t), filepath.Join(examplesDir(t), "guides", "getting-started", script))
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "OPENAI_BASE_URL=" + url, "CF_AIG_TOKEN=" + service.Token, "OPENAI_API_KEY=sk-of-the-application", "NO_PROXY=*",
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return string(out)
}
