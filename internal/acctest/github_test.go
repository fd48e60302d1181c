package acctest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

// repository returns the root of the repository.
func repository(t *testing.T) string {
	t.Helper()
	root, err := cli.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// read returns a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository(t), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestActionsArePinned looks for actions that somebody else can change. Dependabot
// updates the hash and the version behind it.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	root := repository(t)
	files, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yml"))
	if err != nil || len(files) < 3 {
		t.Fatalf("the workflows are %q, %v", files, err)
	}
	uses := regexp.MustCompile(`(?m)^.*\buses:.*$`)
	pinned := regexp.MustCompile(`uses: ([\w./-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$`)
	hashes := map[string]string{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range uses.FindAllString(string(content), -1) {
			m := pinned.FindStringSubmatch(line)
			if len(m) == 0 {
				t.Errorf("%s: %q is not pinned by a hash with a version behind it", filepath.Base(file), strings.TrimSpace(line))
				continue
			}
			action, hash := m[1], m[2]
			if other, ok := hashes[action]; ok && other != hash {
				t.Errorf("%s: %s is %s here and %s elsewhere", filepath.Base(file), action, hash, other)
			}
			hashes[action] = hash
		}
	}
}

// GitHub ignores lines of CODEOWNERS that it does not understand.
func TestCodeowners(t *testing.T) {
	t.Parallel()
	owner := regexp.MustCompile(`^@[A-Za-z0-9-]+(/[a-z0-9-]+)?$`)
	rules := 0
	for line := range strings.Lines(read(t, ".github/CODEOWNERS")) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		rules++
		if len(fields) < 2 || slices.ContainsFunc(fields[1:], func(s string) bool { return !owner.MatchString(s) }) {
			t.Errorf("%q is not a pattern and its owners", line)
		}
	}
	if rules == 0 {
		t.Error("nobody owns anything")
	}
}

// Each module of tools is tidied, checked and updated.
func TestToolModules(t *testing.T) {
	t.Parallel()
	root := repository(t)
	var modules []string
	err := filepath.WalkDir(filepath.Join(root, "tools"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == "stub" {
			return filepath.SkipDir
		}
		if err == nil && entry.Name() == "go.mod" {
			dir, _ := filepath.Rel(root, filepath.Dir(path))
			modules = append(modules, filepath.ToSlash(dir))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(modules)
	if want := "directories: [/" + strings.Join(modules, ", /") + "]"; !strings.Contains(read(t, ".github/dependabot.yml"), want) {
		t.Errorf(".github/dependabot.yml lacks %q", want)
	}
	loop := "for dir in . " + strings.Join(modules, " ") + ";"
	if n := strings.Count(read(t, "GNUmakefile"), loop); n != 2 {
		t.Errorf("GNUmakefile has %q %d times, want it in tidy and in tidy-check", loop, n)
	}
	// Dependabot updates tools only if they are allowed by name.
	for _, module := range modules {
		for _, path := range tools(read(t, module+"/go.mod")) {
			if !isAllowed(read(t, ".github/dependabot.yml"), path) {
				t.Errorf(".github/dependabot.yml does not allow updates of the tool %s", path)
			}
		}
	}
}

var tool = regexp.MustCompile(`(?m)^(?:tool )?\s*([\w.-]+\.[a-z]+/[\w./-]+)$`)

// tools returns the packages in the tool directives of a go.mod.
func tools(content string) (paths []string) {
	for _, m := range tool.FindAllStringSubmatch(content, -1) {
		paths = append(paths, m[1])
	}
	return paths
}

func isAllowed(dependabot, path string) bool {
	for _, m := range regexp.MustCompile(`dependency-name: (\S+)`).FindAllStringSubmatch(dependabot, -1) {
		if path == m[1] || strings.HasPrefix(path, m[1]+"/") {
			return true
		}
	}
	return false
}
