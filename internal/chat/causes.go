package chat

import (
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

// statusNoGateway is the status of responses about a gateway that does not exist.
const statusNoGateway = http.StatusBadRequest

// A cause describes what usually leads to a response, and what to do about it.
// In both texts, fill replaces {account}, {gateway}, {provider} and {model} with
// those of the request, {route} with the name of the dynamic route, {custom slug}
// with the slug of the custom provider, {alias} with the name of the model alias, and {bring a key} and {check the address}
// with advice that depends on the API. Of several causes that match, the first
// one is used, so specific causes precede general ones.
type cause struct {
	// code is the error code of the response. Causes without a code match by
	// status.
	code int64
	// status is the HTTP status of the response. With a code, 0 matches any.
	status int
	// gateway restricts a cause without a code to responses in Cloudflare's
	// format, as opposed to a provider's response that was passed on.
	gateway bool
	// dynamic restricts the cause to dynamic routes.
	dynamic bool
	// custom restricts the cause to models of custom providers.
	custom bool
	// alias restricts the cause to model aliases.
	alias bool
	// rest restricts the cause to Cloudflare's REST API.
	rest      bool
	why, next string
}

const (
	ownKey         = "{bring a key}"
	changeSettings = "Change the prompt or the gateway's settings."
	addCredits     = "Add credits in the dashboard, in the AI Gateway section. " + ownKey +
		" The data source aigateway_credit_balance returns the current balance."
	// The error for a missing alias is not documented; these are those for an unknown
	// model of that form.
	noAlias     = "Gateway \"{gateway}\" has no model alias \"{alias}\", or this API has no aliases. Aliases belong to one gateway."
	createAlias = "Create the alias in the dashboard, in the gateway's section Routing, or correct gateway_id and model. Cloudflare documents " +
		"aliases for its REST API (api = \"chat_completions\", for example), and has published no API to manage them, so this provider cannot " +
		"create them. A model of a custom provider is custom-{slug}/{model}, with a hyphen."
	spendLimit   = "Wait until the limit's window has passed, or raise the limit or change its rules in the gateway's settings."
	checkGateway = "{check the address}"
	laterOnly    = "Run it again later. Check the status pages of the provider and of Cloudflare. The request was not repeated, " +
		"because it may have been billed."
	nameForREST = "Write the model as {author}/{model}, with an author such as openai, anthropic, google or xai, or as @cf/{author}/{model} for " +
		"Workers AI. The REST API does not accept the provider names of the compat API, such as google-ai-studio, grok and workers-ai."
	tokenForREST = "Set gateway_token (or CF_AIG_TOKEN) of the provider configuration to a token with the account permission AI Gateway Run, and for " +
		"Workers AI models also Workers AI Read. Without gateway_token, the provider sends api_token (or CLOUDFLARE_API_TOKEN), which then needs " +
		"these permissions."
)

// causesByCode are the data plane's own errors. The codes are documented or were
// observed.
var causesByCode = []cause{
	{
		code: 2001, why: diagnostics.NoGatewayWhy, next: diagnostics.NoGatewayNext,
	},
	{
		code: 2002,
		why:  "The gateway could not read the output of the model of the provider {provider}.",
		next: "Run it again, or try another model. The gateway's log contains the provider's response.",
	},
	{
		code: 2003,
		why: "The rate limit of gateway \"{gateway}\" is exceeded. It allows rate_limiting_limit requests in rate_limiting_interval seconds, " +
			"from all clients together. Responses from the cache do not count.",
		next: "Wait until the interval has passed, or raise the limit of the gateway.",
	},
	{
		code: 2005, dynamic: true,
		why: "There are three possible causes. Gateway \"{gateway}\" has no dynamic route \"{route}\". No model of the route responded, because " +
			"each failed, had no credentials or exceeded its spend limit. Or the path of this request through the route ends without a model.",
		next: "Check the route's name (the part after dynamic/) and gateway_id. Then check the models of the route, their credentials, and the " +
			"target of on_fallback. If this configuration creates the route, set model to the attribute model of the aigateway_dynamic_route, so " +
			"that the request waits for it. The gateway's log contains the providers' responses.",
	},
	{
		code: 2005,
		why:  "The gateway received no usable response from the provider {provider}. The provider failed or could not be reached.",
		next: "Check the model's name and the provider's credentials, then run it again later. The gateway's log contains the provider's response.",
	},
	{
		code: 2008, alias: true,
		why: noAlias, next: createAlias,
	},
	{
		code: 2008, rest: true,
		why:  "Cloudflare's API does not know the author \"{provider}\", which is the first part of the model \"{model}\".",
		next: nameForREST,
	},
	{
		code: 2008, custom: true,
		why: "AI Gateway does not know the provider \"{provider}\", which is the first part of the model \"{model}\". Account {account} has no " +
			"custom provider with the slug \"{custom slug}\", or it is disabled.",
		next: "A custom provider with the slug \"{custom slug}\" must exist in the account and have enable = true. It is disabled by default. " +
			"aigateway_custom_providers lists the existing ones. If this configuration creates it, take the first part of the model " +
			"from the attribute request_slug of the aigateway_custom_provider, so that the request waits for it.",
	},
	{
		code: 2008,
		why:  "AI Gateway does not know the provider \"{provider}\", which is the first part of the model \"{model}\".",
		next: "Write the model as {provider}/{model} with a provider that AI Gateway supports, such as openai, anthropic, google-ai-studio, grok " +
			"or workers-ai, or custom-{slug} for a custom provider of the account.",
	},
	{
		code: 2009, rest: true,
		why: "Either gateway \"{gateway}\" requires authentication and the token lacks the permission AI Gateway Run on account {account}, or the " +
			"provider {provider} did not accept the key that is stored in the gateway (BYOK). Cloudflare's API returns the same error for both.",
		next: tokenForREST + " Or rotate the stored key with secret_wo and secret_wo_version of its aigateway_provider_config.",
	},
	{
		code: 2009, why: diagnostics.GatewayTokenWhy, next: diagnostics.GatewayTokenNext,
	},
	{
		code: 2016,
		why:  "The guardrails of gateway \"{gateway}\" block the prompt, because it matches a category that is set to BLOCK.",
		next: changeSettings,
	},
	{
		// The run API has one code for prompts and responses.
		code: 2017, status: http.StatusUnprocessableEntity,
		why: "The guardrails of gateway \"{gateway}\" block the prompt or the model's response, because it matches a category that is set to " +
			"BLOCK. The API returns the same error for both. A prompt that is blocked does not reach the model; a response that is blocked was " +
			"billed.",
		next: changeSettings + " The gateway's log shows which side matched.",
	},
	{
		code: 2017,
		why: "The guardrails of gateway \"{gateway}\" block the model's response, because it matches a category that is set to BLOCK. The " +
			"response was billed.",
		next: changeSettings,
	},
	{
		code: 2019, rest: true,
		why: "Cloudflare's API does not accept this request. Usually, the model \"{model}\" lacks its author, or the model does not accept the " +
			"messages.",
		next: nameForREST + " Check messages as well.",
	},
	{
		code: 2019,
		why: "AI Gateway does not accept this chat request. Usually, the model \"{model}\" lacks its provider's prefix, or the provider does not " +
			"accept the messages.",
		next: "Write the model as {provider}/{model}, and check messages.",
	},
	{
		code: 2021,
		why: "Account {account} does not have enough credits for Unified Billing, which pays for a request if neither the request nor the gateway " +
			"has a key of the provider {provider}. A stored key is not used either if the gateway has authentication = false or no store_id. " +
			"The scanner of the guardrails needs credits as well.",
		next: addCredits,
	},
	{
		code: 2029,
		why:  "Data loss prevention (DLP) of gateway \"{gateway}\" blocks the request, because its text matches a profile with the action BLOCK.",
		next: changeSettings,
	},
	{
		code: 2030,
		why: "Data loss prevention (DLP) of gateway \"{gateway}\" blocks the response, because its text matches a profile with the action BLOCK. " +
			"The response was billed.",
		next: changeSettings,
	},
	{
		code: 2040,
		why: "Gateway \"{gateway}\" has no stored key of the provider {provider} under the alias in the header cf-aig-byok-alias, or under " +
			"\"default\" without that header. Or it has one but cannot use its secret, because the secret is still pending, was deleted " +
			"from the Secrets Store, or lacks the scope ai_gateway.",
		next: "Correct cf-aig-byok-alias in headers, or store a key under that alias with aigateway_provider_config. A new key may take several " +
			"seconds to become usable. aigateway_provider_config waits for that, so add it to depends_on and run it again. " +
			"Otherwise look for the secret in the Secrets Store, under the name {gateway}_<provider>_<alias>.",
	},
	{
		code: 2041,
		why:  "A spend limit of gateway \"{gateway}\" is exceeded. The message names the rule, its amount in US dollars and its window in seconds.",
		next: spendLimit,
	},
	{
		code: 2045,
		why:  "A spend limit of gateway \"{gateway}\" is exceeded. The message names the rule, its amount in US dollars and its window in seconds.",
		next: spendLimit,
	},
	{
		code: 2047,
		why:  "The request has no valid key of the provider {provider}, and Unified Billing does not pay for the model \"{model}\".",
		next: "Choose a model that Unified Billing offers. " + ownKey,
	},
	{
		code: 2049,
		why:  "The balance of account {account} does not cover the request, which is paid by Unified Billing.",
		next: addCredits,
	},
	{
		code: 5007, rest: true,
		why:  "Workers AI has no model \"{model}\".",
		next: "Check the model's name in the catalog of Workers AI: @cf/{author}/{model}.",
	},
	{
		code: 5007,
		why:  "Workers AI has no such model. The request named \"{model}\".",
		next: "Check the model's name in the catalog of Workers AI: workers-ai/@cf/{author}/{model}. The data source aigateway_models lists the " +
			"models that the gateway can reach. A dynamic route names models without workers-ai/ in front.",
	},
	{
		code: 7003, status: http.StatusNotFound, alias: true,
		why: noAlias, next: createAlias,
	},
	{
		code: 6003, rest: true,
		why:  "Cloudflare cannot read the token. Usually it is a Global API Key, which is not an API token, or it was not copied whole.",
		next: "Create a token in the dashboard under My Profile, API Tokens. " + tokenForREST,
	},
	{
		code: 7003, status: http.StatusNotFound, rest: true,
		why:  "The model \"{model}\" does not exist or is not available to account {account}, or the API does not exist at this address.",
		next: nameForREST + " If the name is correct: {check the address}",
	},
	{
		code: 7003, status: http.StatusNotFound,
		why:  "The model \"{model}\" does not exist or is not available to account {account}.",
		next: "Check the model's name in the catalog of its provider, {provider}.",
	},
	{
		code: 7003, status: http.StatusBadRequest, rest: true,
		why: "The model \"{model}\" rejected its input.",
		next: "Check that the model accepts the prompt or messages, and max_tokens: roles, length, language. With api = \"run\", each model " +
			"has its own input format, and models that do not accept messages do not work.",
	},
	{
		code: 7003, status: http.StatusBadRequest,
		why:  "The model \"{model}\" rejected its input.",
		next: "Check that the model accepts the prompt or messages: roles, length, language.",
	},
	{
		code: 7013,
		why: "The scanner of the guardrails was not available. Gateway \"{gateway}\" rejects requests that it cannot scan if a category is set " +
			"to BLOCK.",
		next: "The configuration is not the cause. Run it again later.",
	},
	{
		code: 9109, rest: true,
		why: "Cloudflare does not accept the token for account {account}.", next: tokenForREST,
	},
	{
		code: 10000, rest: true,
		why: "Cloudflare does not accept the token. It is unknown or expired, or lacks a permission on account {account}: AI Gateway Run, " +
			"and for a Workers AI model (@cf/…) also Workers AI Read.",
		next: tokenForREST,
	},
	{
		code: 10000,
		why: "Cloudflare does not accept the token. For a Workers AI model (workers-ai/@cf/…), this is the token in the request's own " +
			"Authorization, which is missing or lacks the permission Workers AI Read. Otherwise it is the gateway token, which lacks AI Gateway Run.",
		next: "For a Workers AI model, add Authorization = \"Bearer …\" to test_request_headers of the provider configuration, with a token " +
			"that has the account permission Workers AI Read. Otherwise check gateway_token (or CF_AIG_TOKEN) and account_id.",
	},
}

// causesByStatus apply to responses without a known error code: policies of the
// gateway, and responses of a provider, which the gateway passes on unchanged.
var causesByStatus = []cause{
	{
		status: http.StatusForbidden, gateway: true,
		why:  "A policy of gateway \"{gateway}\" denies the request.",
		next: "Find the policy that blocks this model, provider or metadata. Change the policy or the request.",
	},
	{
		status: http.StatusTooManyRequests, gateway: true,
		why:  "The spending limit of a policy of gateway \"{gateway}\" is exceeded. response_json contains its bucket, the amount spent and the limit.",
		next: "Wait until the policy's period has passed, or raise its limit.",
	},
	{
		status: http.StatusUnauthorized, rest: true,
		why: "Either Cloudflare did not accept the token, or the provider {provider} did not accept its credentials, which come from the gateway " +
			"(BYOK) or from Unified Billing.",
		next: tokenForREST + " " + ownKey,
	},
	{
		status: http.StatusTooManyRequests, rest: true,
		why: "The rate limit of the provider {provider} is exceeded, or that of Cloudflare's API, which allows 1200 requests in five minutes per " +
			"user. This is not the gateway's own rate limit, which has code 2003.",
		next: "Wait a few minutes and run it again.",
	},
	{
		status: http.StatusServiceUnavailable, rest: true,
		why: "The provider {provider} failed, AI Gateway failed, or the provider did not accept the credentials of Unified Billing. The " +
			"configuration is not the cause.",
		next: laterOnly + " " + ownKey,
	},
	{
		status: http.StatusBadRequest,
		why: "Either gateway \"{gateway}\" accepts only requests with a key of the provider (byok_only) and found none, or the provider " +
			"{provider} rejected the request as malformed.",
		next: "If the message is about the request, correct model, prompt or messages. " + ownKey,
	},
	{
		status: http.StatusUnauthorized,
		why: "The provider {provider} did not accept the credentials, or received none. This is not about the token for the gateway, because the " +
			"gateway passed the request on.",
		next: ownKey,
	},
	{
		status: http.StatusPaymentRequired,
		why:    "The provider {provider} requires payment, because the account of its key has no credit.",
		next:   "Add credit at the provider, or use another key. " + ownKey,
	},
	{
		status: http.StatusForbidden,
		why:    "The provider {provider} does not allow this request: its key may not use the model \"{model}\", or not from this region.",
		next:   "Check the permissions of the key at the provider, or choose another model.",
	},
	{
		status: http.StatusNotFound,
		why:    "The provider {provider} has no model \"{model}\", or the key may not use it.",
		next:   "Check the model's name in the catalog of the provider. If the name is correct: " + checkGateway,
	},
	{
		status: http.StatusTooManyRequests,
		why: "The rate limit of the provider {provider} or the credit of its key is exhausted. This is not the gateway's own rate limit, which " +
			"has code 2003.",
		next: "Wait and run it again, or ask the provider for a higher limit.",
	},
}
