//go:build unix

package torture

import (
	"bytes"
	"context"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// maxLatency is the longest latency of a request in each direction. Without any,
// few requests would be in flight at a time.
const maxLatency = 20 * time.Millisecond

// A front stands between the provider and the service. It counts the requests
// and interrupts at one of them. A request that has arrived is carried out even
// if the client leaves.
type front struct {
	service http.Handler

	mu        sync.Mutex
	requests  int
	at        int // the request to interrupt at; 0 means none
	carryOut  bool
	interrupt func()
}

// arm makes the front interrupt at a request: before the service has carried it
// out, or after that and before the response.
func (f *front) arm(at int, carryOut bool, interrupt func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests, f.at, f.carryOut, f.interrupt = 0, at, carryOut, interrupt
}

// disarm returns how many requests have arrived since arm, and whether one of
// them was interrupted.
func (f *front) disarm() (requests int, interrupted bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	interrupted = f.at > 0 && f.requests >= f.at
	f.at = 0
	return f.requests, interrupted
}

// arrive counts a request and returns what to do before and after it is carried
// out.
func (f *front) arrive() (before, after func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests++
	before, after = func() {}, func() {}
	if f.requests == f.at {
		if f.carryOut {
			after = f.interrupt
		} else {
			before = f.interrupt
		}
	}
	return before, after
}

// ServeHTTP implements [http.Handler].
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	before, after := f.arrive()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	latency := func() { time.Sleep(rand.N(maxLatency)) }
	latency()
	before()
	r = r.Clone(context.WithoutCancel(r.Context()))
	r.Body = io.NopCloser(bytes.NewReader(body))
	recorded := &response{header: http.Header{}}
	f.service.ServeHTTP(recorded, r)
	after()
	latency()
	maps.Copy(w.Header(), recorded.header)
	w.WriteHeader(recorded.status)
	_, _ = w.Write(recorded.body.Bytes()) // the client may have left
}

// A response holds a response back.
type response struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (r *response) Header() http.Header { return r.header }

// WriteHeader implements [http.ResponseWriter].
func (r *response) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

// Write implements [http.ResponseWriter].
func (r *response) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}
