package emulator

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// nativeRoute says which API answers at which path of which providers.
type nativeRoute struct {
	// providers is empty for all.
	providers []string
	method    string
	// path is matched against what follows the provider. Most match at the end
	// only, since some clients send the provider's version prefix and some
	// do not.
	path *regexp.Regexp
	form func(x *exchange, groups []string) form
}

var googleProviders = []string{"google-ai-studio", "google-vertex-ai"}

// nativeRoutes is tried in order; what matches none of it gets a plain answer.
var nativeRoutes = []nativeRoute{
	{googleProviders, http.MethodPost, regexp.MustCompile(`(?:^|/)models/(.+):(generateContent|streamGenerateContent)$`),
		func(x *exchange, groups []string) form {
			return googleGenerate{
				model: groups[1], streaming: groups[2] == "streamGenerateContent", sse: x.query.Get("alt") == "sse",
			}
		}},
	{[]string{workersProvider}, http.MethodPost, regexp.MustCompile(`^(?:run/)?(@(?:cf|hf)/.+)$`),
		func(_ *exchange, groups []string) form { return workersRun{model: groups[1]} }},
	{nil, http.MethodPost, regexp.MustCompile(`(?:^|/)chat/completions$`),
		func(*exchange, []string) form { return openAIChat{} }},
	{nil, http.MethodPost, regexp.MustCompile(`(?:^|/)responses$`),
		func(*exchange, []string) form { return openAIResponses{} }},
	{nil, http.MethodPost, regexp.MustCompile(`(?:^|/)messages$`),
		func(*exchange, []string) form { return anthropicMessages{} }},
	{nil, http.MethodPost, regexp.MustCompile(`(?:^|/)embeddings$`),
		func(*exchange, []string) form { return openAIEmbeddings{} }},
	{[]string{"openai", "grok", "groq", "deepseek", "mistral", "cerebras", "openrouter", "fireworks"},
		http.MethodGet, regexp.MustCompile(`(?:^|/)models$`),
		func(x *exchange, _ []string) form { return openAIModels{owner: x.provider} }},
}

// readNative reads a request on a provider's own path. What is wrong with it is
// for the provider to say, when the gateway has let it through.
func (x *exchange) readNative(provider, path string) {
	x.provider = provider
	if unescaped, err := url.PathUnescape(path); err == nil {
		path = unescaped
	}
	x.form = plain{provider: provider, method: x.method, path: path}
	for _, route := range nativeRoutes {
		if route.method != x.method || len(route.providers) > 0 && !slices.Contains(route.providers, provider) {
			continue
		}
		if groups := route.path.FindStringSubmatch(path); groups != nil {
			x.form = route.form(x, groups)
			break
		}
	}
	var flaw string
	x.question, flaw = x.form.read(x.body)
	if provider == "azure-openai" && x.question.model == "" {
		// Azure names the deployment in the path: {resource}/{deployment}/….
		if parts := strings.SplitN(path, "/", 3); len(parts) == 3 {
			x.question.model = parts[1]
		}
	}
	if flaw == "" && x.question.model == "" && x.form.kind() != "" {
		flaw = "you must provide a model parameter"
	}
	if flaw != "" {
		x.flawed = &failure{status: http.StatusBadRequest, message: flaw}
	}
}
