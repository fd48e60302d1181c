package acctest_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

// TestGuidesShowWhatIsTested: every piece of configuration in a guide is a file
// that the tests below run, and every such file is in a guide.
func TestGuidesShowWhatIsTested(t *testing.T) {
	t.Parallel()
	examples := filepath.Join(examplesDir(t), "guides")
	guides, err := filepath.Glob(filepath.Join(examples, "..", "..", "templates", "guides", "*.md.tmpl"))
	if err != nil || len(guides) == 0 {
		t.Fatal("no guides", err)
	}
	var shown []string
	for _, guide := range guides {
		content, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		for _, include := range regexp.MustCompile(`(?:tffile|codefile "[a-z]+") "examples/guides/([^"]+)"`).FindAllStringSubmatch(string(content), -1) {
			shown = append(shown, include[1])
		}
		if strings.Contains(string(content), "```terraform") || strings.Contains(string(content), "```hcl") {
			t.Errorf("%s has configuration of its own, which no test runs", filepath.Base(guide))
		}
	}
	err = filepath.WalkDir(examples, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(examples, path)
		if name = filepath.ToSlash(name); !slices.Contains(shown, name) {
			t.Errorf("no guide shows examples/guides/%s", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// guide returns a piece of configuration that a guide shows.
func guide(t *testing.T, name string) string {
	t.Helper()
	return readExample(t, "guides/"+name)
}

// readExample returns a file below examples.
func readExample(t *testing.T, name string) string {
	t.Helper()
	return read(t, "examples/"+name)
}

// change is what a plan does with one resource.
type change struct {
	Address  string `json:"address"`
	Previous string `json:"previous_address"`
	Change   struct {
		Actions      []string       `json:"actions"`
		Before       map[string]any `json:"before"`
		After        map[string]any `json:"after"`
		AfterUnknown map[string]any `json:"after_unknown"`
	} `json:"change"`
}

// planOf plans, and returns what the CLI prints and what the plan does.
func planOf(t *testing.T, w *acctest.Workspace, args ...string) (string, []change) {
	t.Helper()
	out := w.Run(append([]string{"plan", "-no-color", "-out=plan"}, args...)...)
	var plan struct {
		Changes []change `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(w.Run("show", "-json", "plan")), &plan); err != nil {
		t.Fatal(err)
	}
	return out, plan.Changes
}

// requireOnlyReads fails the test if anything but GET was sent.
func requireOnlyReads(t *testing.T, service *acctest.Service) {
	t.Helper()
	for _, request := range service.Requests() {
		if !strings.HasPrefix(request, "GET ") {
			t.Errorf("a request that is more than a read: %s", request)
		}
	}
}

// same compares values of a plan.
func same(a, b any) bool { return reflect.DeepEqual(a, b) }
