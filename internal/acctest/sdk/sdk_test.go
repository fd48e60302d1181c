// Package sdk tests the emulator with third-party SDKs: cloudflare-go, and SDKs
// from npm. They show that the emulator speaks the service's API. The provider's
// own client cannot show that, since both could share a mistake.
package sdk

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// scripts drive one SDK each, against an emulator of their own.
var scripts = []string{"openai.mjs", "anthropic.mjs", "cloudflare.mjs", "ai-gateway-provider.mjs"}

// A result is a script's report on one check.
type result struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

func TestNPM(t *testing.T) {
	npm := requireNPM(t)
	dir := npm.install(t)
	for _, script := range scripts {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			for _, r := range npm.run(t, dir, script, newService(t)) {
				t.Run(r.Name, func(t *testing.T) {
					if !r.OK {
						t.Error(r.Detail)
					}
				})
			}
		})
	}
}

// newService starts an emulator with the gateways that the scripts expect.
func newService(t *testing.T) *acctest.Service {
	t.Helper()
	service := acctest.Emulate(t, emulator.Options{GatewayLimit: -1})
	for _, gateway := range []map[string]any{
		{"id": "open"},
		{"id": "locked", "authentication": true},
		{"id": "cached", "authentication": true, "cache_ttl": 300},
		{"id": "limited", "rate_limiting_limit": 1, "rate_limiting_interval": 60, "rate_limiting_technique": "sliding"},
		{"id": "guarded", "guardrails": map[string]any{
			"prompt": map[string]any{"S1": "BLOCK"}, "response": map[string]any{"S10": "BLOCK"},
		}},
		{"id": "frugal", "spend_limits": map[string]any{"enabled": true, "rules": []any{
			map[string]any{"id": "all", "enabled": true, "limit": 1, "limitType": "cost", "window": 3600, "technique": "sliding"},
		}}},
		{"id": "discreet", "dlp": map[string]any{"enabled": true, "action": "BLOCK", "profiles": []string{"cards"}}},
	} {
		service.Emulator.PutGateway(service.AccountID, gateway)
	}
	return service
}

// run runs a script of this directory with the packages in dir and returns the
// results of its checks. The test fails if the script does not finish or leaves
// out a check.
func (n npm) run(t *testing.T, dir, script string, service *acctest.Service) []result {
	t.Helper()
	// Node looks for packages in the directories above a script, so run a copy there.
	work, err := os.MkdirTemp(dir, "run-") //nolint:usetesting // must be below dir
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(work)
	for _, name := range []string{"harness.mjs", script} {
		copyFile(t, name, filepath.Join(work, name))
	}
	base, err := url.Parse(service.BaseURL)
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), n.node, filepath.Join(work, script))
	cmd.Dir = work
	// SDKs read credentials and addresses from the environment, so pass on only
	// what a process needs.
	cmd.Env = append(environ("PATH", "HOME", "TMPDIR", "TEMP", "SYSTEMROOT"),
		"EMULATOR_ORIGIN="+base.Scheme+"://"+base.Host,
		"EMULATOR_ACCOUNT="+service.AccountID,
		"EMULATOR_TOKEN="+service.Token,
	)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Errorf("%s: %v\n%s", script, err, stderr.String())
	}
	results, missing, rest := parse(stdout.Bytes())
	for _, name := range missing {
		t.Errorf("the script did not report on the check %q", name)
	}
	if len(results) == 0 {
		t.Error("the script has no checks")
	}
	if rest != "" {
		t.Logf("other output:\n%s", rest) // such as a warning of an SDK
	}
	return results
}

// parse parses a script's output: one line with the names of all checks, then
// one line for each result. It also returns the checks without a result, and all
// other output.
func parse(output []byte) (results []result, missing []string, rest string) {
	announced := map[string]bool{}
	for text := range bytes.Lines(output) {
		var line struct {
			Checks []string `json:"checks"`
			result
		}
		switch err := json.Unmarshal(text, &line); {
		case err == nil && line.Checks != nil:
			for _, name := range line.Checks {
				announced[name] = true
			}
		case err == nil && announced[line.Name]:
			results = append(results, line.result)
			delete(announced, line.Name)
		default:
			rest += string(text)
		}
	}
	return results, slices.Sorted(maps.Keys(announced)), rest
}

func TestParse(t *testing.T) {
	results, missing, rest := parse([]byte(`{"checks":["a","b","c"]}
{"name":"b","ok":true,"detail":""}
a warning
{"name":"a","ok":false,"detail":"why"}
{"name":"a","ok":true,"detail":""}
`))
	want := []result{{Name: "b", OK: true}, {Name: "a", Detail: "why"}}
	if !slices.Equal(results, want) || !slices.Equal(missing, []string{"c"}) {
		t.Errorf("results = %v, missing = %q", results, missing)
	}
	if rest != "a warning\n{\"name\":\"a\",\"ok\":true,\"detail\":\"\"}\n" {
		t.Errorf("rest = %q", rest)
	}
}
