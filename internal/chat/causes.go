package chat

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
)

// statusNoGateway is the status with which a missing gateway is answered.
const statusNoGateway = http.StatusBadRequest

// cause is what usually leads to an answer, and what to do about it. In both
// texts, {account}, {gateway}, {provider} and {model} stand for those of the
// request, {route} for the dynamic route and {custom slug} for the slug of the
// custom provider in the model's name, and {bring a key} and {check the address}
// for what depends on its API.
type cause struct {
	// code is the number of the answer's error. Of causes without one, status
	// decides.
	code int64
	// status is the answer's HTTP status, where the code does not tell alone.
	status int
	// gateway is whether the answer is in Cloudflare's form, and not a
	// provider's that was passed on. It matters only without a code.
	gateway bool
	// dynamic is whether the model must be a dynamic route. Such causes stand
	// before those of the same code for all.
	dynamic bool
	// custom is whether the model must be one of a custom provider. Such causes
	// stand before those of the same code for all.
	custom bool
	// rest is whether the answer must come from Cloudflare's REST API. Such
	// causes stand before those of the same code or status for all.
	rest      bool
	why, next string
}

const (
	ownKey         = "{bring a key}"
	changeSettings = "Change the prompt, or the gateway's settings."
	addCredits     = "Add credits in the dashboard, in the AI Gateway section. " + ownKey +
		" The data source aigateway_credit_balance tells how many credits there are."
	spendLimit   = "Wait until the limit's window has passed, or raise the limit or change its rules in the gateway's settings."
	checkGateway = "{check the address}"
	laterOnly    = "Run it again later; the status pages of the provider and of Cloudflare tell of disturbances. The request was not repeated, " +
		"since it may have been billed."
	nameForREST = "Write the model as {author}/{model}, with an author such as openai, anthropic, google or xai, or as @cf/{author}/{model} for " +
		"Workers AI; the names of providers at a gateway's own address, such as google-ai-studio, grok and workers-ai, do not hold here."
	tokenForREST = "Give the provider configuration a gateway_token (or CF_AIG_TOKEN) with the account permission AI Gateway Run, and for Workers AI " +
		"models also Workers AI Read. Without one, api_token (or CLOUDFLARE_API_TOKEN) is sent and needs them too."
)

