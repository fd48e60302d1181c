package dataplane

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// Who pays the provider, and with which key. The rules are kept simple:
//
//   - A request that carries a key of the provider is paid with it. Which key it is
//     does not matter, except for Workers AI, whose key is the token.
//   - On provider paths, Unified Billing pays for a request without a key if that is
//     documented to work: the gateway is authenticated and the provider takes part.
//     Otherwise the provider itself refuses the request.
//   - On compat/chat/completions and on the REST API, Unified Billing always pays for
//     a request without a key. (Documented for the REST API; on compat it needs an
//     authenticated gateway, which the emulator does not require.)
//   - A gateway adds a key that it has stored for the provider to a request without
//     one; see findKey.
//   - byok_only, or cf-aig-no-wholesale for one request, switches Unified Billing
//     off: a request without a key is then 400, except to Workers AI (documented; the
//     text, and that the error has no code, are inferred).

// RejectedKey begins keys that every provider rejects with HTTP 401, so that a test
// can send an invalid key.
const RejectedKey = "rejected-"

// unifiedProviders take part in Unified Billing (documented).
var unifiedProviders = []string{"openai", "anthropic", "google-ai-studio", "google-vertex-ai", "grok", "groq"}

// keyHeaders are the headers in which providers take their keys.
var keyHeaders = []string{"Authorization", "x-api-key", "x-goog-api-key", "api-key", "xi-api-key"}

// clientKey returns the key that the client sends for the provider, or "". The
// gateway's token in Authorization is not one: an OpenAI SDK sends it to an
// authenticated gateway.
func (p *Plane) clientKey(in inbound) string {
	if in.rest {
		return "" // Authorization is for the REST API itself
	}
	for _, name := range keyHeaders {
		value := in.header.Get(name)
		if key := withoutScheme(value); key != "" && !(name == "Authorization" && wire.BearerMatches(value, p.token)) {
			return key
		}
	}
	return in.query.Get("key") // Google's
}

// withoutScheme returns the value of a key header without its scheme. A scheme alone, as
// from an unset variable, is no key.
func withoutScheme(value string) string {
	if scheme, key, _ := strings.Cut(value, " "); strings.EqualFold(scheme, "Bearer") {
		return key
	}
	return value
}

// findKey returns the key that the gateway has stored for the provider, nil if it
// has none or adds none. A key that the client sends has precedence (observed
// live). A dynamic route looks for the key of each model.
func (p *Plane) findKey(req request) (*store.Key, *refusal) {
	// The REST API sends the client's own token to Workers AI.
	if req.routeName != "" || req.clientKey != "" || req.rest && req.provider == providerapi.Workers {
		return nil, nil
	}
	key, err := p.store.FindKey(req.account, req.gateway, store.KeyQuery{
		Provider: req.provider, Alias: req.header.Get("cf-aig-byok-alias"), DefaultOnly: req.rest,
	})
	var noAlias *store.NoAliasError
	switch {
	case errors.As(err, &noAlias):
		// The text was observed live.
		return nil, badRequest(codeNoAlias, "Provider '"+noAlias.Provider+"' has no BYOK credential named '"+noAlias.Alias+
			"'. Configured aliases: '"+strings.Join(noAlias.Configured, "', '")+"'")
	case err != nil:
		// The text was observed live; code and status are inferred.
		return nil, badRequest(codeNoAlias, "Configured BYOK credentials are unavailable")
	}
	return key, nil
}

// sentKey returns the key that the provider is sent, or "": the stored key, the
// client's, or one in the headers of a custom provider (that this counts is
// inferred).
func (req request) sentKey() string {
	switch {
	case req.key != nil:
		return req.key.Value
	case req.clientKey != "":
		return req.clientKey
	}
	headers := customHeaders(req.custom)
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		if slices.ContainsFunc(keyHeaders, func(known string) bool { return strings.EqualFold(known, name) }) {
			return withoutScheme(headers[name])
		}
	}
	return ""
}

// wholesale reports whether Unified Billing pays.
func (req request) wholesale() bool {
	return req.provider != providerapi.Workers && req.custom == nil && req.sentKey() == ""
}

// requireCredential refuses a request that Unified Billing would have to pay for and
// must not. A dynamic route needs a credential for each model.
func requireCredential(req request) *refusal {
	required := req.config.BYOKOnly || req.header.Get("cf-aig-no-wholesale") == "true"
	if !required || req.routeName != "" || req.provider == providerapi.Workers || req.sentKey() != "" {
		return nil
	}
	return &refusal{status: http.StatusBadRequest,
		message: "No provider credentials: the gateway requires credentials for provider '" + req.provider + "'"}
}

// requireCredit refuses a request that Unified Billing would pay for and cannot.
// Code and status are documented; so is the beginning of the message.
func (p *Plane) requireCredit(req request) *refusal {
	if req.routeName != "" || !req.wholesale() || p.credentialError(req) != nil {
		return nil
	}
	if balance, _ := p.store.Credit(req.account); balance > 0 {
		return nil
	}
	return newRefusal(http.StatusPaymentRequired, codeNoCredit,
		"Insufficient wholesale credits: the account's credit balance is used up")
}

// credentialError returns the provider's own error for a key that it rejects, and
// for a request on its path without a key or credit.
func (p *Plane) credentialError(req request) *providerapi.Error {
	if req.provider == providerapi.Workers {
		return p.workersError(req)
	}
	key := req.sentKey()
	if strings.HasPrefix(key, RejectedKey) {
		return &providerapi.Error{Status: http.StatusUnauthorized, Message: "Incorrect API key provided.", Code: "invalid_api_key"}
	}
	unified := req.trusted && req.config.Authentication && slices.Contains(unifiedProviders, req.provider)
	if req.compat || req.rest || req.custom != nil || unified || key != "" {
		return nil
	}
	switch req.provider {
	case "anthropic":
		return &providerapi.Error{Status: http.StatusUnauthorized, Message: "x-api-key header is required"}
	case "google-ai-studio":
		return &providerapi.Error{Status: http.StatusForbidden, Message: "Method doesn't allow unregistered callers " +
			"(callers without established identity). Please use API Key or other form of API consumer identity to call this API."}
	default:
		return &providerapi.Error{Status: http.StatusUnauthorized, Message: "You didn't provide an API key."}
	}
}

// workersError returns the error of Workers AI for a key that is not the token. Without
// a key, that is so on its own path and in universal requests (reported by users), and
// not on compat.
func (p *Plane) workersError(req request) *providerapi.Error {
	key := req.header.Get("Authorization")
	if req.key != nil {
		key = "Bearer " + req.key.Value
	}
	if req.rest || wire.BearerMatches(key, p.token) || key == "" && req.compat && !req.universal {
		return nil
	}
	return &providerapi.Error{Status: http.StatusUnauthorized, Message: "Authentication error"}
}
