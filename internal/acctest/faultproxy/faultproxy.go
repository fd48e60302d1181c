// Package faultproxy plays faults between the provider and a service: it cuts
// connections, replaces responses, and never responds. A test uses it as a
// transport in process, and a person as a server, with the command
// internal/acctest/cmd/faultproxy.
package faultproxy

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Rule plays a fault on requests that it matches.
type Rule struct {
	// Method is the method to match; empty or "*" matches all.
	Method string
	// Path is a pattern of the escaped path, without the query. "*" stands for any
	// text without a slash, "**" for any text. A pattern without a slash at its
	// start matches the end of a path. Empty matches all.
	Path string
	// Fault is the fault to play.
	Fault Fault
	// Nth plays the fault on the n-th match only, counted from 1; 0 means on all.
	// Lasting plays it on all later matches, too.
	Nth     int
	Lasting bool
	// Rate is the share of matches on which to play the fault, from 0 to 1; 0 means
	// all of them.
	Rate float64

	path    *regexp.Regexp
	matches int
}

// ParseRule reads a rule such as "PUT */gateways/* cut-after #2": method, path,
// the name of a fault, and optionally #n, #n+ for the n-th match and all later ones,
// or a rate such as 2%.
func ParseRule(text string) (*Rule, error) {
	fields := strings.Fields(text)
	if len(fields) != 3 && len(fields) != 4 {
		return nil, fmt.Errorf("%q is not METHOD PATH FAULT, with #n, #n+ or n%% after it", text)
	}
	fault, ok := Find(fields[2])
	if !ok {
		return nil, fmt.Errorf("%q: there is no fault %q", text, fields[2])
	}
	rule := &Rule{Method: fields[0], Path: fields[1], Fault: fault}
	if len(fields) == 3 {
		return rule, nil
	}
	var err error
	if nth, ok := strings.CutPrefix(fields[3], "#"); ok {
		nth, rule.Lasting = strings.CutSuffix(nth, "+")
		if rule.Nth, err = strconv.Atoi(nth); err != nil || rule.Nth < 1 {
			return nil, fmt.Errorf("%q: %q is not #n with n from 1", text, fields[3])
		}
		return rule, nil
	}
	if rule.Rate, err = ParseRate(fields[3]); err != nil {
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	return rule, nil
}

// ParseRate reads a share such as 2%.
func ParseRate(text string) (float64, error) {
	percent, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !strings.HasSuffix(text, "%") || percent <= 0 || percent > 100 {
		return 0, fmt.Errorf("%q is not a rate such as 2%%", text)
	}
	return percent / 100, nil
}

var stars = strings.NewReplacer(`\*\*`, `.*`, `\*`, `[^/]*`)

func (r *Rule) matchesRequest(method, path string) bool {
	if r.path == nil {
		pattern := stars.Replace(regexp.QuoteMeta(r.Path)) + "$"
		if strings.HasPrefix(r.Path, "/") {
			pattern = "^" + pattern
		} else {
			pattern = "(^|/)" + pattern
		}
		if r.Path == "" {
			pattern = ""
		}
		r.path = regexp.MustCompile(pattern)
	}
	return (r.Method == "" || r.Method == "*" || r.Method == method) && r.path.MatchString(path)
}

// A Proxy forwards requests to a service, and plays faults. It is safe for
// concurrent use.
type Proxy struct {
	// Upstream is the service.
	Upstream http.Handler
	// Log receives one line for each request; nil means no log.
	Log io.Writer
	// Pause waits for d, or until ctx ends; nil means in real time. It paces the
	// faults hang, slow and stalled.
	Pause func(ctx context.Context, d time.Duration)
	// Rate is the share of requests without a rule of their own on which a random
	// fault is played.
	Rate float64
	// Now returns the time of the service; nil means that of this machine.
	Now func() time.Time

	mu     sync.Mutex
	rules  []*Rule
	random *rand.Rand
	reads  []read
	played int
}

// A read is the response to a GET.
type read struct {
	path string
	body []byte
}

// New returns a proxy without rules. The seed is that of rates.
func New(upstream http.Handler, seed uint64) *Proxy {
	return &Proxy{Upstream: upstream, random: rand.New(rand.NewPCG(seed, 0))}
}

// Play replaces the rules. The first one that matches decides.
func (p *Proxy) Play(rules ...*Rule) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rules = rules
	p.played = 0
}

// Played returns how many faults were played since [Proxy.Play].
func (p *Proxy) Played() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.played
}