// causesByCode are the data plane's own errors, by the codes that are
// documented or were observed.
var causesByCode = []cause{
	{
		code: 2001,
		why: "Account {account} has no gateway \"{gateway}\", or not yet. Only the gateway \"default\" comes into being by itself, with a " +
			"request that carries a valid token.",
		next: "If this configuration creates the gateway, the request went out before it did: set gateway_id to the resource's attribute " +
			"itself (gateway_id = aigateway_gateway.example.id), not through a local or the output of a module, or add " +
			"depends_on = [aigateway_gateway.example]. Otherwise check gateway_id and account_id.",
	},
	{
		code: 2002,
		why:  "The gateway could not read what the model of the provider {provider} put out.",
		next: "Run it again, and try another model; the gateway's log has what the provider answered.",
	},
	{
		code: 2003,
		why: "The rate limit of gateway \"{gateway}\" is used up: rate_limiting_limit requests in rate_limiting_interval seconds, by " +
			"whoever sent them. Answers from the cache do not count.",
		next: "Wait until the interval has passed, or raise the limit of the gateway.",
	},
	{
		code: 2005, dynamic: true,
		why: "Gateway \"{gateway}\" has no dynamic route \"{route}\"; or no model of the route answered, since each failed, had no credentials, or " +
			"its spend limit was used up; or the way of this request through the route ends without a model.",
		next: "Check the route's name, which is what follows dynamic/, and gateway_id; then the models of the route, their credentials, and where " +
			"on_fallback leads. If this configuration creates the route, set model to the attribute model of the aigateway_dynamic_route, so " +
			"that the request waits for it. The gateway's log has what the providers said.",
	},
	{
		code: 2005,
		why:  "The gateway got no usable answer from the provider {provider}: it failed, or could not be reached.",
		next: "Check the model's name and the provider's credentials, then run it again later; the gateway's log has what the provider said.",
	},
	{
		code: 2008, rest: true,
		why:  "Cloudflare's API knows no author \"{provider}\", with whom the model \"{model}\" begins.",
		next: nameForREST,
	},
	{
		code: 2008, custom: true,
		why: "AI Gateway knows no provider \"{provider}\", which is the first part of the model \"{model}\": account {account} has no custom " +
			"provider with the slug \"{custom slug}\", or it is switched off.",
		next: "A custom provider with the slug \"{custom slug}\" must exist in the account and have enable = true: it is created switched off by " +
			"default. aigateway_custom_providers lists those that exist. If this configuration creates it, take the first part of the model " +
			"from the attribute request_slug of the aigateway_custom_provider, so that the request waits for it.",
	},
	{
		code: 2008,
		why:  "AI Gateway knows no provider \"{provider}\", which is the first part of the model \"{model}\".",
		next: "Write the model as {provider}/{model} with a provider that AI Gateway has, such as openai, anthropic, google-ai-studio, grok or " +
			"workers-ai, or custom-{slug} for a custom provider of the account.",
	},
	{
		code: 2009, rest: true,
		why: "Either gateway \"{gateway}\" requires authentication, and the token lacks the permission AI Gateway Run on account {account}, or the " +
			"provider {provider} did not accept the key that the gateway has of it (BYOK): Cloudflare's API answers both alike.",
		next: tokenForREST + " Or rotate the stored key, by secret_wo and secret_wo_version of its aigateway_provider_config.",
	},
	{
		code: 2009,
		why: "Gateway \"{gateway}\" requires authentication, and the token that was sent is missing, unknown or expired, or lacks the " +
			"permission AI Gateway Run on account {account}. A key of the model's provider does not help here.",
		next: "Give the provider configuration a gateway_token (or CF_AIG_TOKEN) with the account permission AI Gateway Run. Without one, " +
			"api_token (or CLOUDFLARE_API_TOKEN) is sent and needs that permission too.",
	},
	{
		code: 2016,
		why:  "The guardrails of gateway \"{gateway}\" block the prompt: it falls into a category that is set to BLOCK.",
		next: changeSettings,
	},
	{
		code: 2017,
		why:  "The guardrails of gateway \"{gateway}\" block the model's response: it falls into a category that is set to BLOCK. It was billed.",
		next: changeSettings,
	},
	{
		code: 2019, rest: true,
		why: "Cloudflare's API does not accept this as a request. Usually the model \"{model}\" lacks its author, or the messages are not what " +
			"the model takes.",
		next: nameForREST + " Check messages as well.",
	},
	{
		code: 2019,
		why: "AI Gateway does not accept this as a chat request. Usually the model \"{model}\" lacks its provider's prefix, or the messages " +
			"are not what the provider takes.",
		next: "Write the model as {provider}/{model}, and check messages.",
	},
	{
		code: 2021,
		why: "Account {account} has not enough credits for Unified Billing, which pays for a request that brings no key of the provider " +
			"{provider} and finds none in the gateway. A stored key is also not used where the gateway has authentication = false or no store_id.",
		next: addCredits,
	},
	{
		code: 2029,
		why:  "Data loss prevention (DLP) of gateway \"{gateway}\" blocks the request: its text matches a profile whose action is BLOCK.",
		next: changeSettings,
	},
	{
		code: 2030,
		why:  "Data loss prevention (DLP) of gateway \"{gateway}\" blocks the response: its text matches a profile whose action is BLOCK. It was billed.",
		next: changeSettings,
	},
	{
		code: 2040,
		why: "Gateway \"{gateway}\" has no stored key of the provider {provider} under the alias that the request asks for in the header " +
			"cf-aig-byok-alias, or \"default\" without that header; or it has one, and cannot use its secret, which is still pending, was deleted " +
			"from the Secrets Store, or lacks the scope ai_gateway.",
		next: "Correct cf-aig-byok-alias in headers, or store a key under that alias by aigateway_provider_config. A key that was stored a moment " +
			"ago may take seconds to become usable: aigateway_provider_config waits for that, so make the request wait for it by depends_on, " +
			"and run it again. Otherwise look for the secret in the Secrets Store, under the name {gateway}_<provider>_<alias>.",
	},
	{
		code: 2041,
		why:  "A spend limit of gateway \"{gateway}\" is used up. The message names the rule, its amount in US dollars and its window in seconds.",
		next: spendLimit,
	},
	{
		code: 2045,
		why:  "A spend limit of gateway \"{gateway}\" is used up. The message names the rule, its amount in US dollars and its window in seconds.",
		next: spendLimit,
	},
	{
		code: 2047,
		why:  "The request brings no valid key of the provider {provider}, and Unified Billing does not pay for the model \"{model}\".",
		next: "Choose a model that Unified Billing offers. " + ownKey,
	},
	{
		code: 2049,
		why:  "The balance of account {account} does not cover the request, which is paid by Unified Billing.",
		next: addCredits,
	},
	{
		code: 7003, status: http.StatusNotFound, rest: true,
		why:  "The model \"{model}\" does not exist, or not for account {account}; or there is no such API at this address.",
		next: nameForREST + " If the name is right: {check the address}",
	},
	{
		code: 7003, status: http.StatusNotFound,
		why:  "The model \"{model}\" does not exist, or not for account {account}.",
		next: "Check the model's name in the catalogue of its provider, {provider}.",
	},
	{
		code: 7003, status: http.StatusBadRequest, rest: true,
		why: "The model \"{model}\" refused its input.",
		next: "Check the prompt or messages, and max_tokens, against what the model takes: roles, length, language. With api = \"run\", each model " +
			"has an input of its own, and those that take no messages do not work.",
	},
	{
		code: 7003, status: http.StatusBadRequest,
		why:  "The model \"{model}\" refused its input.",
		next: "Check the prompt or messages against what the model takes: roles, length, language.",
	},
	{
		code: 7013,
		why: "The scanner of the guardrails was not available, and gateway \"{gateway}\" lets nothing through unscanned as long as a category " +
			"is set to BLOCK.",
		next: "Nothing is wrong with the configuration: run it again later.",
	},
	{
		code: 9109, rest: true,
		why: "Cloudflare does not accept the token for account {account}.", next: tokenForREST,
	},
	{
		code: 10000, rest: true,
		why: "Cloudflare does not accept the token: it is unknown or expired, or lacks a permission on account {account}, which is AI Gateway Run, " +
			"and for a Workers AI model (@cf/…) also Workers AI Read.",
		next: tokenForREST,
	},
	{
		code: 10000,
		why: "Cloudflare does not accept the token. For a Workers AI model (workers-ai/@cf/…) that is the token in the request's own " +
			"Authorization, which is missing or lacks the permission Workers AI Read; otherwise the gateway token, which lacks AI Gateway Run.",
		next: "For a Workers AI model, put Authorization = \"Bearer …\" into test_request_headers of the provider configuration, with a token " +
			"that has the account permission Workers AI Read. Otherwise check gateway_token (or CF_AIG_TOKEN) and account_id.",
	},
}

