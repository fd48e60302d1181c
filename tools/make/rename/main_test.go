package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes a small repository in the shape of ours and enters it.
func repository(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range map[string]string{
		"go.mod":                        "module terraform-provider-aigateway\n\ngo 1.25.8\n",
		"tools/make/go.mod":             "// Tools.\nmodule terraform-provider-aigateway/tools/make\n",
		"main.go":                       "import (\n\t\"terraform-provider-aigateway/internal/provider\"\n)\n",
		"internal/provider/provider.go": "const Address = \"registry.terraform.io/aigateway/aigateway\"\n",
		".golangci.yml":                 "deny: [terraform-provider-aigateway/internal/emulator, terraform-provider-aigateway/internal/acctest]\n",
		"GNUmakefile":                   "build:\n\tgo build -o bin/terraform-provider-aigateway .\n",
		"README.md":                     "source = \"aigateway/aigateway\" and `registry.opentofu.org/aigateway/aigateway`,\nnot example.com/terraform-provider-aigateway/internal nor my-aigateway/aigateway-emulator\n",
		"ignored/a.txt":                 "aigateway/aigateway\n",
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
	for _, path := range []string{"github.com/acme/terraform-provider-aigateway", "example.org/x"} {
		if err := run([]string{"module", path}); err != nil {
			t.Fatal(err)
		}
		want(t, "go.mod", "module "+path+"\n\ngo 1.25.8")
		want(t, "tools/make/go.mod", "// Tools.\nmodule "+path+"/tools/make")
		want(t, "main.go", "import (\n\t\""+path+"/internal/provider\"\n)")
		want(t, ".golangci.yml", "deny: ["+path+"/internal/emulator, "+path+"/internal/acctest]")
		want(t, "GNUmakefile", "build:\n\tgo build -o bin/terraform-provider-aigateway .")
		want(t, "README.md", "source = \"aigateway/aigateway\" and `registry.opentofu.org/aigateway/aigateway`,\n"+
			"not example.com/terraform-provider-aigateway/internal nor my-aigateway/aigateway-emulator")
	}
}

func TestNamespace(t *testing.T) {
	repository(t)
	for _, name := range []string{"acme", "other-org"} {
		if err := run([]string{"namespace", name}); err != nil {
			t.Fatal(err)
		}
		want(t, "internal/provider/provider.go", "const Address = \"registry.terraform.io/"+name+"/aigateway\"")
		want(t, "README.md", "source = \""+name+"/aigateway\" and `registry.opentofu.org/"+name+"/aigateway`,\n"+
			"not example.com/terraform-provider-aigateway/internal nor my-aigateway/aigateway-emulator")
		want(t, "ignored/a.txt", "aigateway/aigateway")
		want(t, "go.mod", "module terraform-provider-aigateway\n\ngo 1.25.8")
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
