package acctest_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestGuideEmulator follows the guide: it applies its configuration, sends its request, and
// looks at the status page.
func TestGuideEmulator(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := acctest.Emulate(t, emulator.Options{})
	w := service.NewWorkspace(t)
	w.Write("main.tf", guide(t, "emulator/main.tf"))
	remove(t, w, "requirements.tf") // the guide has its own
	w.Apply()
	w.RequireEmptyPlan()

	out := script(t, service, guide(t, "emulator/request.sh"))
	if !strings.Contains(out, `The emulator answers for provider \"workers-ai\"`) {
		t.Errorf("the response comes from another model than the guide says:\n%s", out)
	}
	page := statusPage(t, service)
	for _, want := range []string{
		`conditional &#34;paying&#34;</span> → <b>true</b>`, `model &#34;strong&#34;: failed</span>`, "openai/emulator/status-503: HTTP 503",
		"retry: failed</span>", `model &#34;cheap&#34;: answered</span>`, "Gateway support", `aria-label="The graph of the route`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the status page lacks %q:\n%s", want, page)
		}
	}

	service.Emulator.PutGateway(service.AccountID, map[string]any{"id": "with-domain", "authentication": true})
	service.Emulator.PutCustomDomain(service.AccountID, "with-domain", map[string]any{"domain": "ai.example.com"})
	out = script(t, service, guide(t, "emulator/custom-domain.sh"))
	if !strings.Contains(out, `"active"`) || !strings.Contains(out, "The prompt was: Hello") {
		t.Errorf("the requests about a custom domain:\n%s", out)
	}
}

// script runs a script of the guide in a shell that has the settings that the emulator
// prints. Its address is that of the service.
func script(t *testing.T, service *acctest.Service, text string) string {
	t.Helper()
	address := strings.TrimSuffix(service.GatewayBaseURL, "/v1")
	cmd := exec.CommandContext(t.Context(), requireCurl(t), "-c", strings.ReplaceAll(text, "http://127.0.0.1:8787", address))
	getenv := service.Getenv()
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "NO_PROXY=*"}
	for _, name := range []string{"CLOUDFLARE_BASE_URL", "AIGATEWAY_GATEWAY_BASE_URL", "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID"} {
		cmd.Env = append(cmd.Env, name+"="+getenv(name))
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return string(out)
}

func statusPage(t *testing.T, service *acctest.Service) string {
	t.Helper()
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, strings.TrimSuffix(service.GatewayBaseURL, "v1"), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth("anybody", service.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s %v", response.Status, err)
	}
	return string(page)
}

// TestGuideEmulatorListsQuirks compares the guide's table with the quirks that there are.
func TestGuideEmulatorListsQuirks(t *testing.T) {
	t.Parallel()
	text := read(t, "templates/guides/emulator.md.tmpl")
	_, table, _ := strings.Cut(text, "| Quirk | What it does |\n|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	var want []string
	for _, quirk := range emulator.Quirks() {
		want = append(want, "| `"+string(quirk)+"` | "+quirk.Describe()+" |")
	}
	if got := table; got != strings.Join(want, "\n") {
		t.Errorf("the table of quirks is\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	for _, name := range regexp.MustCompile("`-quirk ([a-z0-9-]+)").FindAllStringSubmatch(text, -1) {
		if _, err := emulator.ParseQuirk(name[1]); err != nil {
			t.Error(err)
		}
	}
}
