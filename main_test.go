package main_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// loggingConfig makes the provider log with each of its loggers, at each apply.
const loggingConfig = `
resource "aigateway_gateway" "main" {
  name = "main"
}

data "aigateway_gateways" "all" {}
`

// The CLI shows of the provider what it would show if the provider wrote all
// it can, which is what the loggers do where the variables below say TRACE.
func TestAccLogging(t *testing.T) {
	service := acctest.Acceptance(t)
	acctest.RequireEmulator(t)
	w := service.NewWorkspace(t)
	w.Write("main.tf", loggingConfig)
	w.Apply()

	for _, test := range []struct {
		env []string
		// shows and hides are loggers.
		shows, hides []string
	}{
		{[]string{"TF_LOG=TRACE"}, []string{"sdk.proto", "sdk.framework", "aigateway", "aigateway.http"}, nil},
		{[]string{"TF_LOG=JSON"}, []string{"sdk.proto", "sdk.framework", "aigateway", "aigateway.http"}, nil},
		{[]string{"TF_LOG=loud"}, []string{"sdk.proto", "sdk.framework", "aigateway", "aigateway.http"}, nil},
		{[]string{"TF_LOG=INFO"}, []string{"aigateway"}, []string{"sdk.proto", "sdk.framework", "aigateway.http"}},
		{[]string{"TF_LOG_PROVIDER=DEBUG"}, []string{"sdk.framework", "aigateway", "aigateway.http"}, nil},
		{[]string{"TF_LOG=TRACE", "TF_LOG_PROVIDER=off"}, nil, []string{"sdk.proto", "sdk.framework", "aigateway", "aigateway.http"}},
		{[]string{"TF_LOG=TRACE", "TF_LOG_PROVIDER_AIGATEWAY=INFO"}, []string{"sdk.proto", "sdk.framework", "aigateway"}, []string{"aigateway.http"}},
		{[]string{"TF_LOG=TRACE", "TF_LOG_SDK_FRAMEWORK=off"}, []string{"sdk.proto", "aigateway", "aigateway.http"}, []string{"sdk.framework"}},
		{[]string{"TF_LOG=TRACE", "TF_LOG_SDK=off", "TF_LOG_SDK_PROTO=TRACE"}, []string{"sdk.proto"}, []string{"sdk.framework"}},
		{[]string{"TF_LOG_CORE=TRACE"}, nil, []string{"sdk.proto", "sdk.framework", "aigateway", "aigateway.http"}},
		{nil, nil, []string{"sdk.proto", "sdk.framework", "aigateway", "aigateway.http"}},
	} {
		t.Run(strings.Join(test.env, " "), func(t *testing.T) {
			got := providerLines(t, w, test.env...)
			want := providerLines(t, w, append(writeAll(test.env), test.env...)...)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("log lines of the provider, by number (-want +got):\n%s", diff)
			}
			for _, logger := range test.shows {
				if loggers(got)[logger] == 0 {
					t.Errorf("the CLI shows nothing of %s:\n%v", logger, got)
				}
			}
			for _, logger := range test.hides {
				if n := loggers(got)[logger]; n > 0 {
					t.Errorf("the CLI shows %d lines of %s:\n%v", n, logger, got)
				}
			}
		})
	}
}

// writeAll returns the settings by which loggers write everything, without
// those that env decides.
func writeAll(env []string) []string {
	var all []string
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_AIGATEWAY"} {
		if !slices.ContainsFunc(env, func(s string) bool { return strings.HasPrefix(s, name+"=") }) {
			all = append(all, name+"=TRACE")
		}
	}
	return all
}

// A line is what a log line has in common from run to run. Not the RPC: lines
// that a process writes once belong to the RPC that happens to be first.
type line struct{ Level, Logger, Message string }

