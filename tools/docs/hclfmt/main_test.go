package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	unformatted = "resource \"a\" \"b\" {\n name=\"x\"\n  long_name = 1\n}\n"
	formatted   = "resource \"a\" \"b\" {\n  name      = \"x\"\n  long_name = 1\n}\n"
)

func TestFormat(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	want := []string{
		write("a/main.tf", unformatted),
		write("a/tests/b.tftest.hcl", unformatted),
		write("c.tfvars", unformatted),
		write("d.tfquery.hcl", unformatted),
	}
	write("a/good.tf", formatted)
	write("a/import.sh", unformatted)
	write("a/.terraform/modules/x.tf", unformatted)

	for _, check := range []bool{true, false} {
		got, err := run([]string{dir}, check)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("check %v: %q, %v; want %q", check, got, err, want)
		}
	}
	for _, path := range want {
		if content, err := os.ReadFile(path); err != nil || string(content) != formatted {
			t.Errorf("%s: %q, %v", path, content, err)
		}
	}
	if got, err := run([]string{dir}, true); err != nil || len(got) > 0 {
		t.Errorf("after formatting: %q, %v", got, err)
	}

	broken := write("broken.tf", "resource {\n")
	if _, err := run([]string{dir}, false); err == nil || !strings.Contains(err.Error(), broken) {
		t.Errorf("error %v does not name %s", err, broken)
	}
}
