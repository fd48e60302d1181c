// Package trace records how a request went through the data plane, step by step, for
// people to read. It takes what the steps say and decides nothing itself.
package trace

import (
	"context"
	"unicode/utf8"
)

// Result is the outcome of a step.
type Result string

const (
	// Passed is for a step that let the request go on.
	Passed Result = "passed"
	// Failed is for a step that failed, after which another one was tried.
	Failed Result = "failed"
	// Answered is for a step that gave the response.
	Answered Result = "answered"
	// Refused is for a step that ended the request with an error.
	Refused Result = "refused"
)

// Step is one step of a request.
type Step struct {
	// Name is what the step is, such as "cache", or the type and id of an element of a
	// dynamic route.
	Name   string
	Result Result
	Detail string
	// Output is the output of an element that the request followed.
	Output string
}

// A Trace is how one request went. A nil *Trace records nothing. It is not safe for
// concurrent use: a request goes through its steps in one goroutine.
type Trace struct {
	// DataPlane is set once the request has reached the data plane.
	DataPlane bool
	// Gateway is empty for a request that passes through none.
	Gateway string
	// Asked is the model that the client named, Served the one that responded.
	Asked, Served string
	// Cache is HIT, MISS, or empty if the request did not get that far.
	Cache string
	// Steps holds the first steps, and Omitted is how many there were besides.
	Steps   []Step
	Omitted int

	decided Step
}

const (
	// maxSteps bounds the steps of a request: routes may have loops.
	maxSteps = 60
	// maxText bounds each text, in bytes: clients choose names of models.
	maxText = 300
)

// Enter records that a request has reached a gateway of the data plane, or none.
func (t *Trace) Enter(gateway string) {
	if t == nil {
		return
	}
	t.DataPlane, t.Gateway = true, Clip(gateway)
}

// Ask records the model that the client named. Only the first call counts: later ones are
// about further steps of a universal request.
func (t *Trace) Ask(model string) {
	if t != nil && t.Asked == "" {
		t.Asked = Clip(model)
	}
}

// Serve records the model that responded, and whether the response came from the cache.
func (t *Trace) Serve(model string, cached bool) {
	if t == nil {
		return
	}
	t.Served, t.Cache = Clip(model), "MISS"
	if cached {
		t.Cache = "HIT"
	}
}

// Add records a step.
func (t *Trace) Add(step Step) {
	if t == nil {
		return
	}
	step.Name, step.Detail, step.Output = Clip(step.Name), Clip(step.Detail), Clip(step.Output)
	if step.Result == Answered || step.Result == Refused {
		t.decided = step
	}
	if len(t.Steps) >= maxSteps {
		t.Omitted++
		return
	}
	t.Steps = append(t.Steps, step)
}

// Decided returns the step that decided what the client got. Its name is empty if no step
// did.
func (t *Trace) Decided() Step {
	if t == nil {
		return Step{}
	}
	return t.decided
}

// Clip shortens a text to what a trace keeps.
func Clip(text string) string {
	if len(text) <= maxText {
		return text
	}
	end := maxText
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

type contextKey struct{}

// NewContext returns a context with a trace.
func NewContext(ctx context.Context, t *Trace) context.Context {
	return context.WithValue(ctx, contextKey{}, t)
}

// FromContext returns the trace of a context, or nil.
func FromContext(ctx context.Context) *Trace {
	t, _ := ctx.Value(contextKey{}).(*Trace)
	return t
}
