package live_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/live"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const account = "0123456789abcdef0123456789abcdef"

// A world is an account on an emulator, with objects of its own that a run must not touch.
type world struct {
	*emulator.Server

	options live.Options
}

func newWorld(t *testing.T, options emulator.Options) *world {
	t.Helper()
	options.Clock = emulator.NewClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	server, err := emulator.New(options)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Server: server, options: live.Options{
		BaseURL: "http://emulator.test/client/v4", GatewayURL: "http://emulator.test/v1",
		AccountID: account, Token: emulator.DefaultToken, Requests: true, Interval: time.Second,
		// The emulator's time passes, the machine's does not.
		Sleep: func(ctx context.Context, d time.Duration) error {
			server.Clock().Advance(d)
			return ctx.Err()
		},
	}}
	w.options.Client = &http.Client{Transport: roundTripper(w.pass)}
	server.PutGateway(account, map[string]any{"id": "mine"})
	server.PutSecret(account, server.StoreIDs(account)[0], "mine", "a value")
	return w
}

// pass takes a request to the emulator, without a network.
func (w *world) pass(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	response := httptest.NewRecorder()
	w.ServeHTTP(response, r)
	return response.Result(), nil
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// objects returns the names of everything in the account.
func (w *world) objects() map[string][]string {
	var customProviders []string
	for _, p := range w.CustomProviders(account) {
		slug, _ := p["slug"].(string)
		customProviders = append(customProviders, slug)
	}
	out := map[string][]string{
		"gateways": w.GatewayIDs(account), "stores": w.StoreNames(account), "custom providers": customProviders,
	}
	for _, store := range w.StoreIDs(account) {
		out["secrets"] = append(out["secrets"], w.SecretNames(account, store)...)
	}
	return out
}

// run asks the questions and requires that the account is as before.
func (w *world) run(t *testing.T) *live.Report {
	t.Helper()
	before := w.objects()
	report, err := live.Run(t.Context(), w.options)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, w.objects()); diff != "" {
		t.Errorf("the account is not as before (-before, +after):\n%s", diff)
	}
	if len(report.Left) > 0 {
		t.Errorf("left: %s", report.Left)
	}
	return report
}

// By default, each answer is the one that its question expects of the emulator.
func TestDefaults(t *testing.T) {
	for _, result := range newWorld(t, emulator.Options{}).run(t).Results {
		if result.Verdict != live.AsEmulator && !neverAsked[result.Question.Name] {
			t.Errorf("%s: %s: %q, want %q (%s, %v)", result.Question.Name, result.Verdict, result.Answer.Value,
				result.Question.Emulated, result.Answer.Detail, result.Err)
		}
	}
}

// neverAsked are questions that need an account in a certain state.
var neverAsked = map[string]bool{"create/limit": true}

// looksLike has the quirks that a quirk cannot be told from in some answers: a service that
// stores fields it does not know also stores those that POST does not have.
var looksLike = map[emulator.Quirk]emulator.Quirk{emulator.UnknownFields: emulator.CreateAcceptsAll}

// Under each quirk, some answers change to the quirk's, and all others stay.
func TestQuirks(t *testing.T) {
	for _, quirk := range emulator.Quirks() {
		t.Run(string(quirk), func(t *testing.T) {
			t.Parallel()
			report := newWorld(t, emulator.Options{Quirks: []emulator.Quirk{quirk}}).run(t)
			recognized := 0
			for _, result := range report.Results {
				expects := slices.Contains(slices.Collect(maps.Values(result.Question.Quirks)), quirk)
				switch {
				case result.Verdict == live.AsQuirk && result.Quirk == quirk:
					recognized++
				case expects:
					t.Errorf("%s: %s: %q: the question does not recognize the quirk (%s, %v)", result.Question.Name, result.Verdict,
						result.Answer.Value, result.Answer.Detail, result.Err)
				case result.Quirk != "" && result.Quirk == looksLike[quirk]:
				case result.Verdict != live.AsEmulator && !neverAsked[result.Question.Name]:
					t.Errorf("%s: %s %s: %q, want %q (%s, %v)", result.Question.Name, result.Verdict, result.Quirk, result.Answer.Value,
						result.Question.Emulated, result.Answer.Detail, result.Err)
				}
			}
			if recognized == 0 {
				t.Error("no question recognizes the quirk")
			}
		})
	}
}

func TestNames(t *testing.T) {
	names := map[string]bool{}
	for _, q := range live.Questions() {
		if names[q.Name] {
			t.Errorf("two questions are called %s", q.Name)
		}
		names[q.Name] = true
		for _, text := range []string{q.Question, q.Documented} {
			if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
				t.Errorf("%s: %q is not a sentence", q.Name, text)
			}
		}
		if q.Emulated == "" || q.Probe == nil {
			t.Errorf("%s has no expectation or no probe", q.Name)
		}
	}
}
