package live_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/live"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// intercept lets do handle every request, which it may pass on. The number counts from 1.
func (w *world) intercept(do func(n int, r *http.Request) (*http.Response, error)) {
	n := 0
	w.options.Client = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		n++
		return do(n, r)
	})}
}

var errReset = errors.New("connection reset")

func status(r *http.Request, code int, body string) (*http.Response, error) {
	return &http.Response{
		StatusCode: code, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}, nil
}

// The account is as before whatever happens to one of the requests, and to which one.
func TestCleanUpAfterFaults(t *testing.T) {
	step := 97
	switch {
	case acctest.Exhaustive():
		step = 1
	case acctest.Deep():
		step = 29
	}
	faults := map[string]func(w *world, cancel func(), r *http.Request) (*http.Response, error){
		"not sent": func(*world, func(), *http.Request) (*http.Response, error) { return nil, errReset },
		"response lost": func(w *world, _ func(), r *http.Request) (*http.Response, error) {
			_, err := w.pass(r)
			return nil, errors.Join(err, errReset)
		},
		"server error": func(_ *world, _ func(), r *http.Request) (*http.Response, error) {
			return status(r, http.StatusBadGateway, "<html>")
		},
		"interrupted": func(w *world, cancel func(), r *http.Request) (*http.Response, error) {
			cancel()
			return w.pass(r)
		},
		"interrupted without a response": func(w *world, cancel func(), r *http.Request) (*http.Response, error) {
			cancel()
			_, err := w.pass(r)
			return nil, errors.Join(err, errReset)
		},
		"panic": func(w *world, _ func(), r *http.Request) (*http.Response, error) {
			_, err := w.pass(r)
			panic(fmt.Sprint("a bug", err))
		},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for at := 2; at < 470; at += step { // the first only asks whether there is an account
				w := newWorld(t, emulator.Options{})
				ctx, cancel := context.WithCancel(t.Context())
				w.intercept(func(n int, r *http.Request) (*http.Response, error) {
					if n == at {
						return fault(w, cancel, r)
					}
					return w.pass(r)
				})
				w.requireAsBefore(ctx, t, at)
				cancel()
			}
		})
	}
}

// requireAsBefore runs all questions, one of whose requests is disturbed.
func (w *world) requireAsBefore(ctx context.Context, t *testing.T, at int) {
	t.Helper()
	before := w.objects()
	report, err := live.Run(ctx, w.options)
	if err != nil {
		t.Fatalf("request %d: %v", at, err)
	}
	if diff := cmp.Diff(before, w.objects()); diff != "" || len(report.Left) > 0 {
		t.Errorf("request %d: the account is not as before (-before, +after):\n%s\nleft: %s", at, diff, report.Left)
	}
	if len(report.Results) != w.options.Count() {
		t.Errorf("request %d: %d results of %d questions", at, len(report.Results), w.options.Count())
	}
	markdown(t, report)
}

// A probe that panics is a failed question. The others are asked.
func TestPanic(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	w.options.Questions = append([]live.Question{{
		Name: "bug", Emulated: "none",
		Probe: func(ctx context.Context, s *live.Session) (live.Answer, error) {
			for _, q := range live.Questions() {
				if q.Name == "null/cache_ttl" {
					_, _ = q.Probe(ctx, s)
				}
			}
			panic("a bug with " + emulator.DefaultToken)
		},
	}}, live.Questions()[0])
	report := w.run(t)
	if got := report.Results[0]; got.Verdict != live.Failed || len(got.Exchanges) == 0 {
		t.Errorf("the panic is %s with %d requests", got.Verdict, len(got.Exchanges))
	}
	if report.Results[1].Verdict != live.AsEmulator {
		t.Errorf("the next question is %s", report.Results[1].Verdict)
	}
	if text := markdown(t, report); !strings.Contains(text, "the probe panicked: a bug with <secret>") {
		t.Errorf("the report does not say so:\n%s", text)
	}
}

