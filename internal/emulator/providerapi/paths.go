package providerapi

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// endpoint says which API serves a path of which providers.
type endpoint struct {
	// providers is empty for all.
	providers []string
	method    string
	// path is matched against what follows the provider. Most patterns match at
	// the end only, since some clients send the provider's version prefix and
	// some do not.
	path *regexp.Regexp
	api  func(provider string, query url.Values, groups []string) API
}

var googleProviders = []string{"google-ai-studio", "google-vertex-ai"}

// endpoints is tried in order. Paths that match none get [plain].
var endpoints = []endpoint{
	{googleProviders, http.MethodPost, regexp.MustCompile(`(?:^|/)models/(.+):(generateContent|streamGenerateContent)$`),
		func(_ string, query url.Values, groups []string) API {
			return googleGenerate{
				model: groups[1], streaming: groups[2] == "streamGenerateContent", sse: query.Get("alt") == "sse",
			}
		}},
	{[]string{Workers}, http.MethodPost, regexp.MustCompile(`^(?:run/)?(@(?:cf|hf)/.+)$`),
		func(_ string, _ url.Values, groups []string) API { return workersRun{model: groups[1]} }},
	{nil, http.MethodPost, regexp.MustCompile(`(?:^|/)chat/completions$`), always(openAIChat{})},
	{nil, http.MethodPost, regexp.MustCompile(`(?:^|/)responses$`), always(openAIResponses{})},
	{nil, http.MethodPost, regexp.MustCompile(`(?:^|/)messages$`), always(anthropicMessages{})},
	{nil, http.MethodPost, regexp.MustCompile(`(?:^|/)embeddings$`), always(openAIEmbeddings{})},
	{[]string{"openai", "grok", "groq", "deepseek", "mistral", "cerebras", "openrouter", "fireworks"},
		http.MethodGet, regexp.MustCompile(`(?:^|/)models$`),
		func(provider string, _ url.Values, _ []string) API { return openAIModels{owner: provider} }},
}

func always(api API) func(string, url.Values, []string) API {
	return func(string, url.Values, []string) API { return api }
}

// ForPath returns the API that serves an escaped path of a provider.
func ForPath(provider, method, path string, query url.Values) API {
	path = unescape(path)
	for _, e := range endpoints {
		if e.method != method || len(e.providers) > 0 && !slices.Contains(e.providers, provider) {
			continue
		}
		if groups := e.path.FindStringSubmatch(path); groups != nil {
			return e.api(provider, query, groups)
		}
	}
	return plain{provider: provider, method: method, path: path}
}

// ParsePath reads a request on a path of a provider. The flaw is the provider's
// error message, for the provider to send once the gateway has let the request
// through.
func ParsePath(provider, path string, api API, body []byte) (request Request, flaw string) {
	request, flaw = api.Parse(body)
	if provider == Azure && request.Model == "" {
		// Azure names the deployment in the path: {resource}/{deployment}/….
		if parts := strings.SplitN(unescape(path), "/", 3); len(parts) == 3 {
			request.Model = parts[1]
		}
	}
	if flaw == "" && request.Model == "" && api.Kind() != "" {
		flaw = "you must provide a model parameter"
	}
	return request, flaw
}

func unescape(path string) string {
	if unescaped, err := url.PathUnescape(path); err == nil {
		return unescaped
	}
	return path
}
