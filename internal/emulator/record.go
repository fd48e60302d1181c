package emulator

import (
	"encoding/json"
	"io"
	"net/http"
	"sync"
)

// Request is one request that the server received.
type Request struct {
	Method string
	// Path is the path as the client wrote it, with the raw query if there is one.
	Path string
	// Body is the body as it came.
	Body string
	// Header is a copy of the request's header.
	Header http.Header
	// Status is the HTTP status of the response. It is 0 if the connection was cut
	// and while there is no response.
	Status int
}

// Requests returns all requests since the start or the last [Server.ResetRequests],
// in order of arrival, including those that faults matched. Those for the status page are
// none of them.
func (s *Server) Requests() []Request {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	out := make([]Request, 0, len(s.recorder.entries))
	for _, e := range s.recorder.entries {
		req := e.request
		req.Header = req.Header.Clone()
		out = append(out, req)
	}
	return out
}

// ResetRequests forgets all requests so far, also those without a response yet. It
// does not change the log of [Options].RequestLog.
func (s *Server) ResetRequests() {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	s.recorder.entries = nil
}

// recorder keeps the requests and writes the request log.
type recorder struct {
	mu      sync.Mutex
	entries []*recorded
	log     io.Writer
	forget  bool
}

// recorded is a request whose status may not be known yet.
type recorded struct {
	recorder *recorder
	request  Request
	settled  bool
}

func (c *recorder) begin(r *http.Request, body []byte) *recorded {
	path := r.URL.EscapedPath()
	if r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
	}
	e := &recorded{
		recorder: c,
		request:  Request{Method: r.Method, Path: path, Body: string(body), Header: r.Header.Clone()},
	}
	if c.forget {
		return e
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries = append(c.entries, e)
	return e
}

// settle records the status of the response and writes the log line. Only the first
// call counts; it reports whether this one was.
func (e *recorded) settle(status int) bool {
	e.recorder.mu.Lock()
	defer e.recorder.mu.Unlock()
	if e.settled {
		return false
	}
	e.settled = true
	e.request.Status = status
	if e.recorder.log == nil {
		return true
	}
	line := struct {
		Method string `json:"method"`
		Path   string `json:"path"`
		Body   string `json:"body"`
		Status int    `json:"status"`
	}{e.request.Method, e.request.Path, e.request.Body, status}
	encoder := json.NewEncoder(e.recorder.log)
	encoder.SetEscapeHTML(false)
	// A log that cannot be written must not change how the service behaves.
	_ = encoder.Encode(line)
	return true
}
