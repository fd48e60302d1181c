package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/live"
)

// unsafe matches what is not in the names of files.
var unsafe = regexp.MustCompile(`[^a-z0-9]+`)

// check prints how the emulator contradicts a report, and writes its samples.
func check(file, samples string, stdout io.Writer) error {
	report, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	records, err := live.ParseRecords(string(report))
	if err != nil {
		return err
	}
	lines := live.Contradictions(records)
	for _, line := range lines {
		_, _ = fmt.Fprintln(stdout, line)
	}
	_, _ = fmt.Fprintf(stdout, "%d answers, %d contradictions\n", len(records.Answers), len(lines))
	if samples == "" {
		return nil
	}
	return writeSamples(samples, records, stdout)
}

// writeSamples writes the responses of a report into files of the form that
// internal/emulator/testdata/observed has.
func writeSamples(dir string, records live.Records, stdout io.Writer) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(records.Samples)) {
		sample, _ := records.Samples[name].(map[string]any)
		content, err := json.MarshalIndent(sample["body"], "", "  ")
		if err != nil {
			return err
		}
		file := filepath.Join(dir, strings.Trim(unsafe.ReplaceAllString(strings.ToLower(name), "-"), "-")+".json")
		if err := os.WriteFile(file, append(content, '\n'), 0o600); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(stdout, "%s (status %v)\n", file, sample["status"]); err != nil {
			return err
		}
	}
	return nil
}
