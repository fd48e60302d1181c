// Package strangers lets clients that are not ours drive the emulator: SDKs from
// npm, and cloudflare-go. What they understand, the emulator says as the service
// does; what the provider's own client and the emulator agree on alone would
// prove little.
package strangers

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

// scripts are the clients. Each has an emulator of its own.
var scripts = []string{"openai.mjs", "anthropic.mjs", "cloudflare.mjs", "ai-gateway-provider.mjs"}

// result is what a script says of one check.
type result struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

func TestStrangers(t *testing.T) {
	npm := requireNPM(t)
	dir := npm.install(t)
	for _, script := range scripts {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			for _, r := range npm.run(t, dir, script, prepared(t)) {
				t.Run(r.Name, func(t *testing.T) {
					if !r.OK {
						t.Error(r.Detail)
					}
				})
			}
		})
	}
}

// prepared is an emulator with the gateways that the scripts expect.
func prepared(t *testing.T) *acctest.Service {
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

// run runs a script of this folder beside the packages in dir, and returns what
// it says of its checks. A script without an end, or one that leaves a check
// out, fails the test.
func (n npm) run(t *testing.T, dir, script string, service *acctest.Service) []result {
	t.Helper()
	// Node looks for packages in the folders above a script, so it runs a copy.
	work, err := os.MkdirTemp(dir, "run-") //nolint:usetesting // it has to be in this folder
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(work)
	for _, name := range []string{"stranger.mjs", script} {
		copyFile(t, name, filepath.Join(work, name))
	}
	base, err := url.Parse(service.BaseURL)
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), n.node, filepath.Join(work, script))
	cmd.Dir = work
	// Nothing of the environment but what a process needs: SDKs read their
	// credentials and addresses from it.
	cmd.Env = append(keep("PATH", "HOME", "TMPDIR", "TEMP", "SYSTEMROOT"),
		"STRANGERS_ORIGIN="+base.Scheme+"://"+base.Host,
		"STRANGERS_ACCOUNT="+service.AccountID,
		"STRANGERS_TOKEN="+service.Token,
	)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Errorf("%s: %v\n%s", script, err, stderr.String())
	}
	results, missing, rest := read(stdout.Bytes())
	for _, name := range missing {
		t.Errorf("nothing was heard of the check %q", name)
	}
	if len(results) == 0 {
		t.Error("there were no checks")
	}
	if rest != "" {
		t.Logf("other output:\n%s", rest) // such as a warning of an SDK
	}
	return results
}

// read reads a script's output: first the names of all its checks, then how
// each of them went. It returns the names that were not heard of again, and the
// lines that are neither.
func read(output []byte) (results []result, missing []string, rest string) {
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

func TestRead(t *testing.T) {
	results, missing, rest := read([]byte(`{"checks":["a","b","c"]}
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
