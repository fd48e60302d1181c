package emulator

import (
	"net/http"
	"slices"
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
//   - Unified Billing is switched off by byok_only, or for one request by
//     cf-aig-no-wholesale: a request without a key is then 400, except to
//     Workers AI (documented; the text, and that the error has no code, are
//     inferred).

const workersProvider = "workers-ai"

// unifiedProviders take part in Unified Billing (documented).
var unifiedProviders = []string{"openai", "anthropic", "google-ai-studio", "google-vertex-ai", "grok", "groq"}

// keyHeaders are the headers in which providers take their keys.
var keyHeaders = []string{"Authorization", "x-api-key", "x-goog-api-key", "api-key", "xi-api-key"}

// hasKey reports whether a request carries a key of the provider. A gateway's
// token in Authorization is none: it is what an OpenAI SDK sends to an
// authenticated gateway.
func (x *exchange) hasKey(s *Server) bool {
	if x.rest {
		return false // Authorization is for the REST API itself
	}
	for _, name := range keyHeaders {
		value := x.header.Get(name)
		if value != "" && !(name == "Authorization" && s.bearerValid(value)) {
			return true
		}
	}
	return x.query.Get("key") != "" // Google's
}

// wholesale reports whether Unified Billing pays.
func (x *exchange) wholesale(s *Server) bool {
	return x.provider != workersProvider && !x.hasKey(s)
}

// needsCredential turns a request away that would have to be paid by Unified
// Billing and must not. A dynamic route needs one for each model that it asks.
func (x *exchange) needsCredential(s *Server) *dataError {
	insists := x.settings.byokOnly || x.header.Get("cf-aig-no-wholesale") == "true"
	if !insists || x.dynamic != nil || !x.wholesale(s) {
		return nil
	}
	return &dataError{status: http.StatusBadRequest,
		message: "No provider credentials: the gateway requires credentials for provider '" + x.provider + "'"}
}

// providerRefusal is the provider's own answer to a request on its path that
// nobody pays for.
func (s *Server) providerRefusal(x *exchange) *failure {
	if x.compat || x.rest {
		return nil
	}
	if x.provider == workersProvider {
		if s.bearerValid(x.header.Get("Authorization")) {
			return nil
		}
		return &failure{status: http.StatusUnauthorized, message: "Authentication error"}
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
