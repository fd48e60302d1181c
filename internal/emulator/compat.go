package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// readCompat reads a request to compat/chat/completions. What is no chat
// request at all is 2019 (documented); that this covers the method and the
// messages too is inferred.
func (x *exchange) readCompat() *dataError {
	bad := &dataError{http.StatusBadRequest, codeBadChat, "Chat completion bad format"}
	x.compat, x.form = true, openAIChat{}
	q, flaw := x.form.read(x.body)
	if x.method != http.MethodPost || flaw != "" {
		return bad
	}
	if route, ok := isRoute(q.model); ok {
		x.question = q
		x.askRoute(route)
		return nil
	}
	prefix, model, ok := strings.Cut(q.model, "/")
	if !ok || prefix == "" || model == "" {
		return bad
	}
	provider, refusal := resolveProvider(prefix)
	if refusal != nil {
		return refusal
	}
	q.model = model
	x.provider, x.question = provider, q
	return nil
}

// resolveProvider turns the prefix of a model name into the provider that logs
// and headers name. google is an alias (both spellings are documented).
func resolveProvider(prefix string) (string, *dataError) {
	switch {
	case prefix == "google":
		return "google-ai-studio", nil
	case strings.HasPrefix(prefix, customPrefix): // whether there is one is seen later
		return prefix, nil
	case prefix == faultProvider || slices.Contains(providers, prefix):
		return prefix, nil
	default:
		return "", &dataError{http.StatusBadRequest, codeInvalidProvider, "Invalid provider"}
	}
}
