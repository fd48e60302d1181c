package emulator

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"time"
)

// Drop says whether and when a [Fault] cuts the connection.
type Drop int

const (
	// NoDrop leaves the connection alone.
	NoDrop Drop = iota
	// DropBefore cuts the connection without handling the request.
	DropBefore
	// DropAfter handles the request and cuts the connection instead of
	// answering: the client cannot know that its write succeeded.
	DropAfter
)

// Fault makes matching requests go wrong. When several faults match, the one
// injected first is played.
//
// What a fault does, in this order: it waits for Delay; it cuts the connection
// if Drop says so; it answers with Status instead of handling the request, or
// instead of the real answer if AnswerAfter is set. A fault that has neither
// Drop nor Status only delays.
//
// Note that Go's own HTTP transport silently repeats a GET whose reused
// connection is cut before an answer: such a fault may be played twice for one
// call of a client.
type Fault struct {
	// Method is the HTTP method to match; empty matches all.
	Method string
	// Path is a regular expression that the escaped path, without the query,
	// must match somewhere; empty matches all.
	Path string
	// Times is how often the fault is played: 0 means once, a negative value
	// always.
	Times int

	// Status is the HTTP status to answer with.
	Status int
	// Header is added to that answer.
	Header http.Header
	// Body is the body of that answer.
	Body string
	// AnswerAfter handles the request before answering with Status: a real
	// answer lost behind a 502 or 504.
	AnswerAfter bool

	// Delay is real time. It ends early, and the connection is cut, when the
	// client leaves.
	Delay time.Duration
	// Drop cuts the connection.
	Drop Drop
}

// Inject adds a fault. It panics when f.Path is not a regular expression.
func (s *Server) Inject(f Fault) {
	left := f.Times
	if left == 0 {
		left = 1
	}
	f.Header = f.Header.Clone()
	armed := &armedFault{Fault: f, path: regexp.MustCompile(f.Path), left: left}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.armed = append(s.faults.armed, armed)
}

// ClearFaults removes all faults that are still to be played.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.armed = nil
}

type armedFault struct {
	Fault
	path *regexp.Regexp
	left int // negative: for ever
}

type faults struct {
	mu    sync.Mutex
	armed []*armedFault
}

// take returns the fault to play for r, and uses it up.
func (f *faults) take(r *http.Request) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, a := range f.armed {
		if a.Method != "" && a.Method != r.Method {
			continue
		}
		if !a.path.MatchString(r.URL.EscapedPath()) {
			continue
		}
		if a.left > 0 {
			a.left--
		}
		if a.left == 0 {
			f.armed = slices.Delete(f.armed, i, i+1)
		}
		return a.Fault, true
	}
	return Fault{}, false
}

// play plays a fault and reports whether the request is done with.
func (s *Server) play(f Fault, w http.ResponseWriter, r *http.Request, body []byte) bool {
	if !sleep(r.Context(), f.Delay) {
		cut()
	}
	switch {
	case f.Drop == DropBefore:
		cut()
	case f.Drop == DropAfter:
		s.handle(newSink(), r, body)
		cut()
	case f.Status == 0:
		return false
	}
	if f.AnswerAfter {
		s.handle(newSink(), r, body)
	}
	for name, values := range f.Header {
		w.Header()[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(f.Status)
	_, _ = io.WriteString(w, f.Body)
	return true
}

// cut ends the connection without an answer, or in the middle of one.
func cut() { panic(http.ErrAbortHandler) }

// sleep waits for d of real time and reports false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// sink takes an answer that nobody will see.
type sink struct{ header http.Header }

func newSink() *sink { return &sink{header: http.Header{}} }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(int)             {}
