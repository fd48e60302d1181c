package main

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const (
	modulePath     = "github.com/aigateway/terraform-provider-aigateway"
	installVersion = "v1.987.6"
)

// repository is the top of the repository, seen from this package.
const repository = "../../../.."

// TestGoInstall installs the command as the guide says, by its module path and a version,
// from a proxy that has this working copy as a release. Other modules come from the cache.
func TestGoInstall(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: it compiles the command with all its modules, and -short is set")
	}
	cache := strings.TrimSpace(goCommand(t, nil, "env", "GOMODCACHE"))
	proxy, work := t.TempDir(), t.TempDir()
	publish(t, filepath.Join(proxy, filepath.FromSlash(modulePath), "@v"))
	env := []string{
		"GOPROXY=file://" + filepath.ToSlash(proxy) + ",file://" + filepath.ToSlash(filepath.Join(cache, "cache", "download")),
		"GONOSUMDB=*", "GONOSUMCHECK=1", "GOSUMDB=off", "GOFLAGS=-modcacherw -trimpath", "GOWORK=off",
		"GOMODCACHE=" + filepath.Join(work, "mod"), "GOBIN=" + filepath.Join(work, "bin"),
	}
	goCommand(t, env, "install", modulePath+"/internal/emulator/cmd/aigateway-emulator@latest")
	name := "aigateway-emulator"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	got, err := exec.CommandContext(t.Context(), filepath.Join(work, "bin", name), "-version").CombinedOutput()
	if want := "aigateway-emulator " + strings.TrimPrefix(installVersion, "v") + "\n"; err != nil || string(got) != want {
		t.Errorf("-version prints %q (%v), want %q", got, err, want)
	}
}

// goCommand runs the go command outside of the repository and returns what it prints.
func goCommand(t *testing.T, env []string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return stdout.String()
}

// publish writes the module as a version into a folder of a proxy: go.mod and the Go files
// with what they embed.
func publish(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(repository, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	add := func(name string, content []byte) {
		entry, err := w.Create(modulePath + "@" + installVersion + "/" + name)
		if err == nil {
			_, err = io.Copy(entry, bytes.NewReader(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("go.mod", mod)
	sum, err := os.ReadFile(filepath.Join(repository, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	add("go.sum", sum)
	files := os.DirFS(repository)
	err = fs.WalkDir(files, "internal/emulator", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "/testdata/") {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err == nil {
			add(name, content)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"list": []byte(installVersion + "\n"), installVersion + ".mod": mod, installVersion + ".zip": archive.Bytes(),
		installVersion + ".info": []byte(`{"Version":"` + installVersion + `","Time":"2026-11-28T00:00:00Z"}`),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