// causesByStatus are for answers whose code says nothing: policies of the
// gateway, and what a provider answered, which the gateway passes on as it is.
var causesByStatus = []cause{
	{
		status: http.StatusForbidden, gateway: true,
		why:  "A policy of gateway \"{gateway}\" denies the request.",
		next: "Look through the gateway's policies for one that blocks this model, provider or metadata, and change either.",
	},
	{
		status: http.StatusTooManyRequests, gateway: true,
		why:  "The spending limit of a policy of gateway \"{gateway}\" is used up. response_json has its bucket, what was spent, and the limit.",
		next: "Wait until the policy's period has passed, or raise its limit.",
	},
	{
		status: http.StatusUnauthorized, rest: true,
		why: "Either Cloudflare did not accept the token, or the provider {provider} did not accept its credentials, which the gateway has (BYOK) or " +
			"Unified Billing.",
		next: tokenForREST + " " + ownKey,
	},
	{
		status: http.StatusTooManyRequests, rest: true,
		why: "The provider {provider} limits requests, or Cloudflare's API does, which takes 1200 in five minutes from one user. This is not the " +
			"gateway's own rate limit, which has code 2003.",
		next: "Wait a few minutes and run it again.",
	},
	{
		status: http.StatusServiceUnavailable, rest: true,
		why: "The provider {provider} failed, or AI Gateway did, or the provider did not accept the credentials of Unified Billing. Nothing is wrong " +
			"with the configuration.",
		next: laterOnly + " " + ownKey,
	},
	{
		status: http.StatusBadRequest,
		why: "Either gateway \"{gateway}\" takes only requests with a key of the provider (byok_only) and found none, or the provider " +
			"{provider} refused the request as malformed.",
		next: "If the message is about the request, correct model, prompt or messages. " + ownKey,
	},
	{
		status: http.StatusUnauthorized,
		why: "The provider {provider} did not accept the credentials, or got none. This is not about the token for the gateway: the gateway " +
			"let the request through.",
		next: ownKey,
	},
	{
		status: http.StatusPaymentRequired,
		why:    "The provider {provider} wants to be paid first: the account behind its key has no credit.",
		next:   "Add credit at the provider, or use another key. " + ownKey,
	},
	{
		status: http.StatusForbidden,
		why:    "The provider {provider} does not allow this: its key may not use the model \"{model}\", or not from this region.",
		next:   "Check at the provider what the key may do, or choose another model.",
	},
	{
		status: http.StatusNotFound,
		why:    "The provider {provider} has no model \"{model}\", or not for this key.",
		next:   "Check the model's name in the catalogue of the provider. If the names are right: " + checkGateway,
	},
	{
		status: http.StatusTooManyRequests,
		why:    "The provider {provider} limits requests, or the credit behind its key is used up. This is not the gateway's own rate limit, which has code 2003.",
		next:   "Wait and run it again, or ask the provider for a higher limit.",
	},
}