// What cannot be deleted is tried again, and named if it stays.
func TestLeftovers(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	refuse := func(times int) {
		refused := map[string]int{}
		w.intercept(func(_ int, r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodDelete && strings.Contains(r.URL.Path, "/gateways/") && refused[r.URL.Path] < times {
				refused[r.URL.Path]++
				return status(r, http.StatusInternalServerError, "")
			}
			return w.pass(r)
		})
	}
	w.options.Only = []string{"create/"}
	refuse(2)
	w.run(t)

	refuse(1000)
	report, err := live.Run(t.Context(), w.options)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Left) == 0 || !strings.HasPrefix(report.Left[0], "gateway tf-acc-live-") {
		t.Fatalf("left: %s", report.Left)
	}
	if text := markdown(t, report); !strings.Contains(text, "Left in the account") || !strings.Contains(text, report.Left[0]) {
		t.Error("the report does not name what is left")
	}

	// A later run does not touch what an earlier one left, and a sweep deletes it.
	w.options.Client = &http.Client{Transport: roundTripper(w.pass)}
	w.run(t)
	left, err := live.Sweep(t.Context(), w.options)
	if err != nil || len(left) > 0 {
		t.Errorf("left after the sweep: %s, %v", left, err)
	}
	if got := w.GatewayIDs(account); !slices.Equal(got, []string{"mine"}) {
		t.Errorf("gateways after the sweep: %s", got)
	}
}

// A sweep deletes everything that runs create, and nothing else.
func TestSweep(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	before := w.objects()
	store := w.StoreIDs(account)[0]
	w.PutGateway(account, map[string]any{"id": "tf-acc-live-0-1"})
	w.PutGateway(account, map[string]any{"id": "tf-acc-other"})
	w.PutSecret(account, store, "tf-acc-live-0-1_openai_x", "a value")
	w.PutCustomProvider(account, map[string]any{"name": "x", "slug": "tf-acc-live-0-2", "base_url": "https://example.com"})
	if left, err := live.Sweep(t.Context(), w.options); err != nil || len(left) > 0 {
		t.Errorf("left: %s, %v", left, err)
	}
	w.DeleteGateway(account, "tf-acc-other")
	if diff := cmp.Diff(before, w.objects()); diff != "" {
		t.Errorf("the account is not as before (-before, +after):\n%s", diff)
	}
}

// An account without a Secrets Store gets one for the run.
func TestAccountWithoutStore(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	if !w.DeleteStore(account, w.StoreIDs(account)[0]) {
		t.Fatal("there is no store to delete")
	}
	for _, result := range w.run(t).Results {
		if result.Verdict != live.AsEmulator && !neverAsked[result.Question.Name] {
			t.Errorf("%s: %s: %v", result.Question.Name, result.Verdict, result.Err)
		}
	}
}

// A token without permission for one kind of objects leaves questions open, and no others.
func TestMissingPermission(t *testing.T) {
	for part, unanswered := range map[string]int{"/secrets_store/": 15, "/custom-providers": 15} {
		t.Run(part, func(t *testing.T) {
			w := newWorld(t, emulator.Options{})
			w.intercept(func(_ int, r *http.Request) (*http.Response, error) {
				if strings.Contains(r.URL.Path, part) {
					return status(r, http.StatusForbidden, `{"success":false,"errors":[{"code":10000,"message":"Authentication error for jane@corp.test from 203.0.113.7"}]}`)
				}
				return w.pass(r)
			})
			report := w.run(t)
			if n := report.Count(live.NotPermitted); n < unanswered || n > unanswered+10 || report.Count(live.Failed) > 0 {
				t.Errorf("%d not permitted, %d failed", n, report.Count(live.Failed))
			}
			text := markdown(t, report)
			for _, hidden := range []string{"jane@corp.test", "203.0.113.7"} {
				if strings.Contains(text, hidden) {
					t.Errorf("the report has %s", hidden)
				}
			}
		})
	}
}

// A list that still shows deleted gateways for a while is no reason to call them left.
func TestListShowsDeletedObjects(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	w.options.Only = []string{"create/status"}
	var old []byte
	var until time.Time
	w.intercept(func(_ int, r *http.Request) (*http.Response, error) {
		response, err := w.pass(r)
		if err != nil || r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/gateways") || r.URL.Query().Get("per_page") != "50" {
			return response, err
		}
		body, err := io.ReadAll(response.Body)
		if old == nil {
			old = bytes.Replace(body, []byte(`"id":"mine"`), []byte(`"id":"`+w.lastDeleted(t)+`"`), 1)
			until = w.Clock().Now().Add(9 * time.Second)
		}
		if w.Clock().Now().Before(until) {
			body = old
		}
		response.Body = io.NopCloser(bytes.NewReader(body))
		return response, err
	})
	w.run(t)
}