// choose returns the fault to play on a request.
func (p *Proxy) choose(r *http.Request) (Fault, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, rule := range p.rules {
		if !rule.matchesRequest(r.Method, r.URL.EscapedPath()) {
			continue
		}
		rule.matches++
		missed := rule.matches < rule.Nth || rule.Nth > 0 && rule.matches > rule.Nth && !rule.Lasting
		if missed || rule.Rate > 0 && p.random.Float64() >= rule.Rate {
			continue
		}
		p.played++
		return rule.Fault, true
	}
	if p.Rate > 0 && p.random.Float64() < p.Rate {
		p.played++
		return faults()[p.random.IntN(len(faults()))], true
	}
	return Fault{}, false
}

// ServeHTTP handles one request. To cut the connection, it panics with
// [http.ErrAbortHandler], as net/http prescribes.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	fault, ok := p.choose(r)
	status, forwarded := 0, !ok || fault.Forwards
	defer func() {
		if p.Log == nil {
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		fmt.Fprintf(p.Log, "%s %s fault=%s forwarded=%t status=%d\n", r.Method, r.URL.RequestURI(), orNone(fault.Name), forwarded, status)
	}()
	if ok && fault.Name == refused {
		if refuser, ok := w.(interface{ refuse() }); ok {
			refuser.refuse()
		}
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	e := &exchange{proxy: p, w: w, r: r}
	if forwarded {
		e.reply = p.forward(r, body)
		status = e.reply.Code
	}
	if !ok {
		e.send(e.reply.Code, e.reply.Header(), e.reply.Body.Bytes())
		return
	}
	fault.play(e)
}

func orNone(name string) string {
	if name == "" {
		return "none"
	}
	return name
}

// forward sends a request to the service, and remembers what GET returned. The
// request arrives even if the client has left.
func (p *Proxy) forward(r *http.Request, body []byte) *httptest.ResponseRecorder {
	sent := r.Clone(context.WithoutCancel(r.Context()))
	sent.Body, sent.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	sent.Header.Del("Accept-Encoding") // faults read the response
	reply := httptest.NewRecorder()
	p.Upstream.ServeHTTP(reply, sent)
	if r.Method == http.MethodGet && reply.Code == http.StatusOK {
		p.mu.Lock()
		p.reads = append(p.reads, read{r.URL.EscapedPath(), bytes.Clone(reply.Body.Bytes())})
		p.reads = p.reads[max(0, len(p.reads)-1000):]
		p.mu.Unlock()
	}
	return reply
}

// other returns the latest response to a GET of another object of the same kind.
// For a POST, that is an object of the collection.
func (p *Proxy) other(r *http.Request) (body []byte, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	own := r.URL.EscapedPath()
	kind := kindOf(own)
	if r.Method == http.MethodPost {
		kind += "/*"
	}
	for _, read := range slices.Backward(p.reads) {
		if read.path != own && kindOf(read.path) == kind {
			return read.body, true
		}
	}
	return nil, false
}

var objectPart = regexp.MustCompile(`/(gateways|custom-providers|provider_configs|routes|versions|deployments|stores|secrets|logs)/[^/]+`)

// kindOf returns a path without the ids of objects.
func kindOf(path string) string { return objectPart.ReplaceAllString(path, "/$1/*") }

// An exchange is a request on which a fault is played.
type exchange struct {
	proxy *Proxy
	w     http.ResponseWriter
	r     *http.Request
	// reply is the service's, nil if the request was not forwarded.
	reply *httptest.ResponseRecorder
}

// send sends a response.
func (e *exchange) send(status int, header http.Header, body []byte) {
	for name, values := range header {
		if name != "Content-Length" {
			e.w.Header()[name] = values
		}
	}
	e.w.WriteHeader(status)
	_, _ = e.w.Write(body)
}

// answer sends a JSON response with the date of the service.
func (e *exchange) answer(status int, body string, headers ...string) {
	e.begin(status, "application/json", headers...)
	_, _ = io.WriteString(e.w, body)
}

func (e *exchange) begin(status int, contentType string, headers ...string) {
	e.w.Header().Set("Content-Type", contentType)
	for i := 0; i+1 < len(headers); i += 2 {
		e.w.Header().Set(headers[i], headers[i+1])
	}
	e.w.Header().Set("Date", e.now().UTC().Format(http.TimeFormat))
	e.w.WriteHeader(status)
}

// write sends a part of a body at once, and reports whether the client still
// reads.
func (e *exchange) write(part []byte) bool {
	if _, err := e.w.Write(part); err != nil || e.r.Context().Err() != nil {
		return false
	}
	return http.NewResponseController(e.w).Flush() == nil
}

// pause waits, and reports whether the client is still there.
func (e *exchange) pause(d time.Duration) bool {
	ctx := e.r.Context()
	if e.proxy.Pause != nil {
		e.proxy.Pause(ctx, d)
		return ctx.Err() == nil
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

func cut() { panic(http.ErrAbortHandler) }
