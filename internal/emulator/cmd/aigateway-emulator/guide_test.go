package main

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestGuide compares what the guide says about the command with the command: its flags, the
// settings that it prints, and the path for go install.
func TestGuide(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(repository, "templates", "guides", "emulator.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	guide := string(raw)
	var help output
	run(t.Context(), []string{"-h"}, &help, &help)
	names := regexp.MustCompile("`(?:/?aigateway-emulator )?-([a-z-]+)").FindAllStringSubmatch(guide, -1)
	if len(names) < 8 {
		t.Errorf("the guide names %d flags: the pattern of this test does not match it any more", len(names))
	}
	for _, name := range names {
		if name[1] != "help" && !strings.Contains(help.String(), "\n  -"+name[1]) {
			t.Errorf("the guide names -%s, which is not a flag", name[1])
		}
	}
	c := launch(t, "-listen", "127.0.0.1:0")
	for line := range strings.Lines(c.stdout.String()) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "  #")
		if line = strings.ReplaceAll(line, c.url, "http://127.0.0.1:8787"); strings.HasPrefix(line, "export ") && !strings.Contains(guide, "\n"+line+"\n") {
			t.Errorf("the guide lacks %q", line)
		}
	}
	for _, want := range []string{"go install " + modulePath + "/internal/emulator/cmd/aigateway-emulator@latest\n", "-f internal/emulator/cmd/aigateway-emulator/Containerfile "} {
		if !strings.Contains(guide, want) {
			t.Errorf("the guide lacks %q", want)
		}
	}
	if runtime.GOOS == "windows" {
		return // which says it in other words
	}
	var stderr output
	if code := run(t.Context(), []string{"-listen", strings.TrimPrefix(c.url, "http://")}, &stderr, &stderr); code != exitFailure || !strings.Contains(stderr.String(), "address already in use") {
		t.Errorf("a port in use: exit code %d, %q", code, stderr.String())
	}
}
