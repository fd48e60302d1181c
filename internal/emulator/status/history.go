// Package status serves a page for people: what the emulator holds, and what became of
// the last requests. The page never shows keys, tokens, headers or bodies.
package status

import (
	"slices"
	"sync"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/trace"
)

// kept is how many requests of each plane a History keeps.
const kept = 50

// A Request is one request that is over.
type Request struct {
	Time         time.Time
	Method, Path string
	// Query is the raw query. It is shown for the control plane only: some providers
	// take their key in it.
	Query string
	// Status is 0 if the connection was cut.
	Status int
	Trace  *trace.Trace
}

// History keeps the last requests of each plane. The zero value is ready for use. It is
// safe for concurrent use.
type History struct {
	mu            sync.Mutex
	data, control []Request
}

// Add adds a request. Its trace must not change any more.
func (h *History) Add(r Request) {
	r.Method, r.Path = trace.Clip(r.Method), trace.Clip(r.Path)
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.Trace != nil && r.Trace.DataPlane {
		r.Query = ""
		h.data = push(h.data, r)
		return
	}
	r.Query, r.Trace = trace.Clip(r.Query), nil
	h.control = push(h.control, r)
}

// push appends a request, in place of the oldest if there are enough.
func push(list []Request, r Request) []Request {
	if len(list) == kept {
		list = slices.Delete(list, 0, 1)
	}
	return append(list, r)
}

// snapshot returns the requests of each plane, the newest first.
func (h *History) snapshot() (data, control []Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	data, control = slices.Clone(h.data), slices.Clone(h.control)
	slices.Reverse(data)
	slices.Reverse(control)
	return data, control
}
