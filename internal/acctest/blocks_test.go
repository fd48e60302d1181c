package acctest_test

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// exampleTests are the tests that run the files below examples. The first pattern that
// matches counts. Most pages show these files.
var exampleTests = []struct{ pattern, test string }{
	{"resources/*/import-by-*.tf", "TestImportExamples"},
	{"resources/*/import.sh", "TestImportCommands"},
	{"resources/aigateway_custom_domain/request.sh", notRun + "needs cloudflared and a person who signs in"},
	{"resources/*/*.tf", "TestExamples"},
	{"data-sources/*/*.tf", "TestExamples"},
	{"functions/*/*.tf", "TestExamples"},
	{"list-resources/*/*", "TestListExamples"},
	{"actions/aigateway_delete_logs/*", "TestActionDeleteLogs"},
	{"actions/aigateway_deploy_route_version/*", "TestActionDeployRouteVersion"},
	{"actions/aigateway_test_request/*", "TestActionTestRequest"},
	{"provider/provider.tf", "TestProviderExample"},
	{"bring-your-own-key/*", "TestBringYourOwnKey"},
	{"demo/*", "TestDemoWithARealCLI"},
	{"dynamic-routing/*", "TestDynamicRoutingExample"},
	{"from-nothing/*", "TestFromNothing"},
	{"mocks/*", "TestMocksTestAModule"},
	{"policies/*", "TestPoliciesExample"},
	{"guides/getting-started/request.mjs", "TestGettingStartedJavaScript"},
	{"guides/getting-started/request.py", "TestGettingStartedPython"},
	{"guides/getting-started/*", "TestGuideGettingStarted"},
	{"team-module/*", "TestTeamModuleTests"},
	{"guides/access/*", "TestGuideAccess"},
	{"guides/budgets-and-guardrails/*", "TestGuideBudgets"},
	{"guides/emulator/*", "TestGuideEmulator"},
	{"guides/keys/*", "TestGuideKeys"},
	{"guides/routing/*", "TestGuideRouting"},
	{"guides/team-module/*", "TestGuideTeamModule"},
	{"guides/testing-in-ci/check.tf", "TestGuideCICheck"},
	{"guides/testing-in-ci/ci.sh", "TestGuideCIScript"},
	{"guides/testing-in-ci/workflow.yml", "TestGuideCIWorkflow"},
	{"guides/testing-in-ci/*", "TestGuideCI"},
	{"guides/upgrading/*", "TestGuideUpgrading"},
	{"guides/importing/*", "TestGuideImportingMany"},
	{"guides/migrating/*", "TestGuideMigrating"},
	{"guides/testing/*", "TestMocksTestAModule"},
}

// typedBlocks are the blocks that pages have of their own, by the page and the first words
// of the block.
var typedBlocks = []struct{ page, begins, test string }{
	{".github/LIVE.md", "export ", notRun + "needs a Cloudflare account"},
	{".github/RELEASING.md", "   gpg ", notRun + "makes the key of the releases"},
	{".github/RELEASING.md", "   make release-dry-run", notRun + "takes minutes; a job of the workflow Test runs it"},
	{".github/RELEASING.md", "   git tag ", notRun + "makes a release"},
	{".github/SECURITY.md", "gh release download", notRun + "needs a release"},
	{"CONTRIBUTING.md", "main.go ", notCode},
	{"CONTRIBUTING.md", "git grep", notRun + "renames the module, for a fork"},
	{"README.md", "make build", "TestReadme"},
	{"README.md", "bin/aigateway-emulator", "TestRun"},
	{"README.md", "export ", "TestReadme"},
	{"README.md", "terraform ", "TestReadme"},
	{"README.md", "… The emulator answers", "TestReadme"},
	{"README.md", "provider_installation {", "TestReadme"},
	{"README.md", "flowchart TD\n  start", "TestReadmePicture"},
	{"README.md", "flowchart TD\n  code", notCode},
	{"docs/functions/*.md", "", notCode}, // signatures
	{"docs/guides/getting-started.md", "export ", "TestGuideGettingStarted"},
	{"docs/guides/getting-started.md", "terraform init", "TestGuideGettingStarted"},
	{"docs/guides/access.md", "", "TestGuideAccess"},
	{"docs/guides/budgets-and-guardrails.md", "", "TestGuideBudgets"},
	{"docs/guides/emulator.md", "", "TestGuideEmulator"},
	{"docs/guides/keys.md", "", "TestGuideKeys"},
	{"docs/guides/routing.md", "", "TestGuideRouting"},
	{"docs/guides/team-module.md", "", "TestGuideTeamModule"},
	{"docs/guides/testing-in-ci.md", "", "TestGuideCI"},
	{"docs/guides/upgrading.md", "", "TestGuideUpgrading"},
	{"docs/guides/importing.md", "terraform ", "TestGuideExistingAccount"},
	{"docs/guides/migrating-from-cloudflare.md", "terraform init", "TestGuideMigrating"},
	{"docs/guides/migrating-from-cloudflare.md", "  # cloudflare_ai_gateway", "TestGuideMigrating"},
}

