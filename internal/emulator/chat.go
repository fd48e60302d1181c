package emulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// chat is one chat request on its way through a gateway.
type chat struct {
	account, gateway string
	settings         settings
	body             []byte
	// endpoint is the path below the gateway.
	endpoint string
	chatRequest
}

// chatRequest is what the emulator understands of an OpenAI chat request.
type chatRequest struct {
	provider string
	model    string // without the provider
	prompt   string // the text of the last user message
	input    string // the text of all messages
	stream   bool
	// maxTokens is 0 when the request sets no limit.
	maxTokens int
}

// serveChat answers POST compat/chat/completions.
func (s *Server) serveChat(w http.ResponseWriter, r *http.Request, c chat) {
	var refusal *dataError
	if c.chatRequest, refusal = parseChat(r.Method, c.body); refusal != nil {
		refusal.write(w)
		return
	}

	started := s.clock.Now()
	policy := s.cachePolicy(r.Header, c)
	answer, hit := s.cached(c, policy)
	if !hit {
		// Only a miss counts for the rate limit (observed live).
		if !s.withinRateLimit(c) {
			w.Header().Set("cf-aig-cache-status", "MISS")
			(&dataError{http.StatusTooManyRequests, codeRateLimited, "Rate limited"}).write(w)
			return
		}
		answer = s.upstream(r.Context(), c.chatRequest)
		s.store(c, policy, answer)
	}

	id := s.ids.next(s.clock.Now())
	logged := s.writeLog(r, c, answer, logFacts{id: id, started: started, cached: hit})
	setChatHeaders(w, r, answer, id, logged, hit)
	if c.stream && answer.completion != nil {
		streamChat(w, r, answer)
		return
	}
	w.Header().Set("Content-Type", answer.contentType)
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body)
}

// setChatHeaders sets the headers that tell a client how its request was
// routed. For a request of one step request, event and log share an id
// (documented); a client's own event id is echoed, and there is no log id
// without a log (inferred).
func setChatHeaders(w http.ResponseWriter, r *http.Request, answer upstreamAnswer, id string, logged, hit bool) {
	h := w.Header()
	status := "MISS"
	if hit {
		status = "HIT"
	}
	h.Set("cf-aig-cache-status", status)
	h.Set("cf-aig-request-id", id)
	h.Set("cf-aig-event-id", id)
	if own := r.Header.Get("cf-aig-event-id"); own != "" {
		h.Set("cf-aig-event-id", own)
	}
	if logged {
		h.Set("cf-aig-log-id", id)
	}
	h.Set("cf-aig-step", "0")
	h.Set("cf-aig-provider", answer.provider)
	h.Set("cf-aig-model", answer.model)
}

// parseChat reads a chat request. What is no chat request at all is 2019
// (documented); that this covers the method and the messages too is inferred.
func parseChat(method string, body []byte) (chatRequest, *dataError) {
	bad := &dataError{http.StatusBadRequest, codeBadChat, "Chat completion bad format"}
	var in struct {
		Model    string `json:"model"`
		Messages []struct {
			Role    string          `json:"role"`
			Content json.RawMessage `json:"content"`
		} `json:"messages"`
		Stream              bool `json:"stream"`
		MaxTokens           int  `json:"max_tokens"`
		MaxCompletionTokens int  `json:"max_completion_tokens"`
	}
	if method != http.MethodPost || json.Unmarshal(body, &in) != nil || len(in.Messages) == 0 {
		return chatRequest{}, bad
	}
	provider, model, ok := strings.Cut(in.Model, "/")
	if !ok || provider == "" || model == "" {
		return chatRequest{}, bad
	}
	provider, refusal := resolveProvider(provider, model)
	if refusal != nil {
		return chatRequest{}, refusal
	}
	out := chatRequest{
		provider:  provider,
		model:     model,
		stream:    in.Stream,
		maxTokens: max(in.MaxTokens, in.MaxCompletionTokens, 0),
	}
	var all []string
	for _, message := range in.Messages {
		if message.Role == "" {
			return chatRequest{}, bad
		}
		content := messageText(message.Content)
		all = append(all, content)
		if message.Role == "user" {
			out.prompt = content
		}
	}
	out.input = strings.Join(all, "\n")
	return out, nil
}

// resolveProvider turns the prefix of a model name into the provider that logs
// and headers name. google is an alias (both spellings are documented).
func resolveProvider(prefix, model string) (string, *dataError) {
	switch {
	case prefix == "google":
		return "google-ai-studio", nil
	case prefix == "dynamic":
		// There are no dynamic routes yet, so none can exist. 2005 was observed
		// live for a route that the data plane did not find.
		return "", &dataError{http.StatusBadRequest, codeProviderFailed,
			"Failed to get response from provider: the dynamic route '" + model + "' does not exist"}
	case prefix == faultProvider || slices.Contains(providers, prefix):
		return prefix, nil
	default:
		return "", &dataError{http.StatusBadRequest, codeInvalidProvider, "Invalid provider"}
	}
}

// messageText returns the text of a message: a string, or the text parts of a
// list of parts. Other content counts as empty.
func messageText(content json.RawMessage) string {
	var plain string
	if json.Unmarshal(content, &plain) == nil {
		return plain
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(content, &parts) != nil {
		return ""
	}
	var texts []string
	for _, part := range parts {
		if part.Text != "" {
			texts = append(texts, part.Text)
		}
	}
	return strings.Join(texts, "\n")
}

// streamChat sends an answer as server-sent events: the role, the text word by
// word, the finish reason, the usage, and the end mark. The gateway passes a
// provider's stream through (documented); the pieces are OpenAI's.
func streamChat(w http.ResponseWriter, r *http.Request, answer upstreamAnswer) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(answer.status)
	flusher := http.NewResponseController(w)
	send := func(data []byte) {
		if r.Context().Err() != nil {
			cut()
		}
		_, _ = w.Write(slices.Concat([]byte("data: "), data, []byte("\n\n")))
		// Where there is nothing to flush, the answer goes out as a whole.
		_ = flusher.Flush()
	}
	for _, chunk := range answer.completion.chunks() {
		send(marshal(chunk))
		if answer.cut {
			cut()
		}
	}
	send([]byte("[DONE]"))
}

// elapsedMillis is a duration as logs have it.
func elapsedMillis(from, to time.Time) int64 { return max(to.Sub(from).Milliseconds(), 0) }
