package dataplane

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/trace"
)

// Names of steps in traces, for people to read.
const (
	stepGateway    = "gateway"
	stepRequest    = "request format"
	stepRoute      = "dynamic route"
	stepAuto       = "auto router"
	stepKey        = "key"
	stepCache      = "cache"
	stepRateLimit  = "rate limit"
	stepKeyLimit   = "rate limit of the key"
	stepCredit     = "credit"
	stepSpendLimit = "spend limit"
	stepLimits     = "rate limits and spend limits"
	stepPolicies   = "policies"
	stepPrompt     = "scan of the prompt"
	stepResponse   = "scan of the response"
	stepProvider   = "provider"
	stepRetry      = "retry"
	stepUniversal  = "universal request"
)

// note adds a step to the trace of the request.
func (in inbound) note(name string, result trace.Result, detail string) {
	in.trace.Add(trace.Step{Name: name, Result: result, Detail: detail})
}

// refuse adds the step that refused the request to its trace.
func (in inbound) refuse(name string, refused *refusal) {
	in.note(name, trace.Refused, refused.String())
}

// String returns the refusal for people to read.
func (e *refusal) String() string {
	if e.code == 0 {
		return fmt.Sprintf("%s (HTTP %d)", e.message, e.status)
	}
	return fmt.Sprintf("%s (HTTP %d, code %d)", e.message, e.status, e.code)
}

// asked returns the model as the client named it. A path that is for no model has only a
// provider.
func (req request) asked() string {
	switch {
	case req.routeName != "", req.auto:
		return req.model.Model
	case req.model.Model == "":
		return req.provider
	}
	return req.provider + "/" + req.model.Model
}

// String returns the outcome of a call of a provider for people to read.
func (r response) String() string {
	switch {
	case r.timedOut:
		return "no response in time"
	case r.unreachable:
		return "cannot be reached"
	}
	return "HTTP " + strconv.Itoa(r.status)
}

// noteCredential records with what the provider is paid. A dynamic route has a credential
// for each model.
func (req request) noteCredential() {
	if req.routeName == "" {
		req.note(stepKey, trace.Passed, req.credential())
	}
}

// credential returns with what the provider is paid, without any key.
func (req request) credential() string {
	switch {
	case req.key != nil:
		return "stored key " + strconv.Quote(req.key.Alias)
	case req.clientKey != "":
		return "the client's own key"
	case req.wholesale():
		return "no key: Unified Billing"
	default:
		return "no key needed"
	}
}

// noteMiss records that the response is not in the cache.
func (req request) noteMiss(policy cachePolicy) {
	if policy.ttl == 0 {
		req.note(stepCache, trace.Passed, "off for this request")
		return
	}
	req.note(stepCache, trace.Passed, "miss")
}

// noteFindings records what guardrails and DLP have found without blocking it.
func (req request) noteFindings(step string, found findings) {
	for _, finding := range found.guardrails {
		req.note(step, trace.Passed, "guardrails flag "+finding.Category)
	}
	if found.dlp != nil {
		for _, finding := range found.dlp.Findings {
			req.note(step, trace.Passed, "DLP flags "+finding.Profile.ProfileID)
		}
	}
}

// noteAnswer records the response of a provider that the client gets. An error of the
// provider is one too.
func (req request) noteAnswer(r response) {
	result := trace.Answered
	if r.status >= http.StatusBadRequest {
		result = trace.Refused
	}
	req.note(stepProvider, result, req.provider+"/"+req.model.Model+": "+r.String())
}

// noteRetry records an attempt that is followed by another one.
func (req request) noteRetry(n int, policy retryPolicy, r response) {
	req.note(stepRetry, trace.Failed, fmt.Sprintf("attempt %d of %d of %s/%s: %s; the next one follows in %v",
		n, policy.attempts, req.provider, req.model.Model, r, policy.wait(n)))
}

// note records the visit of an element. A visit that leads nowhere ends the route.
func (w *walk) note(e element, result trace.Result, output, detail string) {
	w.request.trace.Add(trace.Step{Name: e.kind + " " + strconv.Quote(e.id), Result: result, Output: output, Detail: detail})
}

// noteServed records which model has responded to the request, and from where.
func (r result) noteServed() {
	switch {
	case r.refusal != nil || r.response.status >= http.StatusBadRequest:
		r.req.trace.Serve("", r.cached)
	default:
		r.req.trace.Serve(r.response.provider+"/"+r.response.model, r.cached)
	}
}
