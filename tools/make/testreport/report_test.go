package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const sample = `package sample

import (
	"os"
	"testing"
)

func TestPass(t *testing.T) {}

func TestParent(t *testing.T) {
	t.Run("good", func(t *testing.T) {})
	t.Run("bad", func(t *testing.T) {
		if os.Getenv("SAMPLE") == "fail" {
			t.Fatal("it broke")
		}
	})
	t.Run("skipped", func(t *testing.T) { t.Skip("the CLI does not have it: yet") })
}

func TestPanic(t *testing.T) {
	if os.Getenv("SAMPLE") == "panic" {
		panic("out of the blue")
	}
}
`

// module writes a module with one package and enters it.
func module(t *testing.T, source string) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"go.mod": "module sample\n\ngo 1.25\n", "a_test.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

// reported runs the sample's tests and returns the report's text.
func reported(t *testing.T, source, env string) (text string, ok bool) {
	t.Helper()
	module(t, source)
	t.Setenv("SAMPLE", env)
	var b strings.Builder
	r := newReport(&b)
	if err := run(r, []string{"go", "test", "-json", "./..."}); err != nil {
		r.note(err.Error())
	}
	r.close()
	return b.String(), r.ok()
}

func wantLines(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, line) {
			t.Errorf("no %q in:\n%s", line, text)
		}
	}
}

func TestAllPass(t *testing.T) {
	text, ok := reported(t, sample, "")
	if !ok {
		t.Error("not ok")
	}
	wantLines(t, text, "ok    sample", "\nSkipped:\n  the CLI does not have it: yet\n    sample: TestParent/skipped\n")
	if !strings.HasSuffix(text, "\n4 passed, 0 failed, 1 skipped\n") {
		t.Errorf("last line of:\n%s", text)
	}
}

func TestFailure(t *testing.T) {
	text, ok := reported(t, sample, "fail")
	if ok {
		t.Error("ok")
	}
	wantLines(t, text, "it broke", "FAIL  sample", "\nFailed:\n  sample: TestParent/bad\n", "\n3 passed, 1 failed, 1 skipped\n")
}

func TestPanicIsAFailure(t *testing.T) {
	text, ok := reported(t, sample, "panic")
	if ok {
		t.Error("ok")
	}
	wantLines(t, text, "out of the blue", "\nFailed:\n  sample: TestPanic\n", ", 1 failed, 1 skipped\n")
}

func TestBuildFailure(t *testing.T) {
	text, ok := reported(t, "package sample\n\nvar x int = \"text\"\n", "")
	if ok {
		t.Error("ok")
	}
	wantLines(t, text, "cannot use \"text\"", "\nFailed:\n  sample\n", "\n0 passed, 1 failed, 0 skipped\n")
}

func TestNoTestRan(t *testing.T) {
	text, ok := reported(t, "package sample\n", "")
	if ok {
		t.Error("ok")
	}
	wantLines(t, text, "No test ran.", "\n0 passed, 0 failed, 0 skipped\n")
}

// A command that fails before any test is a failure, too.
func TestBrokenCommand(t *testing.T) {
	module(t, sample)
	r := newReport(io.Discard)
	err := run(r, []string{"go", "test", "-json", "./absent"})
	if err == nil && r.failures() == 0 {
		t.Error("no failure")
	}
	if err := run(r, []string{"no-such-command"}); err == nil {
		t.Error("no error")
	}
}

// Two commands may run the same package, and count both.
func TestTwoCommands(t *testing.T) {
	module(t, sample)
	t.Setenv("SAMPLE", "")
	var b strings.Builder
	r := newReport(&b)
	for _, command := range split([]string{"go", "test", "-json", ".", ":::", "go", "test", "-json", "-run", "Pass", "."}) {
		if err := run(r, command); err != nil {
			t.Fatal(err)
		}
	}
	r.close()
	wantLines(t, b.String(), "\n5 passed, 0 failed, 1 skipped\n")
}

func TestSplit(t *testing.T) {
	got := fmt.Sprint(split([]string{":::", "a", "-b", ":::", ":::", "c", ":::"}))
	if got != "[[a -b] [c]]" {
		t.Error(got)
	}
}

func TestReason(t *testing.T) {
	for output, want := range map[string]string{
		"=== RUN   TestX\n    x_test.go:12: because: it is\n--- SKIP: TestX (0.00s)\n": "because: it is",
		"=== RUN   TestX\n--- SKIP: TestX (0.00s)\n":                                   "(no reason given)",
		"    a/b_test.go:1: one\n        two\n":                                        "one two",
		"a plain line\n":                                                               "a plain line",
	} {
		p := &pkg{output: map[string]*strings.Builder{"TestX": {}}}
		p.output["TestX"].WriteString(output)
		if got := p.reason("TestX"); got != want {
			t.Errorf("%q: %q, want %q", output, got, want)
		}
	}
}