const (
	notRun  = "not run: "
	notCode = "not code"
)

var (
	codeBlock    = regexp.MustCompile("(?ms)^ *```[a-z]*\n(.*?)\n? *```$")
	testFunction = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// runBy returns the test of the first entry that matches.
func runBy[T any](all []T, matches func(T) (test string, ok bool)) string {
	for _, one := range all {
		if test, ok := matches(one); ok {
			return test
		}
	}
	return ""
}

// exampleTest returns the test that runs a file below examples.
func exampleTest(name string) string {
	return runBy(exampleTests, func(one struct{ pattern, test string }) (string, bool) {
		dir, last := path.Split(one.pattern)
		if last == "*" && !strings.Contains(dir, "*") {
			return one.test, strings.HasPrefix(name, dir) // at any depth
		}
		matches, _ := path.Match(one.pattern, name)
		return one.test, matches
	})
}

// TestEveryBlockIsRun: every code block of every page, and every file below examples, is
// run by a test, or this test says why not.
func TestEveryBlockIsRun(t *testing.T) {
	t.Parallel()
	root := repository(t)
	exist := tests(t, root)
	files := map[string]string{} // names of the examples, by content
	counts := map[string]int{}
	account := func(what, test string) {
		counts[test]++
		if _, exists := exist[test]; !exists && test != notCode && !strings.HasPrefix(test, notRun) {
			t.Errorf("no test runs %s: %q", what, test)
		}
	}
	err := filepath.WalkDir(filepath.Join(root, "examples"), func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(file, ".md") {
			return err
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(filepath.Join(root, "examples"), file)
		name = filepath.ToSlash(name)
		files[strings.TrimSpace(string(content))] = name
		account("examples/"+name, exampleTest(name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files of examples", len(files))
	blocks, shown := 0, 0
	for file, content := range pages(t) {
		page, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		page = filepath.ToSlash(page)
		for _, match := range codeBlock.FindAllStringSubmatch(content, -1) {
			blocks++
			if _, isExample := files[strings.TrimSpace(match[1])]; isExample {
				shown++
				continue
			}
			begins, _, _ := strings.Cut(match[1], "\n")
			account(page+", "+begins, runBy(typedBlocks, func(one struct{ page, begins, test string }) (string, bool) {
				isPage, _ := path.Match(one.page, page)
				return one.test, isPage && strings.HasPrefix(match[1], one.begins)
			}))
		}
	}
	t.Logf("%d code blocks in pages, of which %d show an example", blocks, shown)
	for _, test := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%4d  %s", counts[test], test)
	}
}

// tests returns the names of all tests of the module.
func tests(t *testing.T, root string) map[string]struct{} {
	t.Helper()
	found := map[string]struct{}{}
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, "_test.go") {
			return err
		}
		content, err := os.ReadFile(file)
		for _, match := range testFunction.FindAllStringSubmatch(string(content), -1) {
			found[match[1]] = struct{}{}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
