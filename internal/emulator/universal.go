package emulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// step is one provider to try in a universal request (documented).
type step struct {
	Provider string            `json:"provider"`
	Endpoint string            `json:"endpoint"`
	Headers  map[string]string `json:"headers"`
	Query    json.RawMessage   `json:"query"`
	Config   stepConfig        `json:"config"`
}

// serveUniversal answers POST /v1/{account}/{gateway}: a list of steps, or a
// single one, of which the first that succeeds is the answer, and
// cf-aig-step is its number (documented). A step that any error or a timeout
// ends is followed by the next; when all have failed the answer is 2005
// (documented). What is no list of steps is 2019, for want of a better code.
func (s *Server) serveUniversal(w http.ResponseWriter, r *http.Request, request exchange) {
	steps, ok := parseSteps(request.body)
	if r.Method != http.MethodPost || !ok {
		(&dataError{http.StatusBadRequest, codeBadChat, "Universal request bad format"}).write(w)
		return
	}
	id := ids{request: s.ids.next(s.clock.Now())}
	counted := false
	for i, step := range steps {
		x := request
		x.step, x.counted = i, counted
		if refusal := s.readStep(&x, step); refusal != nil {
			// The gateway cannot send this anywhere; it is a mistake, not a failure.
			refusal.write(w)
			return
		}
		// Each step has a log of its own. Request and log share their id where
		// there is only one (documented).
		if id.log = id.request; len(steps) > 1 {
			id.log = s.ids.next(s.clock.Now())
		}
		out := s.pass(r.Context(), &x, id.log)
		counted = x.counted
		if !out.failed() || out.refusal != nil && !out.elsewhere && slices.Contains(finalCodes, out.refusal.code) ||
			i == len(steps)-1 && out.refusal != nil {
			s.respond(w, r, &x, out, id)
			return
		}
	}
	h := w.Header()
	h.Set("cf-aig-cache-status", "MISS")
	h.Set("cf-aig-request-id", id.request)
	(&dataError{http.StatusBadRequest, codeProviderFailed, "Failed to get response from provider"}).write(w)
}

// finalCodes are the refusals after which no step is tried: they are about the
// request, whoever answers it (inferred). A budget may be that of one provider.
var finalCodes = []int{codeRateLimited, codePromptBlocked, codeResponseBlocked, codeRequestDLP, codeResponseDLP}

func parseSteps(body []byte) ([]step, bool) {
	var steps []step
	if json.Unmarshal(body, &steps) != nil {
		var single step
		if json.Unmarshal(body, &single) != nil {
			return nil, false
		}
		steps = []step{single}
	}
	for _, step := range steps {
		if step.Provider == "" {
			return nil, false
		}
	}
	return steps, len(steps) > 0
}

// readStep turns the universal request into that of one step. The provider gets
// the headers of the step, and the gateway those of the request too (documented
// for cf-aig headers). A key in the request itself is for no provider
// (inferred: steps have different ones).
func (s *Server) readStep(x *exchange, step step) *dataError {
	header := http.Header{}
	for name, values := range x.header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "cf-") || lower == "user-agent" {
			header[name] = values
		}
	}
	for name, value := range step.Headers {
		header.Set(name, value)
	}
	x.header, x.override = header, step.Config
	x.body = step.Query
	path, query, _ := strings.Cut(step.Endpoint, "?")
	x.query, _ = url.ParseQuery(query) // what can be read of it will do
	x.endpoint = step.Provider + "/" + strings.TrimPrefix(path, "/")
	if refusal := s.route(x); refusal != nil || x.dynamic == nil {
		return refusal
	}
	// Status and code are the emulator's own.
	return &dataError{http.StatusNotImplemented, codeInvalidProvider,
		"The emulator does not play dynamic routes in universal requests; it does at compat/chat/completions"}
}