var (
	levelPattern   = regexp.MustCompile(`\[(TRACE|DEBUG|INFO|WARN|ERROR)\]|"@level":"(\w+)"`)
	messagePattern = regexp.MustCompile(`_v0\.0\.1: ([^:=]*)|"@message":"([^"]*)"`)
	loggerPattern  = regexp.MustCompile(`@module"?[=:]"?(sdk\.\w+|sdk|aigateway\.\w+|aigateway)\b`)
)

// providerLines replaces the gateway and returns how many lines of each kind
// the CLI's log has from the provider's loggers.
func providerLines(t *testing.T, w *acctest.Workspace, env ...string) map[line]int {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	cmd := w.Command("apply", "-auto-approve", "-no-color", "-replace=aigateway_gateway.main")
	cmd.Env = append(cmd.Env, append(env, "TF_LOG_PATH="+path)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("apply: %v\n%s", err, out)
	}
	content, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) { // without logging there is no file
		t.Fatal(err)
	}
	lines := map[line]int{}
	for text := range strings.Lines(string(content)) {
		logger := submatch(loggerPattern, text)
		if logger != "" {
			lines[line{strings.ToUpper(submatch(levelPattern, text)), logger, submatch(messagePattern, text)}]++
		}
	}
	return lines
}

// submatch returns what the groups of the pattern match, of which one takes part.
func submatch(pattern *regexp.Regexp, text string) string {
	groups := pattern.FindStringSubmatch(text)
	if groups == nil {
		return ""
	}
	return strings.Join(groups[1:], "")
}

func loggers(lines map[line]int) map[string]int {
	counts := map[string]int{}
	for l, n := range lines {
		counts[l.Logger] += n
	}
	return counts
}

// Without a setting, the loggers write nothing that the CLI would have to read.
func TestAccLoggingIsOff(t *testing.T) {
	service := acctest.Acceptance(t)
	acctest.RequireEmulator(t)
	if runtime.GOOS == "windows" {
		t.Skip("runs the provider from a shell script")
	}
	installed := service.NewWorkspace(t)
	installed.Run("init", "-no-color")
	binaries, err := filepath.Glob(filepath.Join(installed.Dir, ".terraform", "providers", "*", "*", "*", "*", "*", "terraform-provider-*"))
	if err != nil || len(binaries) != 1 {
		t.Fatalf("provider binaries: %v, %v", binaries, err)
	}

	dir := t.TempDir()
	stderr, config := filepath.Join(dir, "stderr"), filepath.Join(dir, "cli.tfrc")
	files := map[string]string{
		filepath.Join(dir, "terraform-provider-aigateway"): fmt.Sprintf("#!/bin/sh\nexec '%s' \"$@\" 2>>'%s'\n", binaries[0], stderr),
		config: fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n",
			strings.TrimPrefix(provider.Address, "registry.terraform.io/"), dir),
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(name, []byte(files[name]), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	w := service.NewWorkspace(t, "TF_CLI_CONFIG_FILE="+config)
	w.Write("main.tf", loggingConfig)
	w.Run("apply", "-auto-approve", "-no-color")
	w.Run("destroy", "-auto-approve", "-no-color")

	content, err := os.ReadFile(stderr)
	if err != nil {
		t.Fatal(err)
	}
	for text := range strings.Lines(string(content)) {
		// go-plugin writes two lines at the start of each process, whatever the
		// settings are. Only the loggers of the SDK and ours have a module.
		if strings.Contains(text, `"@module"`) || !strings.HasPrefix(text, `{"@level"`) {
			t.Errorf("the provider wrote to stderr: %s", text)
		}
	}
	// The script is the one that ran: with logging on, there are more lines.
	cmd := w.Command("plan", "-no-color")
	cmd.Env = append(cmd.Env, "TF_LOG_PROVIDER=TRACE")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("plan: %v\n%s", err, out)
	}
	if content, err = os.ReadFile(stderr); err != nil || !strings.Contains(string(content), "sdk.proto") {
		t.Errorf("with TF_LOG_PROVIDER=TRACE, stderr has no lines of sdk.proto (%v)", err)
	}
}
