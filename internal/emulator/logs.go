package emulator

import (
	"net/http"
	"slices"
	"time"
)

// logHead is how many bytes of a payload a log shows itself. The service's own
// number is not known.
const logHead = 16 << 10

// logEntry is one stored log. It never changes; an edit replaces it.
type logEntry struct {
	id, eventID           string
	created               time.Time
	duration              float64 // milliseconds
	provider, model, path string
	modelType             string
	requestType           string
	status                int
	success, cached       bool
	step                  int
	// tokens are nil where they are not known.
	tokensIn, tokensOut *float64
	cost                float64
	customCost          bool
	metadata            map[string]any
	feedback, score     *float64

	authentication, wholesale, compatibility bool
	userAgent                                string
	dlp                                      *dlpReport
	dlpAction                                string
	guardrails                               []guardrailFinding

	requestContentType, responseContentType string
	// Payloads are empty when they were not collected.
	request, response []byte
}

// status is the HTTP status of an exchange.
func (n *note) status() int {
	if n.refusal != nil {
		return n.refusal.status
	}
	return n.answer.status
}

// response is the body that ended an exchange.
func (n *note) response() []byte {
	if n.refusal != nil {
		return marshal(n.refusal.body())
	}
	return n.answer.body
}

// tokens are those that were used. An answer from the cache uses none and costs
// nothing (documented).
func (n *note) tokens() (in, out int) {
	if n.cached || n.answer.completion == nil {
		return 0, 0
	}
	return n.answer.completion.tokensIn, n.answer.completion.tokensOut
}

// writeLog stores the log of a request that the cache or a provider answered,
// or that guardrails or DLP stopped, and reports whether it did. Requests that
// were turned away before leave none (inferred).
//
// cf-aig-collect-log wins over the gateway's setting, and with
// cf-aig-collect-log-payload: false the bodies are dropped (documented).
func (s *Server) writeLog(x *exchange, n *note) bool {
	collect := x.settings.collectLogs
	switch x.header.Get("cf-aig-collect-log") {
	case "true":
		collect = true
	case "false":
		collect = false
	}
	if !collect {
		return false
	}
	tokensIn, tokensOut := n.tokens()
	in, out := float64(tokensIn), float64(tokensOut)
	entry := &logEntry{
		id: n.id, eventID: n.id, created: n.ended, duration: float64(elapsedMillis(n.started, n.ended)),
		provider: x.provider, model: x.question.model, path: x.endpoint,
		modelType: x.form.kind(), requestType: x.form.kind(), // inferred
		status: n.status(), success: n.status() < http.StatusBadRequest, cached: n.cached, step: x.step,
		tokensIn: &in, tokensOut: &out, cost: n.cost, customCost: n.custom,
		metadata:       parseMetadata(x.header.Get("cf-aig-metadata")),
		authentication: x.trusted, wholesale: x.wholesale(s), compatibility: x.compat,
		userAgent: x.header.Get("User-Agent"), dlp: n.dlp, guardrails: n.guardrails,
		requestContentType: "application/json", responseContentType: n.answer.contentType,
	}
	if own := x.header.Get("cf-aig-event-id"); own != "" {
		entry.eventID = own
	}
	if n.dlp != nil {
		entry.dlpAction = n.dlp.Action
	}
	if n.refusal != nil {
		entry.responseContentType = "application/json"
	}
	if x.header.Get("cf-aig-collect-log-payload") != "false" {
		entry.request, entry.response = x.body, n.response()
	}
	return s.insertLog(x.account, x.gateway, entry)
}

// insertLog stores a log within the gateway's retention: a full store takes no
// more under STOP_INSERTING, and loses its oldest under DELETE_OLDEST
// (documented). Null means the plan's values (inferred).
func (s *Server) insertLog(account, gateway string, entry *logEntry) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(account).gateways[gateway]
	if !ok {
		return false
	}
	capacity, strategy := g.values["log_management"], g.values["log_management_strategy"]
	if capacity == nil || strategy == nil {
		plan := s.initialValues()
		if capacity == nil {
			capacity = plan["log_management"]
		}
		if strategy == nil {
			strategy = plan["log_management_strategy"]
		}
	}
	limit, _ := capacity.(float64)
	if excess := len(g.logs) + 1 - int(limit); excess > 0 {
		if strategy != "DELETE_OLDEST" {
			return false
		}
		g.logs = slices.Delete(g.logs, 0, min(excess, len(g.logs)))
	}
	g.logs = append(g.logs, entry)
	return true
}

// renderLog shows a log as the list does. Names are documented; metadata is an
// object, as observed live, though the documents say string. What a log has
// only sometimes (feedback, score, what guardrails and DLP found) is not in the
// documents' schema; its names are inferred.
func (s *Server) renderLog(e *logEntry) *ordered {
	out := &ordered{}
	out.set("id", e.id)
	out.set("created_at", formatTime(e.created))
	out.set("provider", e.provider)
	out.set("model", e.model)
	out.set("model_type", e.modelType)
	out.set("path", e.path)
	out.set("duration", e.duration)
	out.set("request_type", e.requestType)
	out.set("request_content_type", e.requestContentType)
	out.set("response_content_type", e.responseContentType)
	out.set("status_code", e.status)
	out.set("success", e.success)
	out.set("cached", e.cached)
	out.set("tokens_in", e.tokensIn)
	out.set("tokens_out", e.tokensOut)
	out.set("cost", e.cost)
	out.set("custom_cost", e.customCost)
	out.set("step", e.step)
	if e.metadata != nil {
		out.set("metadata", e.metadata)
		if s.quirks[LogMetadataString] {
			out.set("metadata", string(marshal(e.metadata)))
		}
	}
	if e.feedback != nil {
		out.set("feedback", e.feedback)
	}
	if e.score != nil {
		out.set("score", e.score)
	}
	if e.guardrails != nil {
		out.set("guardrails", e.guardrails)
	}
	if e.dlpAction != "" {
		out.set("dlp_action", e.dlpAction)
	}
	if e.dlp != nil {
		out.set("dlp", e.dlp)
	}
	return out
}

// renderPayload shows the beginning of a payload. Names are documented; what
// they mean exactly, and that they are empty without a payload, is inferred.
func renderPayload(out *ordered, name string, payload []byte) {
	head := payload[:min(len(payload), logHead)]
	out.set(name+"_head", string(head))
	out.set(name+"_head_complete", len(head) == len(payload))
	out.set(name+"_size", len(payload))
}

// elapsedMillis is a duration as logs have it.
func elapsedMillis(from, to time.Time) int64 { return max(to.Sub(from).Milliseconds(), 0) }