// lastDeleted returns the ID of the gateway that was deleted last.
func (w *world) lastDeleted(t *testing.T) string {
	t.Helper()
	id := ""
	for _, r := range w.Requests() {
		if r.Method == http.MethodDelete {
			id = path.Base(r.Path)
		}
	}
	if id == "" {
		t.Error("no gateway was deleted")
	}
	return id
}

// Responses of any form are answers or failures, never a panic, and a cleanup that cannot
// list objects says so.
func TestOddResponses(t *testing.T) {
	for name, body := range map[string]string{
		"empty object": `{}`, "null": `null`, "list": `[]`, "HTML": `<html>`, "empty": ``, "number": `1`,
		"null result": `{"success":true,"result":null,"errors":null}`, "list of nothing": `{"success":true,"result":[null],"data":[]}`,
		"text": `{"success":true,"result":"x","data":"x","route":"x"}`, "odd errors": `{"success":false,"errors":["x",null,{"code":{}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, emulator.Options{})
			w.intercept(func(n int, r *http.Request) (*http.Response, error) {
				if n == 1 {
					return w.pass(r)
				}
				return status(r, http.StatusOK, body)
			})
			report, err := live.Run(t.Context(), w.options)
			if err != nil {
				t.Fatal(err)
			}
			for _, result := range report.Results {
				if result.Err != nil && strings.Contains(result.Err.Error(), "panicked") {
					t.Errorf("%s: %v", result.Question.Name, result.Err)
				}
			}
			if name != "list of nothing" && len(report.Left) == 0 {
				t.Error("the report says that nothing is left")
			}
			markdown(t, report)
		})
	}
}

// A token that cannot list gateways ends the run with its first request.
func TestUnknownToken(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	w.options.Token = "not-the-token"
	_, err := live.Run(t.Context(), w.options)
	if err == nil || !strings.Contains(err.Error(), "401 10000") || strings.Contains(err.Error(), account) {
		t.Errorf("error: %v", err)
	}
	if n := len(w.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// A token that may only read gets few requests, and a report that says so.
func TestReadOnlyToken(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	refused := 0
	w.intercept(func(_ int, r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodGet {
			refused++
			return status(r, http.StatusForbidden, `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`)
		}
		return w.pass(r)
	})
	report := w.run(t)
	if report.Count(live.NotPermitted) < 150 || report.Count(live.Failed) > 0 || refused > 60 {
		t.Errorf("%d questions are not permitted, %d failed, with %d refused requests", report.Count(live.NotPermitted), report.Count(live.Failed), refused)
	}
}

// At the limit of gateways, the refusal is the answer to one question, and the others fail.
func TestGatewayLimit(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	for n := range 9 {
		w.PutGateway(account, map[string]any{"id": fmt.Sprintf("full-%d", n)})
	}
	w.options.Only = []string{"create/limit", "create/status"}
	report := w.run(t)
	verdicts := map[string]live.Verdict{}
	for _, result := range report.Results {
		verdicts[result.Question.Name] = result.Verdict
	}
	want := map[string]live.Verdict{"create/limit": live.AsEmulator, "create/status": live.Failed}
	if diff := cmp.Diff(want, verdicts); diff != "" {
		t.Error(diff)
	}
}

// A service that asks to wait is given its time.
func TestRateLimit(t *testing.T) {
	w := newWorld(t, emulator.Options{})
	w.options.Only = []string{"create/status"}
	start := w.Clock().Now()
	w.intercept(func(n int, r *http.Request) (*http.Response, error) {
		if n == 1 {
			response, err := status(r, http.StatusTooManyRequests, "")
			response.Header.Set("Retry-After", "120")
			return response, err
		}
		return w.pass(r)
	})
	if got := w.run(t).Results[0]; got.Verdict != live.AsEmulator {
		t.Errorf("%s: %v", got.Verdict, got.Err)
	}
	if waited := w.Clock().Now().Sub(start); waited.Minutes() < 2 {
		t.Errorf("the run waited %s of two minutes", waited)
	}
}