// explain is what usually leads to such an answer, and what to do next.
func explain(request chat.Request, answer *chat.Response) (why, next string) {
	found := findCause(request, answer)
	return fill(request, found.why), fill(request, found.next)
}

// fill puts the request's parts into a text about it.
func fill(request chat.Request, text string) string {
	address, key := "gateway_base_url (or AIGATEWAY_GATEWAY_BASE_URL)",
		"store it in the gateway (BYOK, by aigateway_provider_config), or put the provider's own header, such as Authorization, into test_request_headers of the provider configuration."
	if request.API.REST() {
		address, key = "base_url (or CLOUDFLARE_BASE_URL)", "store it in the gateway (BYOK, by aigateway_provider_config)."
	}
	provider, _, _ := strings.Cut(request.Model, "/")
	if provider == "@cf" {
		provider = "Workers AI"
	}
	route, dynamic := routeOf(request)
	slug, _ := customOf(request)
	if dynamic {
		provider = "of the route's model"
	}
	text = strings.NewReplacer(
		"{bring a key}", "To bring a key of the provider {provider}, "+key,
		"{check the address}", "Check "+address+" and any proxy in between.",
	).Replace(text)
	return strings.NewReplacer(
		// The form of a model's name is meant as it stands.
		"{provider}/{model}", "{provider}/{model}",
		"{author}/{model}", "{author}/{model}",
		"{account}", request.AccountID,
		"{gateway}", cmp.Or(request.GatewayID, defaultGateway),
		"{provider}", provider,
		"{route}", route,
		"{custom slug}", slug,
		"{model}", request.Model,
	).Replace(text)
}

// routeOf is the name of the dynamic route that a request asks, if it asks one
// and no model.
func routeOf(request chat.Request) (name string, ok bool) {
	return strings.CutPrefix(request.Model, "dynamic/")
}

// customOf is the slug of the custom provider whose model a request asks, if it
// asks one.
func customOf(request chat.Request) (slug string, ok bool) {
	provider, _, _ := strings.Cut(request.Model, "/")
	slug, ok = strings.CutPrefix(provider, "custom-")
	return slug, ok && slug != ""
}

// isFor tells whether the cause is one of this request's answer with an error's
// code.
func (c cause) isFor(request chat.Request, code int64, status int) bool {
	_, dynamic := routeOf(request)
	_, custom := customOf(request)
	return c.code == code && (c.status == 0 || c.status == status) &&
		(!c.rest || request.API.REST()) && (!c.dynamic || dynamic) && (!c.custom || custom)
}

func findCause(request chat.Request, answer *chat.Response) cause {
	api := request.API
	if answer.ErrorCode != nil {
		for _, c := range causesByCode {
			if c.isFor(request, *answer.ErrorCode, answer.Status) {
				return c
			}
		}
	}
	notGateways := answer.JSON == nil && (answer.Status == http.StatusNotFound || answer.Status == http.StatusMethodNotAllowed)
	for _, c := range causesByStatus {
		if c.status == answer.Status && !notGateways && (!c.rest || api.REST()) && (!c.gateway || answer.FromGateway && answer.ErrorCode == nil) {
			return c
		}
	}
	switch status := answer.Status; {
	case notGateways:
		return cause{why: "This answer is not JSON, so it comes neither from AI Gateway nor from a provider.", next: checkGateway}
	case status >= 500:
		return cause{
			why:  "The provider {provider} failed, or AI Gateway did. Nothing is wrong with the configuration.",
			next: laterOnly,
		}
	case status >= 400:
		return cause{
			why:  "The provider {provider} or the gateway refused the request; the message, if there is one, says why.",
			next: "Correct what it names. response_json has the whole answer once expect_status is set to this status.",
		}
	case status >= 300:
		return cause{why: "The server redirects, which AI Gateway never does. The redirect was not followed, since it would carry the tokens along.", next: checkGateway}
	default:
		return cause{
			why: "The model answered, where the test expects that it does not. The request was billed, unless it came from the cache.",
			next: "If a rate limit is tested: other requests of the same interval must have used it up, and answers from the cache do not " +
				"count (the header cf-aig-skip-cache = \"true\" keeps a request out of it). If something else is: the gateway does not have the setting (yet).",
		}
	}
}
