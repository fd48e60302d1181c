package dataplane

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/trace"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// This file has the steps of a request through the data plane, from top to bottom
// in the order in which the service evaluates them (inferred where a step does not
// say otherwise). A step either returns what it found or a refusal, which ends the
// request. Steps do not change the request.

// ServeGateway handles a request below /v1. The path is {account}/{gateway}/{rest}.
func (p *Plane) ServeGateway(w http.ResponseWriter, r *http.Request, path string, body []byte) {
	p.serve(w, r, readInbound(r, path, body, p.hasToken(r.Header)))
}

// serve handles a request to a gateway.
func (p *Plane) serve(w http.ResponseWriter, r *http.Request, in inbound) {
	in.trace.Enter(in.gateway)

	// Does the gateway exist, and may the client use it?
	config, refused := p.openGateway(in)
	if refused != nil {
		in.note(stepGateway, trace.Refused, refused.String()+": "+whyClosed(in, refused))
		refused.write(w)
		return
	}
	in.config = config

	// A list of steps for several providers: each goes through process. The list of
	// models asks none.
	switch {
	case in.endpoint == "":
		p.serveUniversal(w, r, in)
		return
	case in.endpoint == "compat/models" && in.method == http.MethodGet:
		p.serveModels(w, in)
		return
	}

	// Which provider is it for, and what does it ask?
	req, refused := p.parseRequest(in)
	if refused != nil {
		in.refuse(stepRequest, refused)
		refused.write(w)
		return
	}

	// Does the dynamic route that it names exist, or a model if none is named?
	req, refused = p.resolve(req)
	if refused != nil {
		refused.write(w)
		return
	}

	id := p.store.NewID()
	p.respond(w, r, p.process(r.Context(), req, visit{logID: id}), ids{request: id, log: id})
}

// visit is what process needs to know besides the request.
type visit struct {
	// logID is the id of the request's log.
	logID string
	// counted is set if the rate limit has counted the request before. It counts a
	// universal request once, however many steps it has.
	counted bool
}

// result is the outcome of a request.
type result struct {
	// req is the request as the responding provider received it.
	req      request
	response response
	// refusal is the gateway's own response, in place of the provider's.
	refusal *refusal
	// tryNext is set for refusals about the provider's key, which another provider
	// may not give.
	tryNext bool
	counted bool
	cached  bool
	logged  bool
	dlp     *store.DLPReport
	// buffered responses are not streamed, though the client requests a stream.
	buffered bool
}

// failed reports whether the next step of a universal request is tried: by default
// after any error (documented).
func (r result) failed() bool { return r.refusal != nil || r.response.status >= http.StatusBadRequest }

// process takes a request through its gateway to the provider and back.
func (p *Plane) process(ctx context.Context, req request, v visit) result {
	// Requests of the REST API for Workers AI that name no gateway.
	if req.gateway == "" {
		return p.bypass(ctx, req)
	}
	e := event{id: v.logID, started: p.store.Now(), req: req}
	marks := findMarks(req.body)

	// Which key does the gateway add, if the client sends none? Whoever pays, is
	// there a credential?
	key, refused := p.findKey(req)
	if refused != nil {
		return turnedAway(req, v, stepKey, refused)
	}
	req.key = key
	if refused := requireCredential(req); refused != nil {
		return turnedAway(req, v, stepKey, refused)
	}
	req.noteCredential()

	// Is the response cached? The cache comes before limits, budgets, guardrails and
	// DLP (documented).
	policy := cachePolicyFor(req)
	if hit, ok := p.fromCache(req, policy); ok {
		// With a key of its own the entry may be another model's.
		e.req, e.response, e.cached = req.forModel(hit.provider, hit.model), hit, true
		req.note(stepCache, trace.Answered, "hit")
		return result{req: e.req, response: hit, cached: true, counted: v.counted, logged: p.finish(e)}
	}

	req.noteMiss(policy)

	// Is there room in the rate limit of the gateway? Only a miss counts (observed
	// live). And in the limit of the key?
	if !v.counted && !p.store.AdmitRequest(req.account, req.gateway) {
		return turnedAway(req, v, stepRateLimit, rateLimited())
	}
	v.counted = true
	if !req.key.Admit() {
		out := turnedAway(req, v, stepKeyLimit, rateLimited())
		out.tryNext = true
		return out
	}

	// Can Unified Billing pay? Are budgets left?
	if refused := p.requireCredit(req); refused != nil {
		return turnedAway(req, v, stepCredit, refused)
	}
	if refused := p.requireBudget(req); refused != nil {
		return turnedAway(req, v, stepSpendLimit, refused)
	}
	req.note(stepLimits, trace.Passed, "not reached")

	// Do the policies of the gateway allow it?
	if req.route == nil {
		if req.verdict, refused = p.requirePolicies(req); refused != nil {
			return turnedAway(req, v, stepPolicies, refused)
		}
		if n := req.verdict.Evaluated; n > 0 {
			req.note(stepPolicies, trace.Passed, strconv.Itoa(n)+" evaluated")
		}
	}

	// Do guardrails and DLP let the prompt pass?
	e.req = req
	e.found, refused = scan(req, marks, onRequest)
	if refused != nil {
		req.refuse(stepPrompt, refused)
		return p.blocked(e, v, refused)
	}
	req.noteFindings(stepPrompt, e.found)

	// What does the provider say, or the one to which the dynamic route leads?
	out, refused := p.ask(ctx, req)
	e.req, e.response, e.cost = out.req, out.response, out.cost
	if refused != nil {
		return p.blocked(e, v, refused)
	}

	// Do guardrails and DLP let the response pass? A stream of the REST API is
	// scanned and logged, and passes; a stream of a gateway is held back and sent as
	// a whole (documented).
	scanned := e.response.completion != nil && scansResponses(e.req)
	if scanned {
		found, refused := scan(e.req, marks, onResponse)
		e.found = e.found.and(found)
		if refused != nil && !(req.rest && req.model.Stream) {
			req.refuse(stepResponse, refused)
			return p.blocked(e, v, refused)
		}
		req.noteFindings(stepResponse, found)
	}

	// Keep the response, and write the log and the span.
	p.toCache(req, policy, e.response)
	return result{
		req: e.req, response: e.response, counted: true, logged: p.finish(e), dlp: e.found.dlp,
		buffered: scanned && req.model.Stream && !req.rest,
	}
}

