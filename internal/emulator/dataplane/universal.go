package dataplane

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/trace"
)

// universalStep is one provider to try in a universal request (documented).
type universalStep struct {
	Provider string            `json:"provider"`
	Endpoint string            `json:"endpoint"`
	Headers  map[string]string `json:"headers"`
	Query    json.RawMessage   `json:"query"`
	Config   retryOverride     `json:"config"`
}

// serveUniversal handles POST /v1/{account}/{gateway}: a list of steps, or a single
// one. The response is that of the first step that succeeds, and cf-aig-step is its
// number (documented). A step that fails or times out is followed by the next; if
// all have failed the response is 2005 (documented). A body that is not a list of
// steps is 2019, for want of a better code.
func (p *Plane) serveUniversal(w http.ResponseWriter, r *http.Request, in inbound) {
	steps, ok := parseSteps(in.body)
	if r.Method != http.MethodPost || !ok {
		refused := badRequest(codeBadChat, "Universal request bad format")
		in.refuse(stepRequest, refused)
		refused.write(w)
		return
	}
	id := ids{request: p.store.NewID()}
	counted := false
	for i, step := range steps {
		in.note(stepUniversal, trace.Passed, "step "+strconv.Itoa(i)+": "+step.Provider)
		req, refused := p.parseStep(in, step)
		if refused != nil {
			// The gateway cannot send this anywhere: it is malformed, and no failure.
			in.refuse(stepRequest, refused)
			refused.write(w)
			return
		}
		req.step = i
		if req, refused = p.resolve(req); refused != nil && i < len(steps)-1 {
			continue // the next step may have a model
		} else if refused != nil {
			refused.write(w)
			return
		}
		// Each step has a log of its own. Request and log have the same id if there
		// is only one step (documented).
		if id.log = id.request; len(steps) > 1 {
			id.log = p.store.NewID()
		}
		out := p.process(r.Context(), req, visit{logID: id.log, counted: counted})
		counted = out.counted
		last := i == len(steps)-1
		if !out.failed() || last && out.rejectedByWorkers() || out.refusal != nil && (last || out.final()) {
			p.respond(w, r, out, id)
			return
		}
	}
	h := w.Header()
	h.Set("cf-aig-cache-status", "MISS")
	h.Set("cf-aig-request-id", id.request)
	in.refuse(stepUniversal, noResponse())
	noResponse().write(w)
}

// finalCodes are the refusals after which no further step is tried: they concern
// the request, whichever provider it is for (inferred). A budget may be that of one
// provider.
var finalCodes = []int{codeRateLimited, codePromptBlocked, codeResponseBlocked, codeRequestDLP, codeResponseDLP}

func (r result) final() bool { return !r.tryNext && slices.Contains(finalCodes, r.refusal.code) }

// rejectedByWorkers reports whether Workers AI has refused the token of a step. Clients
// see its response, 401 with code 10000 (reported by users), and not 2005.
func (r result) rejectedByWorkers() bool {
	return r.refusal == nil && r.req.provider == providerapi.Workers && r.response.status == http.StatusUnauthorized
}

func parseSteps(body []byte) ([]universalStep, bool) {
	var steps []universalStep
	if json.Unmarshal(body, &steps) != nil {
		var single universalStep
		if json.Unmarshal(body, &single) != nil {
			return nil, false
		}
		steps = []universalStep{single}
	}
	for _, step := range steps {
		if step.Provider == "" {
			return nil, false
		}
	}
	return steps, len(steps) > 0
}

// parseStep returns the request of one step. The provider gets the headers of the
// step; the gateway also reads those of the universal request (documented for
// cf-aig headers). A key in the universal request is for no provider (inferred:
// steps have different ones).
func (p *Plane) parseStep(in inbound, step universalStep) (request, *refusal) {
	header := http.Header{}
	for name, values := range in.header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "cf-") || lower == "user-agent" {
			header[name] = values
		}
	}
	for name, value := range step.Headers {
		header.Set(name, value)
	}
	path, query, _ := strings.Cut(step.Endpoint, "?")
	in.universal, in.header, in.body = true, header, step.Query
	in.query, _ = url.ParseQuery(query) // a malformed part is left out
	in.endpoint = step.Provider + "/" + strings.TrimPrefix(path, "/")
	req, refused := p.parseRequest(in)
	if refused != nil {
		return req, refused
	}
	req.override = step.Config
	return req, nil
}
