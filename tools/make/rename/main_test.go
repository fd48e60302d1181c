package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// others are names that look like ours and are not. What stands here is made up
// throughout, so that renaming this repository leaves its tests alone.
const others = "not example.com/old.example/terraform-provider-thing/internal, not my-old/thing, not old/things\n"

// repository makes a small repository in the shape of ours and enters it.
func repository(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range map[string]string{
		"go.mod":                        "module old.example/terraform-provider-thing\n\ngo 1.25.8\n",
		"tools/make/go.mod":             "// Tools.\nmodule old.example/terraform-provider-thing/tools/make\n",
		"main.go":                       "import (\n\t\"old.example/terraform-provider-thing/internal/provider\"\n)\n",
		"internal/provider/provider.go": "const Address = \"registry.terraform.io/old/thing\"\n",
		".golangci.yml":                 "deny: [old.example/terraform-provider-thing/internal/a, old.example/terraform-provider-thing/internal/b]\n",
		"GNUmakefile":                   "build:\n\tgo build -o bin/terraform-provider-thing .\n",
		"README.md":                     "source = \"old/thing\", `registry.opentofu.org/old/thing`, old/thing,old/thing\n" + others,
		"ignored/a.txt":                 "old/thing\n",
		".gitignore":                    "/ignored/\n",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "README.md"}} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
	}
}

func want(t *testing.T, file, content string) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(got)) != strings.TrimSpace(content) {
		t.Errorf("%s:\n%s\nwant:\n%s", file, got, content)
	}
}

func TestModule(t *testing.T) {
	repository(t)
	for _, path := range []string{"terraform-provider-thing", "example.org/x", "example.org/x/internal"} {
		if err := run([]string{"module", path}); err != nil {
			t.Fatal(err)
		}
		want(t, "go.mod", "module "+path+"\n\ngo 1.25.8")
		want(t, "tools/make/go.mod", "// Tools.\nmodule "+path+"/tools/make")
		want(t, "main.go", "import (\n\t\""+path+"/internal/provider\"\n)")
		want(t, ".golangci.yml", "deny: ["+path+"/internal/a, "+path+"/internal/b]")
		want(t, "GNUmakefile", "build:\n\tgo build -o bin/terraform-provider-thing .")
		want(t, "README.md", "source = \"old/thing\", `registry.opentofu.org/old/thing`, old/thing,old/thing\n"+others)
	}
}

func TestNamespace(t *testing.T) {
	repository(t)
	for _, name := range []string{"acme", "other-org"} {
		if err := run([]string{"namespace", name}); err != nil {
			t.Fatal(err)
		}
		want(t, "internal/provider/provider.go", "const Address = \"registry.terraform.io/"+name+"/thing\"")
		want(t, "README.md", strings.ReplaceAll("source = \"old/thing\", `registry.opentofu.org/old/thing`, old/thing,old/thing\n", "old", name)+others)
		want(t, "ignored/a.txt", "old/thing")
		want(t, "go.mod", "module old.example/terraform-provider-thing\n\ngo 1.25.8")
	}
}

func TestRefusals(t *testing.T) {
	repository(t)
	for _, args := range [][]string{
		nil, {"module"}, {"other", "x"},
		{"module", ""}, {"module", "has space"}, {"module", "/absolute"}, {"module", "trailing/"},
		{"namespace", ""}, {"namespace", "a/b"}, {"namespace", "-a"}, {"namespace", "a."},
	} {
		if err := run(args); err == nil {
			t.Errorf("%q was accepted", args)
		}
	}
}