// bypass takes a request that passes through no gateway to its provider.
func (p *Plane) bypass(ctx context.Context, req request) result {
	req.trace.Ask(req.asked())
	response := p.send(ctx, req)
	if response.timedOut {
		req.refuse(stepProvider, timedOut())
		return result{req: req, refusal: timedOut()}
	}
	req.noteAnswer(response)
	return result{req: req, response: response}
}

// turnedAway returns the result of a request that is refused at once. It leaves no
// log (inferred).
func turnedAway(req request, v visit, step string, refused *refusal) result {
	req.refuse(step, refused)
	return result{req: req, refusal: refused, counted: v.counted}
}

// blocked returns the result of a request that is refused on its way. It leaves a
// log (documented for DLP, inferred for the others).
func (p *Plane) blocked(e event, v visit, refused *refusal) result {
	e.refusal = refused
	return result{req: e.req, refusal: refused, counted: v.counted, logged: p.finish(e), dlp: e.found.dlp}
}

// event is what logs and spans show of a request.
type event struct {
	id             string
	started, ended time.Time
	req            request
	response       response
	refusal        *refusal
	cached         bool
	cost           cost
	found          findings
}

// finish exports the span of a request and writes its log. It reports whether there
// is a log.
func (p *Plane) finish(e event) bool {
	e.ended = p.store.Timestamp()
	p.export(e)
	return p.writeLog(e)
}

// An outcome is the response of a provider to a request.
type outcome struct {
	// req is the request as the provider got it.
	req      request
	response response
	cost     cost
}

// ask sends a request to its provider, or along its dynamic route, and charges it.
func (p *Plane) ask(ctx context.Context, req request) (outcome, *refusal) {
	if req.route != nil {
		return p.followRoute(ctx, req)
	}
	out := outcome{req: req, response: p.send(ctx, req)}
	if refused := gatewayError(req, out.response); refused != nil {
		req.refuse(stepProvider, refused)
		return out, refused
	}
	req.noteAnswer(out.response)
	out.cost = p.charge(req, out.response)
	return out, nil
}

// openGateway returns the configuration of the gateway. A gateway that does not
// exist is 2001 even without a token (documented).
func (p *Plane) openGateway(in inbound) (store.GatewayConfig, *refusal) {
	missing := badRequest(codeGatewayMissing, "Please configure AI Gateway in the Cloudflare dashboard")
	if !wire.ValidAccountID(in.account) {
		return store.GatewayConfig{}, missing
	}
	config, ok := p.store.OpenGateway(in.account, in.gateway, in.trusted)
	switch {
	case !ok:
		return config, missing
	case config.Authentication && !in.trusted:
		return config, newRefusal(http.StatusUnauthorized, codeUnauthorized, "Unauthorized")
	}
	return config, nil
}

// whyClosed returns what the response to a request does not say: why the gateway is not
// open to it.
func whyClosed(in inbound, refused *refusal) string {
	switch {
	case refused.code == codeGatewayMissing:
		return fmt.Sprintf("account %s has no gateway %q", in.account, in.gateway)
	case in.header.Get("cf-aig-authorization") == "":
		return "the request has no cf-aig-authorization"
	}
	return "cf-aig-authorization has another token than the emulator"
}

// hasToken reports whether a request carries the token: in cf-aig-authorization,
// or, as an OpenAI SDK sends it, in Authorization (documented). If a request has
// both, the first decides, since the second is the provider's (inferred).
func (p *Plane) hasToken(header http.Header) bool {
	if own := header.Get("cf-aig-authorization"); own != "" {
		return wire.BearerMatches(own, p.token)
	}
	return wire.BearerMatches(header.Get("Authorization"), p.token)
}

// readInbound reads a request whose path is {account}/{gateway}/{rest}.
func readInbound(r *http.Request, path string, body []byte, trusted bool) inbound {
	parts := strings.SplitN(path, "/", 3)
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	gateway, err := url.PathUnescape(parts[1])
	if err != nil {
		gateway = ""
	}
	return inbound{
		account: parts[0], gateway: gateway, trusted: trusted,
		method: r.Method, endpoint: parts[2], query: r.URL.Query(), header: r.Header, body: body,
		trace: trace.FromContext(r.Context()),
	}
}
