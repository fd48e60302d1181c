package providerapi

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// version matches a segment that is a version of an API, such as v1 or v1beta.
var version = regexp.MustCompile(`^v\d\w*$`)

// UnknownURL returns the body of a provider's 404 for a path that begins with the same
// version twice: a base URL ends with one, and the client adds another. It reports
// false for other paths, also with one version, which the emulator answers.
//
// The texts of OpenAI, Groq and Anthropic were observed live. Workers AI is part of
// Cloudflare's API, whose error for a path that it does not have is documented. That
// others answer as OpenAI does is inferred; Google, for one, sends a page.
func UnknownURL(provider, method, path string, api API) (body any, unknown bool) {
	path = unescape(path)
	first, rest, _ := strings.Cut(path, "/")
	second, _, _ := strings.Cut(rest, "/")
	if first != second || !version.MatchString(first) {
		return nil, false
	}
	e := Error{Status: http.StatusNotFound, Message: fmt.Sprintf("Invalid URL (%s /%s)", method, path)}
	switch provider {
	case Workers:
		return wire.NoRoute("/ai/" + path), true
	case "anthropic":
		e.Message = "Not Found"
	case "groq":
		e.Code = "unknown_url"
		e.Message = fmt.Sprintf("Unknown request URL: %s /openai/%s. Please check the URL for typos, or see the docs at "+
			"https://console.groq.com/docs/", method, path)
	}
	return api.RenderError(e), true
}

// NoSuchModel returns the body of the error of Workers AI for a model that it does not
// have. Code, text and the status 400 are documented; that its other endpoints have the
// same error is inferred.
func NoSuchModel(model string) any {
	return wire.NewEdgeError(wire.Error{Code: codeNoSuchModel, Message: "No such model " + model + " or task"})
}

// IsListed reports whether Workers AI has a model: one of [WorkersModels], of the extra
// ones, or of the emulator's own.
func IsListed(model string, extra []string) bool {
	return slices.Contains(WorkersModels, model) || slices.Contains(extra, model) ||
		strings.HasPrefix(strings.TrimPrefix(model, "@cf/"), Emulator+"/") && FaultOf(Workers, model).Kind != UnknownModel
}
