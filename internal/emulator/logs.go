package emulator

import (
	"net/http"
	"slices"
	"time"
)

// logHead is how many bytes of a payload a log shows itself. The service's own
// number is not known.
const logHead = 16 << 10

// logEntry is one stored log. Payloads are empty when they were not collected.
type logEntry struct {
	id                  string
	created             time.Time
	durationMillis      int64
	provider, model     string
	path                string
	status              int
	cached              bool
	tokensIn, tokensOut int
	cost                float64
	customCost          bool
	metadata            map[string]any
	request, response   []byte
	responseType        string
}

// logFacts is what only the handler knows of a request.
type logFacts struct {
	id      string
	started time.Time
	cached  bool
}

// writeLog stores the log of a request that the cache or a provider answered,
// and reports whether it did. Refused requests leave none (inferred).
//
// cf-aig-collect-log wins over the gateway's setting, and with
// cf-aig-collect-log-payload: false the bodies are dropped (documented).
func (s *Server) writeLog(r *http.Request, c chat, answer upstreamAnswer, facts logFacts) bool {
	collect := c.settings.collectLogs
	switch r.Header.Get("cf-aig-collect-log") {
	case "true":
		collect = true
	case "false":
		collect = false
	}
	if !collect {
		return false
	}
	now := s.timestamp()
	entry := &logEntry{
		id:             facts.id,
		created:        now,
		durationMillis: elapsedMillis(facts.started, now),
		provider:       answer.provider,
		model:          answer.model,
		path:           c.endpoint,
		status:         answer.status,
		cached:         facts.cached,
		metadata:       parseMetadata(r.Header.Get("cf-aig-metadata")),
		responseType:   answer.contentType,
	}
	// An answer from the cache costs nothing (documented).
	if answer.completion != nil && !facts.cached {
		entry.tokensIn = answer.completion.Usage.PromptTokens
		entry.tokensOut = answer.completion.Usage.CompletionTokens
		entry.cost, entry.customCost = customCost(r.Header.Get("cf-aig-custom-cost"), entry.tokensIn, entry.tokensOut)
	}
	if r.Header.Get("cf-aig-collect-log-payload") != "false" {
		entry.request, entry.response = c.body, answer.body
	}
	return s.insertLog(c, entry)
}

// insertLog stores a log within the gateway's retention: a full store takes no
// more under STOP_INSERTING, and loses its oldest under DELETE_OLDEST
// (documented). Null means the plan's values (inferred).
func (s *Server) insertLog(c chat, entry *logEntry) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(c.account).gateways[c.gateway]
	if !ok {
		return false
	}
	capacity, strategy := g.values["log_management"], g.values["log_management_strategy"]
	plan := s.initialValues()
	if capacity == nil {
		capacity = plan["log_management"]
	}
	if strategy == nil {
		strategy = plan["log_management_strategy"]
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

// listLogs is GET /gateways/{id}/logs with page and per_page (1 to 50,
// documented), newest first. Other query parameters are not looked at.
func (s *Server) listLogs(c call) {
	page, problems := parsePage(c.r.URL.Query(), 50)
	if len(problems) > 0 {
		writeInvalid(c.w, problems)
		return
	}
	logs, ok := s.logsOf(c.account, c.params["gateway"])
	if !ok {
		writeNotFound(c.w)
		return
	}
	entries, info := pageOf(logs, page)
	items := make([]*ordered, 0, len(entries))
	for _, entry := range entries {
		items = append(items, renderLog(entry))
	}
	writeList(c.w, items, info)
}

// getLog is GET /gateways/{id}/logs/{log}: the list's item and the payloads'
// heads.
func (s *Server) getLog(c call) {
	logs, _ := s.logsOf(c.account, c.params["gateway"])
	for _, entry := range logs {
		if entry.id == c.params["log"] {
			out := renderLog(entry)
			renderPayload(out, "request", entry.request)
			renderPayload(out, "response", entry.response)
			writeResult(c.w, out)
			return
		}
	}
	writeNotFound(c.w)
}

// logsOf returns a gateway's logs, newest first. Stored logs never change, so
// they may be read without the lock.
func (s *Server) logsOf(account, id string) ([]*logEntry, bool) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(account).gateways[id]
	if !ok {
		return nil, false
	}
	out := slices.Clone(g.logs)
	slices.Reverse(out)
	return out, true
}

// renderLog shows a log as the list does. Names are documented; metadata is an
// object, as observed live, though the documents say string.
func renderLog(e *logEntry) *ordered {
	out := &ordered{}
	out.set("id", e.id)
	out.set("created_at", formatTime(e.created))
	out.set("provider", e.provider)
	out.set("model", e.model)
	out.set("model_type", "chat") // inferred, as is request_type
	out.set("path", e.path)
	out.set("duration", e.durationMillis)
	out.set("request_type", "chat")
	out.set("request_content_type", "application/json") // the only one that chat takes
	out.set("response_content_type", e.responseType)
	out.set("status_code", e.status)
	out.set("success", e.status < 400)
	out.set("cached", e.cached)
	out.set("tokens_in", e.tokensIn)
	out.set("tokens_out", e.tokensOut)
	out.set("cost", e.cost)
	out.set("custom_cost", e.customCost)
	out.set("step", 0)
	if e.metadata != nil {
		out.set("metadata", e.metadata)
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
