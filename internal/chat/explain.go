package chat

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
)

// explain returns the usual cause of a response, and what to do next.
func explain(request chat.Request, response *chat.Response) (why, next string) {
	found := findCause(request, response)
	return fill(request, found.why), fill(request, found.next)
}

// fill replaces the placeholders of a text with parts of the request.
func fill(request chat.Request, text string) string {
	address, key := "gateway_base_url (or AIGATEWAY_GATEWAY_BASE_URL)",
		"store it in the gateway (BYOK, with aigateway_provider_config), or add the provider's own header, such as Authorization, to test_request_headers of the provider configuration."
	if request.API.REST() {
		address, key = "base_url (or CLOUDFLARE_BASE_URL)", "store it in the gateway (BYOK, with aigateway_provider_config)."
	}
	provider, _, _ := strings.Cut(request.Model, "/")
	if provider == "@cf" {
		provider = "Workers AI"
	}
	route, dynamic := routeOf(request)
	slug, _ := customOf(request)
	alias, aliased := aliasOf(request)
	switch {
	case dynamic:
		provider = "of the route's model"
	case aliased:
		provider = "of the alias's model"
	case request.Model == autoRouter:
		provider = "that the Auto Router chose"
	}
	text = strings.NewReplacer(
		"{bring a key}", "To use your own key of the provider {provider}, "+key,
		"{check the address}", "Check "+address+" and any proxy in between.",
	).Replace(text)
	return strings.NewReplacer(
		// Forms of a model's name are not placeholders.
		"{provider}/{model}", "{provider}/{model}",
		"{author}/{model}", "{author}/{model}",
		"{slug}/{model}", "{slug}/{model}",
		"{account}", request.AccountID,
		"{gateway}", cmp.Or(request.GatewayID, defaultGateway),
		"{provider}", provider,
		"{route}", route,
		"{custom slug}", slug,
		"{alias}", alias,
		"{model}", request.Model,
	).Replace(text)
}

// routeOf returns the name of the request's dynamic route. It reports whether the
// model is one.
func routeOf(request chat.Request) (name string, ok bool) {
	return strings.CutPrefix(request.Model, "dynamic/")
}

// autoRouter is the model that leaves the choice to the gateway (beta).
const autoRouter = "cloudflare/auto"

// aliasOf returns the name of the gateway's model alias. It reports whether the model is
// one.
func aliasOf(request chat.Request) (name string, ok bool) {
	return strings.CutPrefix(request.Model, "custom/")
}

// customOf returns the slug of the request's custom provider. It reports whether
// the model belongs to one.
func customOf(request chat.Request) (slug string, ok bool) {
	provider, _, _ := strings.Cut(request.Model, "/")
	slug, ok = strings.CutPrefix(provider, "custom-")
	return slug, ok && slug != ""
}

// matches reports whether the cause applies to a response with an error code.
func (c cause) matches(request chat.Request, code int64, status int) bool {
	_, dynamic := routeOf(request)
	_, custom := customOf(request)
	_, alias := aliasOf(request)
	return c.code == code && (c.status == 0 || c.status == status) &&
		(!c.rest || request.API.REST()) && (!c.dynamic || dynamic) && (!c.custom || custom) && (!c.alias || alias)
}

// findCause returns the first cause that matches the response.
func findCause(request chat.Request, response *chat.Response) cause {
	api := request.API
	if response.ErrorCode != nil {
		for _, c := range causesByCode {
			if c.matches(request, *response.ErrorCode, response.Status) {
				return c
			}
		}
	}
	foreign := response.JSON == nil && (response.Status == http.StatusNotFound || response.Status == http.StatusMethodNotAllowed)
	for _, c := range causesByStatus {
		if c.status == response.Status && !foreign && (!c.rest || api.REST()) && (!c.gateway || response.FromGateway && response.ErrorCode == nil) {
			return c
		}
	}
	switch status := response.Status; {
	case foreign:
		return cause{why: "The response is not JSON, so it comes neither from AI Gateway nor from a provider.", next: checkGateway}
	case status >= 500:
		return cause{
			why:  "The provider {provider} or AI Gateway failed. The configuration is not the cause.",
			next: laterOnly,
		}
	case status >= 400:
		return cause{
			why:  "The provider {provider} or the gateway rejected the request. The message, if there is one, says why.",
			next: "Correct what the message names. To see the whole response in response_json, set expect_status to this status.",
		}
	case status >= 300:
		return cause{
			why:  "The server redirects the request, which AI Gateway never does. The redirect was not followed, because it would forward the tokens.",
			next: checkGateway,
		}
	default:
		return cause{
			why: "The model responded, but the test expects another status. The request was billed, unless the response came from the cache.",
			next: "If the test is about a rate limit, other requests must exhaust it within the same interval. Responses from the cache do not " +
				"count (set the header cf-aig-skip-cache = \"true\" to bypass it). Otherwise the gateway does not have the tested setting, or not yet.",
		}
	}
}
