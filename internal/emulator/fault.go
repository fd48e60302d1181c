package emulator

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// Drop is whether and when a [Fault] cuts the connection.
type Drop int

const (
	// NoDrop leaves the connection alone.
	NoDrop Drop = iota
	// DropBefore cuts the connection without handling the request.
	DropBefore
	// DropAfter handles the request and cuts the connection instead of responding:
	// the client cannot know that its write succeeded.
	DropAfter
)

// Fault makes matching requests go wrong. If several faults match, the one injected
// first is used.
//
// A fault does this, in this order: it waits for Delay; it cuts the connection if
// Drop says so; it responds with Status, or as AnswerOf says, instead of handling the
// request, or in place of the real response if AnswerAfter is set. A fault without
// Drop, Status and AnswerOf only delays.
//
// Note that Go's own HTTP transport silently repeats a GET if the reused connection
// is cut before a response: such a fault may be used twice for one call of a client.
type Fault struct {
	// Method is the HTTP method to match; empty matches all.
	Method string
	// Path is a regular expression that the escaped path, without the query,
	// must match somewhere; empty matches all.
	Path string
	// Times is how often the fault is used: 0 means once, a negative value always.
	Times int

	// Status is the HTTP status of the response.
	Status int
	// Header is added to that response.
	Header http.Header
	// Body is the body of that response.
	Body string
	// AnswerOf, if not empty, responds as to a GET of this path, as a proxy does that
	// mixes up responses. It stands in for Status and Body.
	AnswerOf string
	// AnswerAfter handles the request before responding with Status: the real
	// response is lost behind a 502 or 504.
	AnswerAfter bool

	// Delay is real time. If the client leaves, it ends early and the connection is
	// cut.
	Delay time.Duration
	// Drop cuts the connection.
	Drop Drop
}

// Inject adds a fault. It panics if f.Path is not a regular expression.
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

// ClearFaults removes all faults that are left.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.armed = nil
}

type armedFault struct {
	Fault
	path *regexp.Regexp
	left int // negative: always
}

type faults struct {
	mu    sync.Mutex
	armed []*armedFault
}

// take returns the fault for a request and counts its use.
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

// apply applies a fault, and reports whether the request needs no further handling.
func (s *Server) apply(f Fault, w http.ResponseWriter, r *http.Request, body []byte) bool {
	if !wire.Sleep(r.Context(), f.Delay) {
		wire.CutConnection()
	}
	switch {
	case f.Drop == DropBefore:
		wire.CutConnection()
	case f.Drop == DropAfter:
		s.handle(newSink(), r, body)
		wire.CutConnection()
	case f.Status == 0 && f.AnswerOf == "":
		return false
	}
	if f.AnswerAfter {
		s.handle(newSink(), r, body)
	}
	if f.AnswerOf != "" {
		other := r.Clone(r.Context())
		other.Method, other.URL = http.MethodGet, &url.URL{Path: f.AnswerOf}
		s.handle(w, other, nil)
		return true
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

// sink discards a response.
type sink struct{ header http.Header }

func newSink() *sink { return &sink{header: http.Header{}} }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(int)             {}
