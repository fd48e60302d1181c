package live_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/live"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// The emulator does by default what the service was seen to do. testdata/answers.json is the
// machine-readable part of the latest report; .github/LIVE.md says how it gets there.
func TestRecordedAnswers(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("testdata", "answers.json"))
	if err != nil {
		t.Fatal(err)
	}
	records, err := live.ParseRecords(string(content))
	if err != nil {
		t.Fatal(err)
	}
	if records.Service != "cloudflare" {
		t.Errorf("the answers are from the service %q", records.Service)
	}
	for _, line := range live.Contradictions(records) {
		t.Error(line)
	}
}

// A report of an account that behaves like quirks becomes a list of what to change.
func TestContradictions(t *testing.T) {
	w := newWorld(t, emulator.Options{Quirks: []emulator.Quirk{emulator.PaidPlan, emulator.RouteNameClash500}})
	records, err := live.ParseRecords(markdown(t, w.run(t)))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(live.Contradictions(records), "\n")
	for _, want := range []string{
		"initial/log_management: the service: 10000000; the emulator: 100000. Turn the quirk paid-plan around",
		"initial/log_management_strategy: ",
		"route/name-clash: the service: 500 7000; the emulator: 400 7005. Turn the quirk route-name-clash-500 around: its behavior becomes " +
			"the default (internal/emulator/controlplane/routes.go",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "\n") + 1; n != 4 {
		t.Errorf("%d lines:\n%s", n, got)
	}

	for i, answer := range records.Answers {
		if answer.Quirk == "paid-plan" {
			records.Answers[i].Kept = "it depends on the plan"
		}
	}
	records.Answers = append(records.Answers, live.Record{Name: "list/lag", Value: "later"}, live.Record{Name: "gone"})
	got = strings.Join(live.Contradictions(records), "\n")
	for _, want := range []string{"route/name-clash: ", "list/lag: the service: later; the emulator: at once. Change the emulator (", "gone: there is no such question"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "paid-plan") {
		t.Errorf("an answer that is kept counts:\n%s", got)
	}
}

// Every hint names files that exist.
func TestPlaces(t *testing.T) {
	for _, q := range live.Questions() {
		lines := live.Contradictions(live.Records{Answers: []live.Record{{Name: q.Name, Value: "\x00"}}})
		if len(lines) != 1 {
			t.Fatalf("%s: %q", q.Name, lines)
		}
		for word := range strings.FieldsSeq(lines[0]) {
			if word = strings.Trim(word, "().,"); strings.HasPrefix(word, "internal/") {
				if _, err := os.Stat(filepath.Join("..", "..", "..", word)); err != nil {
					t.Errorf("%s: %v", q.Name, err)
				}
			}
		}
	}
}
