package chat

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/metadata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/wholenumber"
)

// requestAttributes returns the attributes of a request. The sentence stored follows the
// descriptions of those that say what state contains. It is empty for actions, which have
// no state.
func requestAttributes(stored string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"account_id": attributes.Account(),
		"gateway_id": schema.StringAttribute{
			MarkdownDescription: "ID of the gateway, which is its name. Refer to the resource's `id` directly, so that the request waits until the " +
				"gateway exists. With `api` set to `compat`, defaults to `default`, the gateway that Cloudflare creates automatically. " +
				"With the other APIs, it is sent as the header `cf-aig-gateway-id`. Without it, requests to third-party models go " +
				"through `default`, and requests to Workers AI models bypass AI Gateway.",
			Optional:   true,
			Computed:   true,
			Validators: validate.GatewayName(),
		},
		"api": schema.StringAttribute{
			MarkdownDescription: "API that receives the request. `compat` is the gateway's own endpoint, in the format of OpenAI's Chat Completions API. " +
				"The others belong to Cloudflare's REST API at the provider's `base_url`: `chat_completions` (the same format), " +
				"`responses` (OpenAI's Responses API), `messages` (Anthropic's Messages API) and `run` (Cloudflare's endpoint for models " +
				"of all kinds). Defaults to `compat`.",
			Optional:   true,
			Computed:   true,
			Validators: []validator.String{stringvalidator.OneOf(apis()...)},
		},
		"model": schema.StringAttribute{
			MarkdownDescription: "Model as `{provider}/{model}`, for example `workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast` or `openai/gpt-5.2`. " +
				"Use `custom-{slug}/{model}` for a custom provider, `dynamic/{route}` for a dynamic route, `custom/{alias}` for a model " +
				"alias of the gateway, and `cloudflare/auto` for the Auto Router (beta). With an `api` other than " +
				"`compat`, use `{author}/{model}`, for example `google/gemini-3-flash`, and `@cf/{author}/{model}` for Workers AI.",
			Required:   true,
			Validators: validate.ModelName(),
		},
		"prompt": schema.StringAttribute{
			MarkdownDescription: "Text of a single message with the role `user`. Set exactly one of `prompt` and `messages`." + stored,
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"messages": schema.ListNestedAttribute{
			MarkdownDescription: "Messages of the conversation, at least one. Use it instead of `prompt` for several messages or other roles." +
				stored,
			Optional:   true,
			Validators: []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"role": schema.StringAttribute{
					MarkdownDescription: "Role of the author: `system`, `developer`, `user` or `assistant`.",
					Required:            true,
					Validators:          []validator.String{stringvalidator.OneOf("system", "developer", "user", "assistant")},
				},
				"content": schema.StringAttribute{
					MarkdownDescription: "Text of the message.",
					Required:            true,
					Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
				},
			}},
		},
		"max_tokens": schema.Int64Attribute{
			CustomType: wholenumber.Type{},
			MarkdownDescription: "Maximum number of tokens in the response, at least 1. Sent under the name that the API uses. Defaults to `1024` with " +
				"`api` set to `messages`, which requires it, and otherwise to the model's own default.",
			Optional:   true,
			Computed:   true,
			Validators: []validator.Int64{int64validator.AtLeast(1)},
		},
		"metadata": schema.DynamicAttribute{
			MarkdownDescription: "Metadata of the request: an object with at most 5 entries, each a string, a number or a boolean. Values keep their type: a " +
				"route with `{ \"$eq\" = true }` matches `true`, and not `\"true\"`. It appears in the gateway's log, and dynamic routes " +
				"and spend limits can use it. Keys that begin with `cf.` are reserved. Sent as the header `cf-aig-metadata`.",
			Optional:   true,
			Validators: []validator.Dynamic{metadata.Flat()},
		},
		"headers": schema.MapAttribute{
			MarkdownDescription: "AI Gateway options for this request: headers whose names begin with `cf-aig-`, in any case, such as `cf-aig-cache-ttl` " +
				"or `cf-aig-skip-cache`." + stored + " Do not set secrets here. Set the token with the provider's `gateway_token`, " +
				"and other headers, such as a model provider's `Authorization`, with the provider's `test_request_headers`, which take " +
				"precedence. `Authorization` is sent only with `api` set to `compat`, because the REST API uses it for the Cloudflare " +
				"token.",
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.Map{mapvalidator.NoNullValues(), gatewayHeaders{}},
		},
		"expect_status": schema.Int64Attribute{
			CustomType: wholenumber.Type{},
			MarkdownDescription: "Expected HTTP status of the response, 100 to 599. Any other status is an error. With 200, the body must also be a " +
				"model's response in the format of `api`. Defaults to `200`.",
			Optional:   true,
			Computed:   true,
			Validators: []validator.Int64{int64validator.Between(100, 599)},
		},
		"timeout": schema.Int64Attribute{
			CustomType:          wholenumber.Type{},
			MarkdownDescription: "Timeout of the whole operation in seconds, 1 to 600. Defaults to `60`.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.Int64{int64validator.Between(1, longestTimeout)},
		},
	}
}

