package emulator

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// exchange is one request to a model on its way through a gateway.
type exchange struct {
	account string
	// gateway is empty for the requests that pass through none: those of the
	// REST API for Workers AI that name no gateway.
	gateway  string
	settings settings
	// trusted is whether the client has shown a valid token.
	trusted bool
	// rest is whether the request came by the REST API.
	rest bool
	// compat is whether the request came by compat/chat/completions.
	compat bool

	method string
	// endpoint is the path below the gateway, or below the account for the REST
	// API.
	endpoint string
	query    url.Values
	header   http.Header
	body     []byte

	// step is the place in a universal request, and override what the step
	// itself says of retries.
	step     int
	override stepConfig
	// counted is whether the rate limit has counted the request already, which
	// it does once however many steps it takes.
	counted bool

	// dynamic is there for as long as a dynamic route has to find provider and
	// model.
	dynamic *routing

	// custom is the provider where it is a custom one, and stored the key that
	// the gateway holds for the provider; see findCustom and findKey.
	custom *customProvider
	stored *storedKey

	provider string
	form     form
	question question
	// flawed is what the provider's API would say of a request that it cannot
	// read.
	flawed *failure
}

// outcome is what became of an exchange.
type outcome struct {
	answer upstreamAnswer
	// refusal is the gateway's own answer, instead of a provider's.
	refusal *dataError
	// elsewhere refusals are about the provider's key: another provider may do.
	elsewhere bool
	hit       bool
	logged    bool
	dlp       *dlpReport
	// buffered answers are not streamed, though the client asked for it.
	buffered bool
}

// failed reports whether the next step of a universal request should try: by
// default any error is reason to (documented).
func (o outcome) failed() bool { return o.refusal != nil || o.answer.status >= http.StatusBadRequest }

// serveExchange answers a request that has a single step.
func (s *Server) serveExchange(w http.ResponseWriter, r *http.Request, x exchange) {
	id := s.ids.next(s.clock.Now())
	out := s.pass(r.Context(), &x, id)
	s.respond(w, r, &x, out, ids{request: id, log: id})
}

// pass takes an exchange through the gateway to the provider and back. logID
// is the id that its log gets.
func (s *Server) pass(ctx context.Context, x *exchange, logID string) outcome {
	if x.gateway == "" {
		answer := s.attempts(ctx, x)
		if answer.timedOut {
			return outcome{refusal: noAnswer()}
		}
		return outcome{answer: answer}
	}
	note := note{id: logID, started: s.clock.Now(), marks: findMarks(x.body)}
	if refusal := s.findKey(x); refusal != nil {
		return outcome{refusal: refusal}
	}
	if refusal := x.needsCredential(s); refusal != nil {
		return outcome{refusal: refusal}
	}
	policy := s.cachePolicy(x)
	if answer, hit := s.cached(x, policy); hit {
		// The cache comes before budgets, guardrails and DLP (documented).
		note.answer, note.cached = answer, true
		// With a key of its own it may be another model's answer.
		x.provider, x.question.model = answer.provider, answer.model
		return outcome{answer: answer, hit: true, logged: s.finish(x, &note)}
	}
	// Only a miss counts for the rate limit (observed live).
	if !x.counted && !s.withinRateLimit(x) {
		return outcome{refusal: &dataError{http.StatusTooManyRequests, codeRateLimited, "Rate limited"}}
	}
	x.counted = true
	if !s.withinConfigLimit(x) {
		return outcome{elsewhere: true, refusal: &dataError{http.StatusTooManyRequests, codeRateLimited, "Rate limited"}}
	}
	if refusal := s.outOfCredit(x); refusal != nil {
		return outcome{refusal: refusal}
	}
	if refusal := s.withinBudgets(x); refusal != nil {
		return outcome{refusal: refusal}
	}
	if refusal := x.scan(&note, onRequest); refusal != nil {
		return s.blocked(x, &note, refusal)
	}
	if refusal := s.ask(ctx, x, &note); refusal != nil {
		return s.blocked(x, &note, refusal)
	}
	answer, buffered := note.answer, false
	if answer.completion != nil && x.scansResponses() {
		refusal := x.scan(&note, onResponse)
		// A stream of the REST API is looked at and logged, and passes; a stream
		// of a gateway is held back and answered as a whole (documented).
		if refusal != nil && !(x.rest && x.question.stream) {
			return s.blocked(x, &note, refusal)
		}
		buffered = x.question.stream && !x.rest
	}
	s.store(x, policy, answer)
	return outcome{answer: answer, logged: s.finish(x, &note), dlp: note.dlp, buffered: buffered}
}

