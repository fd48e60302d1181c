package trace_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/trace"
)

func TestTrace(t *testing.T) {
	recorded := &trace.Trace{}
	if got := trace.FromContext(trace.NewContext(t.Context(), recorded)); got != recorded {
		t.Fatalf("the context has the trace %p, want %p", got, recorded)
	}
	recorded.Enter("gw")
	recorded.Ask("dynamic/r")
	recorded.Ask("openai/second")
	recorded.Add(trace.Step{Name: "cache", Result: trace.Passed})
	if got := recorded.Decided(); got.Name != "" {
		t.Errorf("decided by %+v before any step has decided", got)
	}
	recorded.Add(trace.Step{Name: "model a", Result: trace.Answered, Output: "success"})
	recorded.Add(trace.Step{Name: "model b", Result: trace.Failed, Output: "fallback"})
	recorded.Serve("openai/a", false)
	if !recorded.DataPlane || recorded.Gateway != "gw" || recorded.Asked != "dynamic/r" || recorded.Served != "openai/a" ||
		recorded.Cache != "MISS" || recorded.Decided().Name != "model a" || len(recorded.Steps) != 3 {
		t.Errorf("trace = %+v", recorded)
	}
	recorded.Serve("openai/a", true)
	if recorded.Cache != "HIT" {
		t.Errorf("cache = %q", recorded.Cache)
	}
}

// TestTraceIsBounded shows that neither loops nor long names make a trace large.
func TestTraceIsBounded(t *testing.T) {
	long := strings.Repeat("é", 10_000)
	recorded := &trace.Trace{}
	recorded.Enter(long)
	recorded.Ask(long)
	recorded.Serve(long, false)
	for range 1000 {
		recorded.Add(trace.Step{Name: long, Detail: long, Output: long, Result: trace.Passed})
	}
	recorded.Add(trace.Step{Name: "last", Result: trace.Refused})
	if len(recorded.Steps) > 100 || len(recorded.Steps)+recorded.Omitted != 1001 {
		t.Errorf("%d steps, %d omitted", len(recorded.Steps), recorded.Omitted)
	}
	if recorded.Decided().Name != "last" {
		t.Errorf("decided by %q, which is among the omitted steps", recorded.Decided().Name)
	}
	for _, text := range []string{recorded.Gateway, recorded.Asked, recorded.Served, recorded.Steps[0].Name, recorded.Steps[0].Detail} {
		if len(text) > 400 || !utf8.ValidString(text) {
			t.Errorf("a text has %d bytes: %q", len(text), text)
		}
	}
}

func TestNoTrace(t *testing.T) {
	none := trace.FromContext(t.Context())
	none.Enter("gw")
	none.Ask("m")
	none.Serve("m", true)
	none.Add(trace.Step{Name: "cache"})
	if none != nil || none.Decided().Name != "" {
		t.Errorf("trace = %+v", none)
	}
}
