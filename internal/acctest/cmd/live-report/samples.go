package main

import (
	"encoding/json"
	"errors"
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

// writeSamples writes the responses of a report into files of the form that
// internal/emulator/testdata/observed has.
func writeSamples(dir string, args []string, stdout io.Writer) error {
	if len(args) != 1 {
		return errors.New("-samples needs the file of a report")
	}
	report, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	records, err := live.ParseRecords(string(report))
	if err != nil {
		return err
	}
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