// ask gets an exchange its answer, from the provider or from whom its dynamic
// route leads to, and charges it.
func (s *Server) ask(ctx context.Context, x *exchange, n *note) *dataError {
	if x.dynamic != nil {
		return s.walk(ctx, x, n)
	}
	n.answer = s.attempts(ctx, x)
	if refusal := x.unanswered(n.answer); refusal != nil {
		return refusal
	}
	s.charge(x, n)
	return nil
}

// unanswered is the gateway's own error where the provider's answer is not for
// the client.
func (x *exchange) unanswered(answer upstreamAnswer) *dataError {
	switch {
	case answer.timedOut:
		return noAnswer()
	case answer.unreachable:
		return notReached(x.provider)
	default:
		return x.credentialRefused(answer)
	}
}

// noAnswer is the error for a timeout. Which one the service has is not
// documented.
func noAnswer() *dataError {
	return &dataError{http.StatusBadRequest, codeProviderFailed,
		"Failed to get response from provider: the request timed out"}
}

// blocked ends an exchange that the gateway stopped on its way. Unlike one that
// was turned away at once, it leaves a log (documented for DLP, inferred for
// the others).
func (s *Server) blocked(x *exchange, n *note, refusal *dataError) outcome {
	n.refusal = refusal
	return outcome{refusal: refusal, logged: s.finish(x, n), dlp: n.dlp}
}

// finish notes an exchange where it is to be noted, and reports whether there
// is a log of it.
func (s *Server) finish(x *exchange, n *note) bool {
	n.ended = s.timestamp()
	s.export(x, n)
	return s.writeLog(x, n)
}

// note is what is known of an exchange when it ends.
type note struct {
	id             string
	started, ended time.Time
	cached         bool
	answer         upstreamAnswer
	refusal        *dataError
	marks          []mark
	// cost is in US dollars; custom is whether the client set it.
	cost   float64
	custom bool
	dlp    *dlpReport
	// guardrails are the categories that were found.
	guardrails []guardrailFinding
}

// ids are those of a request and its log.
type ids struct{ request, log string }

// respond writes what became of an exchange.
func (s *Server) respond(w http.ResponseWriter, r *http.Request, x *exchange, out outcome, id ids) {
	if x.gateway != "" {
		setHeaders(w.Header(), x, out, id)
	}
	switch {
	case out.refusal != nil && x.rest:
		writeJSON(w, out.refusal.status, out.refusal.edgeBody())
	case out.refusal != nil:
		out.refusal.write(w)
	case x.question.stream && !out.buffered && out.answer.completion != nil && s.stream(w, r, x, out.answer):
	default:
		w.Header().Set("Content-Type", out.answer.contentType)
		w.WriteHeader(out.answer.status)
		_, _ = w.Write(out.answer.body)
	}
}

// setHeaders sets the headers that tell a client how its request was routed.
// For a request of one step request, event and log share an id (documented); a
// client's own event id is echoed, and there is no log id without a log
// (inferred).
func setHeaders(h http.Header, x *exchange, out outcome, id ids) {
	status := "MISS"
	if out.hit {
		status = "HIT"
	}
	h.Set("cf-aig-cache-status", status)
	if out.dlp != nil {
		h.Set("cf-aig-dlp", string(marshal(out.dlp)))
	}
	if out.refusal != nil && !out.logged {
		return
	}
	h.Set("cf-aig-request-id", id.request)
	h.Set("cf-aig-event-id", id.request)
	if own := x.header.Get("cf-aig-event-id"); own != "" {
		h.Set("cf-aig-event-id", own)
	}
	if out.logged {
		h.Set("cf-aig-log-id", id.log)
	}
	h.Set("cf-aig-step", itoa(x.step))
	h.Set("cf-aig-provider", x.provider)
	h.Set("cf-aig-model", x.question.model)
}

// stream sends an answer in the pieces in which its API streams, and reports
// false where that API does not. The gateway passes a provider's stream
// through (documented).
func (s *Server) stream(w http.ResponseWriter, r *http.Request, x *exchange, answer upstreamAnswer) bool {
	contentType, pieces := x.form.stream(x.question, answer.completion)
	if len(pieces) == 0 {
		return false
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(answer.status)
	flusher := http.NewResponseController(w)
	for _, piece := range pieces {
		if r.Context().Err() != nil {
			cut()
		}
		_, _ = w.Write(piece)
		// Where there is nothing to flush, the answer goes out as a whole.
		_ = flusher.Flush()
		if answer.cut {
			cut()
		}
	}
	return true
}
