package acctest_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/release"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// kinds are the headings of a version, in their order.
var kinds = []string{"BREAKING CHANGES", "NOTES", "FEATURES", "ENHANCEMENTS", "BUG FIXES"}

// announced are the words by which FEATURES announces an object, and the prefix that
// later entries about it have.
var announced = map[string]string{
	"Resource": "resource", "Data Source": "data-source", "List Resource": "list-resource", "Action": "action", "Function": "function",
}

var (
	newObject = regexp.MustCompile(`^\*\*New ([A-Z][A-Za-z ]+?)s?:\*\* (.+)$`)
	about     = regexp.MustCompile(`^([a-z][a-z-]*(?:/[\w*-]+)?(?:, [a-z][a-z-]*(?:/[\w*-]+)?)*): \S`)
	code      = regexp.MustCompile("`([a-z_]+)`")
)

// TestChangelog holds CHANGELOG.md to HashiCorp's form. Each entry says what it is
// about, and that exists.
func TestChangelog(t *testing.T) {
	t.Parallel()
	sections, err := release.Changelog(read(t, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	objects := providerObjects(t)
	var features []string
	for i, section := range sections {
		if _, err := time.Parse("January 2, 2006", section.Date); err != nil && (i > 0 || section.Date != "Unreleased") {
			t.Errorf("version %s: the date is %q, want one such as \"January 2, 2027\"", section.Version, section.Date)
		}
		for _, wrong := range checkSection(section.Text, objects) {
			t.Errorf("version %s: %s", section.Version, wrong)
		}
		features = append(features, section.Text)
	}
	// Each object was new once.
	all := strings.Join(features, "\n")
	for object := range objects {
		kind, name, _ := strings.Cut(object, "/")
		if !isAnnounced(all, kind, name) {
			t.Errorf("no version announces %s", object)
		}
	}
}

// isAnnounced reports whether FEATURES of a version announces an object.
func isAnnounced(text, kind, name string) bool {
	for line := range strings.Lines(text) {
		m := newObject.FindStringSubmatch(strings.TrimPrefix(strings.TrimSpace(line), "* "))
		if len(m) > 0 && announced[m[1]] == kind && strings.Contains(m[2], "`"+name+"`") {
			return true
		}
	}
	return false
}

// checkSection returns what is wrong with the text about a version.
func checkSection(text string, objects map[string]bool) (wrong []string) {
	last, kind := -1, ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		heading, isHeading := strings.CutSuffix(line, ":")
		entry, isEntry := strings.CutPrefix(line, "* ")
		switch {
		case line == "":
		case isHeading && !isEntry:
			at := slices.Index(kinds, heading)
			if at <= last {
				wrong = append(wrong, fmt.Sprintf("the heading %q is none of %q, or not in this order", heading, kinds))
			}
			last, kind = at, heading
		case !isEntry || kind == "":
			wrong = append(wrong, fmt.Sprintf("%q is neither a heading nor an entry below one", line))
		default:
			if problem := checkEntry(kind, entry, objects); problem != "" {
				wrong = append(wrong, fmt.Sprintf("%s: %.80q: %s", kind, entry, problem))
			}
		}
	}
	return wrong
}

// checkEntry returns what is wrong with an entry, if anything is.
func checkEntry(kind, entry string, objects map[string]bool) string {
	if strings.HasSuffix(entry, ".") {
		return "an entry ends without a period"
	}
	if kind == "NOTES" {
		return ""
	}
	if m := newObject.FindStringSubmatch(entry); len(m) > 0 && kind == "FEATURES" {
		prefix, ok := announced[m[1]]
		if !ok {
			return "" // guides
		}
		names, _, _ := strings.Cut(m[2], ". ")
		first := code.FindStringSubmatch(names)
		if len(first) == 0 || !objects[prefix+"/"+first[1]] {
			return "it announces nothing that exists"
		}
		return ""
	}
	m := about.FindStringSubmatch(entry)
	if len(m) == 0 {
		return "it does not begin with what it is about, such as \"resource/aigateway_gateway: \""
	}
	for subject := range strings.SplitSeq(m[1], ", ") {
		if !isSubject(subject, objects) {
			return subject + " does not exist"
		}
	}
	return ""
}

func isSubject(subject string, objects map[string]bool) bool {
	prefix, name, _ := strings.Cut(subject, "/")
	switch {
	case slices.Contains([]string{"provider", "emulator", "docs", "examples"}, prefix):
		return name == "" || prefix == "examples"
	case name == "*":
		return slices.ContainsFunc(slices.Collect(maps.Values(announced)), func(p string) bool { return p == prefix })
	}
	return objects[subject]
}

// providerObjects returns all objects of the provider, such as
// "resource/aigateway_gateway".
func providerObjects(t *testing.T) map[string]bool {
	t.Helper()
	server := acctest.Emulate(t, emulator.Options{}).Protocol(t, nil)
	schema := server.Schema()
	objects := map[string]bool{}
	addAll(objects, "resource", schema.ResourceSchemas)
	addAll(objects, "data-source", schema.DataSourceSchemas)
	addAll(objects, "list-resource", schema.ListResourceSchemas)
	addAll(objects, "action", schema.ActionSchemas)
	addAll(objects, "function", schema.Functions)
	return objects
}

func addAll[T any](objects map[string]bool, prefix string, named map[string]T) {
	for name := range named {
		objects[prefix+"/"+name] = true
	}
}

// The check itself: each of these sections has one mistake.
func TestChangelogMistakes(t *testing.T) {
	t.Parallel()
	objects := map[string]bool{"resource/aigateway_gateway": true, "function/parse_model": true}
	good := "FEATURES:\n\n* **New Resource:** `aigateway_gateway`, which\n* **New Guides:** a and b\n\nBUG FIXES:\n\n* provider, resource/*: x\n* examples/mocks: y\n"
	if wrong := checkSection(good, objects); len(wrong) > 0 {
		t.Errorf("a section without mistakes has %q", wrong)
	}
	for text, want := range map[string]string{
		"BUG FIXES:\n\n* provider: x\n\nFEATURES:\n": "not in this order",
		"CHANGES:\n":                  "is none of",
		"IMPROVEMENTS\n":              "neither a heading",
		"* provider: x\n":             "neither a heading",
		"BUG FIXES:\n\n* Something\n": "what it is about",
		"BUG FIXES:\n\n* resource/aigateway_gatway: x\n":  "resource/aigateway_gatway does not exist",
		"BUG FIXES:\n\n* ephemeral/*: x\n":                "ephemeral/* does not exist",
		"BUG FIXES:\n\n* provider: x.\n":                  "without a period",
		"FEATURES:\n\n* **New Function:** `parse_modl`\n": "announces nothing that exists",
	} {
		if wrong := checkSection(text, objects); len(wrong) != 1 || !strings.Contains(wrong[0], want) {
			t.Errorf("%q: the mistakes are %q, want one with %q", text, wrong, want)
		}
	}
}
