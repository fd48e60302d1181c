package cli_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

func TestInstallProvider(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(t.TempDir(), "built")
	for _, content := range []string{"first", "second"} { // a new build replaces the old one
		if err := os.RemoveAll(binary); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(binary, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := cli.InstallProvider(dir, binary, "registry.terraform.io/acme/thing", "1.2.3"); err != nil {
			t.Fatal(err)
		}
		for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
			name := "terraform-provider-thing_v1.2.3"
			if runtime.GOOS == "windows" {
				name += ".exe"
			}
			got, err := os.ReadFile(filepath.Join(dir, host, "acme", "thing", "1.2.3", runtime.GOOS+"_"+runtime.GOARCH, name))
			if err != nil || string(got) != content {
				t.Errorf("%s: %q, %v; want %q", host, got, err, content)
			}
		}
	}
	if err := cli.InstallProvider(dir, binary, "acme/thing", "1.2.3"); err == nil {
		t.Error("an address without a host was accepted")
	}
}

func TestWriteConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cli.tfrc")
	if err := cli.WriteConfig(file, "mirror"); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	want := `path = "` + filepath.ToSlash(filepath.Join(wd, "mirror")) + `"`
	if !strings.Contains(string(content), want) || strings.Contains(string(content), "direct") {
		t.Errorf("got:\n%s\nwant %s, and no direct installation", content, want)
	}
}

func TestInstallArchive(t *testing.T) {
	t.Parallel()
	name := "terraform-provider-aigateway_1.2.3_linux_amd64.zip"
	archive, dir := filepath.Join(t.TempDir(), name), t.TempDir()
	if err := os.WriteFile(archive, []byte("zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time, the files are there already
		if err := cli.InstallArchive(dir, archive, "registry.terraform.io/acme/aigateway"); err != nil {
			t.Fatal(err)
		}
	}
	for _, host := range cli.Hosts {
		if content, err := os.ReadFile(filepath.Join(dir, host, "acme", "aigateway", name)); err != nil || string(content) != "zip" {
			t.Errorf("%s: %q, %v", host, content, err)
		}
	}
	if err := cli.InstallArchive(dir, archive, "acme/aigateway"); err == nil {
		t.Error("an address without a host is accepted")
	}
}
