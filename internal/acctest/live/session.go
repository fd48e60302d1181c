package live

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// NamePrefix begins the names of everything that a run creates.
const NamePrefix = "tf-acc-live-"

// Options configure a run.
type Options struct {
	// BaseURL is that of the API, GatewayURL that of the data plane.
	BaseURL, GatewayURL string
	AccountID, Token    string
	// Requests allows the few requests through a gateway that some questions need. Their
	// key is invalid, so no provider charges for them.
	Requests bool
	// Only, if not empty, are the questions to ask: names, or their beginnings.
	Only []string
	// Interval is the least time between two requests.
	Interval time.Duration
	// Sleep waits; nil means in real time.
	Sleep func(context.Context, time.Duration) error
	// Client sends; nil means http.DefaultClient.
	Client *http.Client
	// Progress receives a line for each question; nil means none.
	Progress io.Writer
	// Questions are those to ask; nil means all.
	Questions []Question
}

func (o Options) withDefaults() Options {
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	if o.Questions == nil {
		o.Questions = Questions()
	}
	return o
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A Session is what probes work with. It is for one goroutine.
type Session struct {
	options Options
	// prefix begins the names of what this run creates.
	prefix string
	count  int
	redact *redactor
	// touched are the kinds of objects that this run has tried to create.
	touched map[kind]bool
	// made are the names or IDs of objects that this run has tried to create.
	made      map[kind][]string
	exchanges []Exchange
	sent      bool
	cache     map[string]any
	// preparing is above 0 while requests are not those that a question asks.
	preparing int
}

func newSession(options Options) *Session {
	return &Session{
		options: options.withDefaults(),
		prefix:  NamePrefix + randomHex(4) + "-",
		redact:  newRedactor(options.AccountID, options.Token),
		touched: map[kind]bool{},
		made:    map[kind][]string{},
		cache:   map[string]any{},
	}
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// name returns a new name.
func (s *Session) name() string {
	s.count++
	return fmt.Sprintf("%s%d", s.prefix, s.count)
}

// secret returns a new value that plays a secret. The report never has it.
func (s *Session) secret() string {
	value := "not-a-key-" + randomHex(16)
	s.redact.add(value)
	return value
}

func (s *Session) account(product string) string {
	return s.options.BaseURL + "/accounts/" + s.options.AccountID + "/" + product
}

func (s *Session) shownPath(url string) string {
	url = strings.TrimPrefix(url, s.options.BaseURL)
	return strings.TrimPrefix(url, s.options.GatewayURL)
}

func (s *Session) authorization() http.Header {
	return http.Header{"Authorization": {"Bearer " + s.options.Token}}
}

// call sends a request below ai-gateway/.
func (s *Session) call(ctx context.Context, method, path string, body any) (Response, error) {
	return s.send(ctx, request{method, s.account("ai-gateway/" + path), s.authorization(), body})
}

// secrets sends a request below secrets_store/.
func (s *Session) secrets(ctx context.Context, method, path string, body any) (Response, error) {
	return s.send(ctx, request{method, s.account("secrets_store/" + path), s.authorization(), body})
}

// expect is call for requests that must succeed.
func (s *Session) expect(ctx context.Context, method, path string, body any) (Response, error) {
	response, err := s.call(ctx, method, path, body)
	if err == nil {
		err = response.require(method + " " + path)
	}
	return response, err
}

// values are the members of a request body.
type values = map[string]any

// required returns the settings that every body of a gateway must have, switched off, and
// more.
func required(more values) values {
	out := values{
		"cache_invalidate_on_update": false, "cache_ttl": 0, "collect_logs": true,
		"rate_limiting_interval": 0, "rate_limiting_limit": 0,
	}
	maps.Copy(out, more)
	return out
}

// createGateway asks for a gateway with more than the required settings.
func (s *Session) createGateway(ctx context.Context, more values) (Response, string, error) {
	id := s.name()
	s.making(gateways, id)
	body := required(more)
	body["id"] = id
	response, err := s.call(ctx, http.MethodPost, "gateways", body)
	return response, id, err
}

// gateway returns the ID of a new gateway with the required settings.
func (s *Session) gateway(ctx context.Context) (string, error) {
	response, id, err := s.createGateway(ctx, nil)
	if err == nil {
		err = response.require("POST gateways")
	}
	return id, err
}

// remove deletes a gateway that is no longer needed, so that few exist at a time.
func (s *Session) remove(ctx context.Context, id string) {
	s.preparing++
	defer func() { s.preparing-- }()
	// What cannot be deleted now is deleted at the end.
	if response, err := s.call(ctx, http.MethodDelete, "gateways/"+id, nil); err == nil && response.OK() {
		s.forget(id)
	}
}

// forget notes that a gateway is gone.
func (s *Session) forget(id string) {
	s.made[gateways] = slices.DeleteFunc(s.made[gateways], func(other string) bool { return other == id })
}

// once returns the value of prepare, which it calls once for each key. After an error it calls
// it again, unless another try would get the same error.
func once[T any](s *Session, key string, prepare func() (T, error)) (T, error) {
	if value, ok := s.cache[key].(T); ok {
		return value, nil
	}
	if err, ok := s.cache[key].(error); ok {
		var none T
		return none, err
	}
	s.preparing++
	defer func() { s.preparing-- }()
	value, err := prepare()
	var unasked unaskedError
	switch {
	case err == nil:
		s.cache[key] = value
	case errors.Is(err, errNotPermitted), errors.As(err, &unasked):
		s.cache[key] = err
	}
	return value, err
}

// shared returns the ID of the gateway that questions share which do not change it for
// others.
func (s *Session) shared(ctx context.Context) (string, error) {
	return once(s, "gateway", func() (string, error) { return s.gateway(ctx) })
}

// read returns the settings of a gateway as GET shows them.
func (s *Session) read(ctx context.Context, id string) (values, error) {
	response, err := s.expect(ctx, http.MethodGet, "gateways/"+id, nil)
	return response.object("result"), err
}

// fresh returns the settings of a gateway that was created without optional ones.
func (s *Session) fresh(ctx context.Context) (values, error) {
	return once(s, "fresh", func() (values, error) {
		id, err := s.gateway(ctx)
		if err != nil {
			return nil, err
		}
		defer s.remove(ctx, id)
		return s.read(ctx, id)
	})
}
