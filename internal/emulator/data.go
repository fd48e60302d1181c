package emulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Error codes of the data plane, all documented, with the HTTP status that they
// come with.
const (
	codeGatewayMissing  = 2001 // 400
	codeRateLimited     = 2003 // 429
	codeProviderFailed  = 2005 // 400
	codeInvalidProvider = 2008 // 400
	codeUnauthorized    = 2009 // 401
	codePromptBlocked   = 2016 // 424
	codeResponseBlocked = 2017 // 424, 422 on /ai/run
	codeBadChat         = 2019 // 400
	codeRequestDLP      = 2029 // 400
	codeResponseDLP     = 2030 // 400
	codeSpendLimit      = 2041 // 429
)

// defaultGatewayID is the one gateway that the service creates by itself.
const defaultGatewayID = "default"

// dataError is a refusal by the gateway. A code of 0 means that the error has
// none.
type dataError struct {
	status  int
	code    int
	message string
}

// body is the error as the data plane writes it. The key is "error", not
// "errors", and the result is an empty list (observed live).
func (e *dataError) body() any {
	return struct {
		Success  bool       `json:"success"`
		Result   []any      `json:"result"`
		Messages []any      `json:"messages"`
		Error    []apiError `json:"error"`
	}{false, []any{}, []any{}, []apiError{{Code: e.code, Message: e.message}}}
}

// edgeBody is the error as the REST API writes it. Which envelope its own
// endpoints have is not known; this is the one of all that is around them.
func (e *dataError) edgeBody() any {
	return edgeError{Errors: []apiError{{Code: e.code, Message: e.message}}, Messages: []string{}}
}

// write answers with the error in the form of the data plane.
func (e *dataError) write(w http.ResponseWriter) { writeJSON(w, e.status, e.body()) }

// providers are the prefixes of model names and the first path segments of
// pass-through requests (documented).
var providers = []string{
	"openai", "anthropic", "google-ai-studio", "google-vertex-ai", "grok", "groq",
	"deepseek", "mistral", "perplexity-ai", "cerebras", "openrouter", "fireworks",
	"cohere", "baseten", "parallel", "azure-openai", "aws-bedrock", "huggingface",
	"replicate", "fal", "ideogram", "cartesia", "deepgram", "elevenlabs",
	"adobe-firefly", "workers-ai",
}

// serveData answers a request below /v1: path is {account}/{gateway}/{rest}.
//
// The order is inferred: does the gateway exist, is the client allowed in, can
// the request be understood, is the answer cached, is there room in the rate
// limit and in the budgets, do guardrails and DLP let it pass, what does the
// provider say.
func (s *Server) serveData(w http.ResponseWriter, r *http.Request, path string, body []byte) {
	parts := strings.SplitN(path, "/", 3)
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	account, rest := parts[0], parts[2]
	id, err := url.PathUnescape(parts[1])
	if err != nil {
		id = ""
	}
	trusted := s.dataTokenValid(r.Header)
	settings, refusal := s.admit(account, id, trusted)
	if refusal != nil {
		refusal.write(w)
		return
	}
	x := exchange{
		account: account, gateway: id, settings: settings, trusted: trusted,
		method: r.Method, endpoint: rest, query: r.URL.Query(), header: r.Header, body: body,
	}
	if rest == "" {
		s.serveUniversal(w, r, x)
		return
	}
	refusal = s.route(&x)
	if refusal == nil {
		refusal = s.lookUpRoute(&x)
	}
	if refusal != nil {
		refusal.write(w)
		return
	}
	s.serveExchange(w, r, x)
}

// route reads the first segment of an exchange's endpoint, which names a
// provider, and then the request in the form of that provider's API.
func (s *Server) route(x *exchange) *dataError {
	segment, below, _ := strings.Cut(x.endpoint, "/")
	switch {
	case segment == "compat" && below == "chat/completions":
		if refusal := x.readCompat(); refusal != nil {
			return refusal
		}
		return s.findCustom(x)
	case segment == "compat":
		// Status and code are the emulator's own: the service may have such paths.
		return &dataError{http.StatusNotImplemented, codeInvalidProvider,
			"The emulator does not play this path yet; below compat it answers chat/completions"}
	case slices.Contains(providers, segment):
		x.readNative(segment, below)
		return nil
	case strings.HasPrefix(segment, customPrefix):
		x.readNative(segment, below)
		return s.findCustom(x)
	default:
		return &dataError{http.StatusBadRequest, codeInvalidProvider, "Invalid provider"}
	}
}

// settings is what the data plane needs to know of a gateway, as it was when
// the request came in. Objects are shared with the stored gateway, which
// replaces them and never changes them.
type settings struct {
	authentication, byokOnly, collectLogs bool
	cacheTTL                              float64
	guardrails, dlp                       map[string]any
	otel                                  []any
	retries                               retryPolicy
}

func (g *gateway) settings() settings {
	guardrails, _ := g.values["guardrails"].(map[string]any)
	dlp, _ := g.values["dlp"].(map[string]any)
	otel, _ := g.values["otel"].([]any)
	return settings{
		authentication: g.values["authentication"] == true,
		byokOnly:       g.values["byok_only"] == true,
		collectLogs:    g.values["collect_logs"] == true,
		cacheTTL:       g.number("cache_ttl"),
		guardrails:     guardrails,
		dlp:            dlp,
		otel:           otel,
		retries:        gatewayRetries(g),
	}
}

// admit finds the gateway and checks whether the client may use it. trusted is
// whether the client has a valid token.
//
// A missing gateway is 2001 even without a token, and the gateway "default"
// comes to life with the first request that has one (documented; that one
// without gets 2001 is inferred).
func (s *Server) admit(account, id string, trusted bool) (settings, *dataError) {
	absent := &dataError{http.StatusBadRequest, codeGatewayMissing,
		"Please configure AI Gateway in the Cloudflare dashboard"}
	if !accountPattern.MatchString(account) {
		return settings{}, absent
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	owner := s.state.account(account)
	g, ok := owner.gateways[id]
	if !ok {
		if id != defaultGatewayID || !trusted {
			return settings{}, absent
		}
		g = s.newDefaultGateway(account)
		owner.gateways[id] = g
	}
	found := g.settings()
	if found.authentication && !trusted {
		return settings{}, &dataError{http.StatusUnauthorized, codeUnauthorized, "Unauthorized"}
	}
	return found, nil
}

// dataTokenValid reports whether a request carries the token: in
// cf-aig-authorization, or, as an OpenAI SDK sends it, in Authorization
// (documented). Where both are there the first decides, since the second is
// the provider's (inferred).
func (s *Server) dataTokenValid(header http.Header) bool {
	if own := header.Get("cf-aig-authorization"); own != "" {
		return s.bearerValid(own)
	}
	return s.bearerValid(header.Get("Authorization"))
}

// newDefaultGateway is the gateway that the service makes by itself:
// authentication and logs on, caching and rate limiting off (documented). It
// is made even in an account that is full (inferred).
func (s *Server) newDefaultGateway(account string) *gateway {
	return s.newGateway(account, map[string]any{
		"id":                         defaultGatewayID,
		"authentication":             true,
		"cache_invalidate_on_update": false,
		"cache_ttl":                  0.0,
		"collect_logs":               true,
		"rate_limiting_interval":     0.0,
		"rate_limiting_limit":        0.0,
	})
}
