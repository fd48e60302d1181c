package live_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/live"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A spy notes the secrets in requests, and how many gateways there are at a time.
type spy struct {
	next     http.RoundTripper
	count    func() int
	mu       sync.Mutex
	secrets  map[string]bool
	requests int
	most     int
}

func (s *spy) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range []string{"Authorization", "Cf-Aig-Authorization"} {
		if _, token, ok := strings.Cut(r.Header.Get(name), " "); ok {
			s.secrets[token] = true
		}
	}
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		var decoded any
		if json.Unmarshal(body, &decoded) == nil {
			s.collect(decoded, false)
		}
	}
	s.requests++
	response, err := s.next.RoundTrip(r)
	s.most = max(s.most, s.count())
	return response, err
}

// collect notes the strings below members whose values are secrets.
func (s *spy) collect(value any, secret bool) {
	switch value := value.(type) {
	case string:
		if secret {
			s.secrets[value] = true
		}
	case []any:
		for _, item := range value {
			s.collect(item, secret)
		}
	case map[string]any:
		for name, item := range value {
			isValue := name == "value" && value["scopes"] != nil // of a secret in the Secrets Store
			_, plain := item.(string)                            // headers of a custom provider are no secrets: the report may name them
			s.collect(item, secret || isValue || name == "secret" || name == "authorization" || name == "headers" && !plain)
		}
	}
}

func watch(w *world) *spy {
	s := &spy{next: roundTripper(w.pass), count: func() int { return len(w.GatewayIDs(account)) }, secrets: map[string]bool{}}
	w.options.Client = &http.Client{Transport: s}
	return s
}

func markdown(t *testing.T, report *live.Report) string {
	t.Helper()
	text, err := report.Markdown()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The report has no secret that was sent, however the service shows it, and not the
// account's ID. It is short enough for an issue.
func TestReportHasNoSecrets(t *testing.T) {
	for name, quirks := range map[string][]emulator.Quirk{
		"default": nil,
		"all": slices.DeleteFunc(emulator.Quirks(), func(q emulator.Quirk) bool {
			return q == emulator.SecretsOmitted || q == emulator.StrictBodies
		}),
		"strict": {emulator.StrictBodies, emulator.SecretsMasked, emulator.ExtraFields, emulator.PutKeepsOmitted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, emulator.Options{Quirks: quirks})
			seen := watch(w)
			report := w.run(t)
			text := markdown(t, report)
			data, err := report.JSON()
			if err != nil {
				t.Fatal(err)
			}
			if records, err := live.ParseRecords(data); err != nil || len(records.Samples) < 30 {
				t.Errorf("the file for machines has %d samples: %v", len(records.Samples), err)
			}
			text += data
			if len(seen.secrets) < 20 {
				t.Errorf("only %d secrets were sent: the test misses some", len(seen.secrets))
			}
			for secret := range seen.secrets {
				if strings.Contains(text, secret) {
					t.Errorf("the report has the secret %s", secret)
				}
			}
			for _, hidden := range []string{account, "emulator.test", w.StoreIDs(account)[0], `"mine"`} {
				if strings.Contains(text, hidden) {
					t.Errorf("the report has %s", hidden)
				}
			}
			if n := len(text) - len(data); n > 65536 {
				t.Errorf("the report has %d characters, and an issue on GitHub 65536 at most", n)
			} else {
				t.Logf("%d characters", n)
			}
		})
	}
}

// An account of the free plan may have 10 gateways, and a run must leave room.
func TestFewGatewaysAtATime(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	seen := watch(w)
	w.run(t)
	if own := seen.most - 1; own > 6 {
		t.Errorf("the run had %d gateways at a time", own)
	}
	if seen.requests > 470 {
		t.Errorf("the run made %d requests, more than the announcement says", seen.requests)
	}
}

// The machine-readable part of a report can be read back from the whole text.
func TestParseRecords(t *testing.T) {
	w := newWorld(t, emulator.Options{Quirks: []emulator.Quirk{emulator.PaidPlan, emulator.RouteElementsTop}})
	report := w.run(t)
	text := markdown(t, report)
	got, err := live.ParseRecords(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Answers) != len(report.Results) {
		t.Errorf("%d answers, want %d", len(got.Answers), len(report.Results))
	}
	quirks := map[string]bool{}
	for _, answer := range got.Answers {
		quirks[answer.Quirk] = true
	}
	if !quirks["paid-plan"] || !quirks["route-elements-top"] || len(quirks) != 3 {
		t.Errorf("quirks: %v", quirks)
	}
	if got.Service != "other" || !strings.Contains(text, "not a report on Cloudflare's API") {
		t.Errorf("a report on the emulator looks like one on the service %q", got.Service)
	}
	if got.Samples["route"] == nil {
		t.Error("the samples lack the route")
	}
	for _, wrong := range []string{"", "# Live report", "```json\n{\"format\":2}\n```"} {
		if _, err := live.ParseRecords(wrong); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
}

// Without leave for requests, none goes to a model, and the questions say so.
func TestNoRequestsToModels(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	w.options.Requests = false
	for _, result := range w.run(t).Results {
		for _, e := range result.Exchanges {
			if strings.Contains(e.Path, "/chat/completions") {
				t.Errorf("%s sent %s %s", result.Question.Name, e.Method, e.Path)
			}
		}
		if result.Verdict != live.AsEmulator && result.Verdict != live.NotAsked {
			t.Errorf("%s: %s", result.Question.Name, result.Verdict)
		}
	}
}

// The requests to models have an invalid key, which costs nothing.
func TestRequestsToModelsHaveAnInvalidKey(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	w.run(t)
	count := 0
	for _, r := range w.Requests() {
		if strings.HasPrefix(r.Path, "/v1/") {
			count++
			if r.Status != http.StatusUnauthorized && r.Status != http.StatusForbidden && r.Status != http.StatusBadRequest {
				t.Errorf("%s %s answered %d", r.Method, r.Path, r.Status)
			}
		}
	}
	if count == 0 || count > 8 {
		t.Errorf("%d requests to models", count)
	}
}

// The questions can be chosen by the beginnings of their names.
func TestOnly(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	w.options.Only = []string{"null/cache_ttl", "list/"}
	if got := len(w.run(t).Results); got != w.options.Count() || got != 5 {
		t.Errorf("%d questions were asked", got)
	}
	w.options.Only = []string{"nonsense"}
	if _, err := live.Run(context.Background(), w.options); err == nil {
		t.Error("a run without questions is no error")
	}
}
