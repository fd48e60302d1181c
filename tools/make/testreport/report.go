package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action     string
	Package    string
	ImportPath string // of a build event
	Test       string
	Output     string
	Elapsed    float64
}

// pkg gathers what one run of a package's tests said.
type pkg struct {
	output  map[string]*strings.Builder // by test; "" is the package itself
	results map[string]string           // by test: pass, fail or skip
}

// report turns events into text.
type report struct {
	out                     io.Writer
	packages                map[string]*pkg
	passed, failed, skipped int
	reasons                 map[string][]string // why tests were skipped, and which
	failedNames             []string
	notes                   []string
}

func newReport(out io.Writer) *report {
	return &report{out: out, packages: map[string]*pkg{}, reasons: map[string][]string{}}
}

// note records a failure that is not a test's.
func (r *report) note(text string) { r.notes = append(r.notes, text) }

func (r *report) failures() int { return r.failed + len(r.notes) }

func (r *report) ok() bool { return r.failures() == 0 && r.passed+r.skipped > 0 }

// line takes one line of the output of `go test -json`. What is not an event is
// passed on as it is.
func (r *report) line(line []byte) {
	var e event
	if err := json.Unmarshal(line, &e); err != nil || e.Action == "" {
		fmt.Fprintf(r.out, "%s", line)
		return
	}
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "start", "run", "output", "pass", "fail", "skip":
		r.test(e)
	}
}

func (r *report) test(e event) {
	p := r.packages[e.Package]
	if p == nil {
		p = &pkg{output: map[string]*strings.Builder{}, results: map[string]string{}}
		r.packages[e.Package] = p
	}
	switch {
	case e.Action == "output":
		if p.output[e.Test] == nil {
			p.output[e.Test] = &strings.Builder{}
		}
		p.output[e.Test].WriteString(e.Output)
	case e.Action == "start":
	case e.Action == "run":
		p.results[e.Test] = "" // until it ends
	case e.Test != "":
		p.results[e.Test] = e.Action
	default: // the package has ended
		r.finish(p, e)
		delete(r.packages, e.Package) // another command may run it again
	}
}

// finish counts and prints a package. Tests that have subtests count only if
// they failed and none of their subtests did.
func (r *report) finish(p *pkg, e event) {
	var passed, failed, skipped int
	names := slices.Sorted(maps.Keys(p.results))
	for _, name := range names {
		switch result := p.results[name]; {
		case result == "fail" || result == "": // "": a panic or a timeout cut it off
			if p.hasFailedSubtest(name) {
				continue
			}
			failed++
			r.failedNames = append(r.failedNames, e.Package+": "+name)
			fmt.Fprintf(r.out, "--- FAIL: %s: %s\n%s", e.Package, name, p.text(name))
		case result == "skip":
			skipped++
			reason := p.reason(name)
			r.reasons[reason] = append(r.reasons[reason], e.Package+": "+name)
		case !p.hasSubtest(name):
			passed++
		}
	}
	if e.Action == "fail" {
		if failed == 0 {
			failed++
			r.failedNames = append(r.failedNames, e.Package)
		}
		fmt.Fprint(r.out, p.text(""))
	}
	r.passed, r.failed, r.skipped = r.passed+passed, r.failed+failed, r.skipped+skipped

	switch {
	case failed > 0:
		fmt.Fprintf(r.out, "FAIL  %-60s %6.1fs  %d passed, %d failed, %d skipped\n", e.Package, e.Elapsed, passed, failed, skipped)
	case len(names) == 0:
		fmt.Fprintf(r.out, "-     %-60s          no tests\n", e.Package)
	default:
		fmt.Fprintf(r.out, "ok    %-60s %6.1fs  %d passed, %d skipped\n", e.Package, e.Elapsed, passed, skipped)
	}
}

func (p *pkg) hasSubtest(name string) bool {
	for other := range p.results {
		if strings.HasPrefix(other, name+"/") {
			return true
		}
	}
	return false
}

func (p *pkg) hasFailedSubtest(name string) bool {
	for other, result := range p.results {
		if strings.HasPrefix(other, name+"/") && (result == "fail" || result == "") {
			return true
		}
	}
	return false
}

func (p *pkg) text(name string) string {
	if p.output[name] == nil {
		return ""
	}
	return p.output[name].String()
}

// reason is what a skipped test printed, without the framework's own lines and
// without the place in the source.
func (p *pkg) reason(name string) string {
	var lines []string
	for line := range strings.Lines(p.text(name)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "--- ") {
			continue
		}
		if file, rest, found := strings.Cut(line, ".go:"); found && !strings.ContainsAny(file, " \t") {
			if _, text, found := strings.Cut(rest, ": "); found {
				line = text
			}
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return "(no reason given)"
	}
	return strings.Join(lines, " ")
}

// close reports packages that never ended and prints the totals.
func (r *report) close() {
	for _, name := range slices.Sorted(maps.Keys(r.packages)) {
		r.finish(r.packages[name], event{Action: "fail", Package: name})
	}
	if len(r.reasons) > 0 {
		fmt.Fprintln(r.out, "\nSkipped:")
		for _, reason := range slices.Sorted(maps.Keys(r.reasons)) {
			fmt.Fprintf(r.out, "  %s\n", reason)
			for _, name := range slices.Sorted(slices.Values(r.reasons[reason])) {
				fmt.Fprintf(r.out, "    %s\n", name)
			}
		}
	}
	if r.failures() > 0 {
		fmt.Fprintln(r.out, "\nFailed:")
		for _, name := range append(slices.Sorted(slices.Values(r.failedNames)), r.notes...) {
			fmt.Fprintf(r.out, "  %s\n", name)
		}
	} else if !r.ok() {
		fmt.Fprintln(r.out, "\nNo test ran.")
	}
	fmt.Fprintf(r.out, "\n%d passed, %d failed, %d skipped\n", r.passed, r.failures(), r.skipped)
}
