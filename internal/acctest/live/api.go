package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	requestTimeout = 60 * time.Second
	maxResponse    = 4 << 20
	// longestWait bounds the wait that a response may ask for. Cloudflare's API blocks for
	// five minutes.
	longestWait = 5*time.Minute + 5*time.Second
	// attempts bounds how often a request is sent that the service did not process.
	attempts = 3
)

// An Exchange is a request and the outcome of its response, as the report shows it: without
// the values of secrets and IDs of the account.
type Exchange struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Body   string `json:"body,omitempty"`
	// Outcome is the status with the codes of errors, or what went wrong.
	Outcome string `json:"outcome"`
	// setup is set for requests that prepare a question, and that clean up after it.
	setup bool
}

// A Response is a response of the service.
type Response struct {
	Status int
	// JSON is the decoded body, nil if it is not JSON.
	JSON any
}

// OK reports whether the request succeeded.
func (r Response) OK() bool { return r.Status >= 200 && r.Status < 300 && r.get("success") != false }

// get returns the value at a path of names and indexes, nil if there is none.
func (r Response) get(path ...any) any {
	value, _ := lookup(r.JSON, path...)
	return value
}

// object returns the object at a path, nil if there is none.
func (r Response) object(path ...any) map[string]any {
	object, _ := r.get(path...).(map[string]any)
	return object
}

// text returns the string at a path, "" if there is none.
func (r Response) text(path ...any) string {
	text, _ := r.get(path...).(string)
	return text
}

// lookup returns the value at a path of names and indexes, and whether there is one.
func lookup(value any, path ...any) (any, bool) {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			inner, ok := object[step]
			if !ok {
				return nil, false
			}
			value = inner
		case int:
			list, _ := value.([]any)
			if step >= len(list) {
				return nil, false
			}
			value = list[step]
		}
	}
	return value, true
}

// errors returns the items of the list of errors. The data plane calls it "error".
func (r Response) errors() []any {
	if list, ok := r.get("errors").([]any); ok && len(list) > 0 {
		return list
	}
	list, _ := r.get("error").([]any)
	return list
}

// outcome returns the status and the codes of errors, such as "404 7002".
func (r Response) outcome() string {
	parts := []string{strconv.Itoa(r.Status)}
	for _, item := range r.errors() {
		code, ok := lookup(item, "code")
		text := "without code"
		if ok {
			text = fmt.Sprint(code)
		}
		if parts[len(parts)-1] != text { // a body with two invalid fields says 7001 twice
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ")
}

// complaint returns the messages of errors, with their paths.
func (r Response) complaint() string {
	var messages []string
	for _, item := range r.errors() {
		message, _ := lookup(item, "message")
		text := fmt.Sprint(message)
		if path, ok := lookup(item, "path"); ok {
			text += " at " + compact(path)
		}
		messages = append(messages, text)
	}
	return strings.Join(messages, "; ")
}

// require returns an error unless the request succeeded.
func (r Response) require(what string) error {
	switch {
	case r.OK():
		return nil
	case r.Status == http.StatusUnauthorized, r.Status == http.StatusForbidden:
		return fmt.Errorf("%w: %s answered %s: %s", errNotPermitted, what, r.outcome(), r.complaint())
	default:
		return fmt.Errorf("%s answered %s: %s", what, r.outcome(), r.complaint())
	}
}

// compact returns a value as JSON on one line.
func compact(value any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprint(value)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// request is a request to send.
type request struct {
	method, url string
	header      http.Header
	// body is encoded as JSON; nil means none.
	body any
}

// send sends a request of a probe and records it. It repeats requests that the service
// did not process (429), and reads that failed, a few times.
func (s *Session) send(ctx context.Context, r request) (Response, error) {
	entry := Exchange{Method: r.method, Path: s.shownPath(r.url), setup: s.preparing > 0}
	if r.body != nil {
		entry.Body = compact(r.body)
	}
	out, err := s.attempt(ctx, r)
	if entry.Outcome = out.outcome(); err != nil {
		entry.Outcome = "no response"
	}
	s.exchanges = append(s.exchanges, entry)
	return out, err
}

func (s *Session) attempt(ctx context.Context, r request) (Response, error) {
	for n := 1; ; n++ {
		if err := s.pause(ctx); err != nil {
			return Response{}, err
		}
		out, wait, err := s.once(ctx, r)
		again := out.Status == http.StatusTooManyRequests ||
			r.method == http.MethodGet && (err != nil || out.Status >= http.StatusInternalServerError)
		if !again || n == attempts || ctx.Err() != nil {
			return out, err
		}
		if err := s.options.Sleep(ctx, max(wait, time.Second)); err != nil {
			return out, err
		}
	}
}

// pause waits so that requests are at least the interval apart.
func (s *Session) pause(ctx context.Context) error {
	if s.sent {
		if err := s.options.Sleep(ctx, s.options.Interval); err != nil {
			return err
		}
	}
	s.sent = true
	return ctx.Err()
}

// once sends a request once. It returns the wait that the response asks for.
func (s *Session) once(ctx context.Context, r request) (out Response, wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	var body io.Reader
	if r.body != nil {
		body = strings.NewReader(compact(r.body))
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, body)
	if err != nil {
		return out, 0, errors.New("the URL is invalid")
	}
	maps.Copy(req.Header, r.header)
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("User-Agent", "terraform-provider-aigateway/live-report")
	response, err := s.options.Client.Do(req)
	if err != nil {
		// The text of a *url.Error has the URL, with the account.
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return out, 0, fmt.Errorf("%s got no response: %w", r.method, err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxResponse))
	if err != nil {
		return out, 0, fmt.Errorf("%s got an incomplete response: %w", r.method, err)
	}
	out.Status = response.StatusCode
	if json.Unmarshal(raw, &out.JSON) != nil {
		out.JSON = nil
	}
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	return out, min(time.Duration(seconds)*time.Second, longestWait), nil
}