// responseTexts and responseNumbers describe what a response consists of.
var (
	responseTexts = map[string]string{
		"response_text": "Text of the response, or of its first choice if there are several. Stored in state. Null if there is no text, and with `api` set to `run` " +
			"also if the model responds in a format of its own; see `response_json`.",
		"response_json": "Body of the response, also of an error, with sorted keys and no insignificant whitespace. Null if it is not JSON. Use " +
			"`jsondecode` to read other fields. Stored in state.",
		"response_model": "Model that responded, from the body's `model`, or else from the header `cf-aig-model`.",
		"finish_reason": "Why the response ended, as `api` reports it: the first choice's `finish_reason`, such as `stop` or `length`, the `status` of " +
			"`responses`, or the `stop_reason` of `messages`.",
		"cache_status":  "`HIT` or `MISS`, from the header `cf-aig-cache-status`. Null without that header.",
		"log_id":        "ID of the request's log entry, from the header `cf-aig-log-id`.",
		"provider_name": "Provider that responded, from the header `cf-aig-provider`.",
		"routed_model": "Model that the Auto Router chose for `cloudflare/auto`, such as `openai/gpt-5.6-luna`, from the header `cf-aig-routed-model`. " +
			"Null without that header.",
		"routing_reason": "Why the Auto Router chose the model, such as `cost_optimal_within_pool`, or `forced_by_candidate_pool` if it had no choice, from " +
			"the header `cf-aig-routing-reason`. Null without that header.",
		"error_message": "Error message of the response. Several messages are joined.",
	}
	responseNumbers = map[string]string{
		"status_code":       "HTTP status of the response.",
		"prompt_tokens":     "Number of tokens in the request, as reported in the response.",
		"completion_tokens": "Number of tokens in the response, as reported in it.",
		"step":              "Index of the step that responded, starting at 0, from the header `cf-aig-step`.",
		"error_code": "Code of the first error in the response, such as `2003` for a gateway's rate limit. Null if there is no error, or if " +
			"the model provider's code is not a number; see `response_json`.",
	}
)

// permissions is the end of the descriptions.
const permissions = "The provider's `gateway_token`, or `api_token` without one, needs the account permission *AI Gateway Run*, and for Workers AI " +
	"models (`workers-ai/@cf/…` or `@cf/…`) also *Workers AI Read*."

// Schema sets the attributes of the data source.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	all := requestAttributes(" Stored in state.")
	for name, description := range responseTexts {
		all[name] = schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	for name, description := range responseNumbers {
		all[name] = schema.Int64Attribute{MarkdownDescription: description, Computed: true}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Sends one chat request through a gateway and reports how it was routed. **For tests only**: every read sends a real " +
			"request, which costs money. Nothing is sent unless the provider's `allow_test_requests` is `true`.\n\n" +
			permissions,
		Attributes: all,
	}
}

// apis returns the values of the attribute api.
func apis() []string {
	names := make([]string, len(chat.APIs))
	for i, api := range chat.APIs {
		names[i] = string(api)
	}
	return names
}
