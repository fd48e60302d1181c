package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// Who pays the provider, and with which key. The rules are kept simple:
//
//   - A request that carries a key of the provider is paid with it. Which key
//     it is does not matter, except for Workers AI, whose key is the token.
//   - On provider paths a request without a key is paid by Unified Billing
//     where that is documented to work: an authenticated gateway, and one of
//     the providers that take part. Elsewhere the provider itself refuses it.
//   - On compat/chat/completions and on the REST API a request without a key is
//     always paid by Unified Billing. (Documented for the REST API; on compat
//     it needs an authenticated gateway, which the emulator does not insist on.)
//   - A gateway adds a key that it has stored for the provider to a request that
//     carries none; see findKey.
//   - Unified Billing is switched off by byok_only, or for one request by
//     cf-aig-no-wholesale: a request without a key is then 400, except to
//     Workers AI (documented; the text, and that the error has no code, are
//     inferred).

const workersProvider = "workers-ai"

// unifiedProviders take part in Unified Billing (documented).
var unifiedProviders = []string{"openai", "anthropic", "google-ai-studio", "google-vertex-ai", "grok", "groq"}

// keyHeaders are the headers in which providers take their keys.
var keyHeaders = []string{"Authorization", "x-api-key", "x-goog-api-key", "api-key", "xi-api-key"}

// hasKey reports whether a request carries a key of the provider, or whether
// the gateway adds one: a stored key, or one in the headers of a custom provider
// (that this counts is inferred).
func (x *exchange) hasKey(s *Server) bool { return x.sentKey(s) != "" }

// wholesale reports whether Unified Billing pays.
func (x *exchange) wholesale(s *Server) bool {
	return x.provider != workersProvider && x.custom == nil && !x.hasKey(s)
}

// needsCredential turns a request away that would have to be paid by Unified
// Billing and must not. A dynamic route needs one for each model that it asks.
func (x *exchange) needsCredential(s *Server) *dataError {
	insists := x.settings.byokOnly || x.header.Get("cf-aig-no-wholesale") == "true"
	if !insists || x.dynamic != nil || x.provider == workersProvider || x.hasKey(s) {
		return nil
	}
	return &dataError{status: http.StatusBadRequest,
		message: "No provider credentials: the gateway requires credentials for provider '" + x.provider + "'"}
}

// providerRefusal is the provider's own answer to a request on its path that
// nobody pays for.
func (s *Server) providerRefusal(x *exchange) *failure {
	if x.provider == workersProvider {
		return s.workersRefusal(x)
	}
	if strings.HasPrefix(x.sentKey(s), RejectedKey) {
		return &failure{status: http.StatusUnauthorized, message: "Incorrect API key provided.", word: "invalid_api_key"}
	}
	if x.compat || x.rest || x.custom != nil {
		return nil
	}
	unified := x.trusted && x.settings.authentication && slices.Contains(unifiedProviders, x.provider)
	if unified || x.hasKey(s) {
		return nil
	}
	switch x.provider {
	case "anthropic":
		return &failure{status: http.StatusUnauthorized, message: "x-api-key header is required"}
	case "google-ai-studio":
		return &failure{status: http.StatusForbidden, message: "Method doesn't allow unregistered callers " +
			"(callers without established identity). Please use API Key or other form of API consumer identity to call this API."}
	default:
		return &failure{status: http.StatusUnauthorized, message: "You didn't provide an API key."}
	}
}

// workersRefusal is the answer of Workers AI to a key that is not a token of
// the account, and, on its own path, to none at all.
func (s *Server) workersRefusal(x *exchange) *failure {
	key := x.header.Get("Authorization")
	if x.stored != nil {
		key = "Bearer " + x.stored.value
	}
	if x.rest || s.bearerValid(key) || key == "" && x.compat {
		return nil
	}
	return &failure{status: http.StatusUnauthorized, message: "Authentication error"}
}
