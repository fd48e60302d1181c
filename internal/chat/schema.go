package chat

import (
	"context"
	"regexp"

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
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// maxMetadata is how many entries of metadata the gateway keeps of a request;
// it drops the others (documented limit).
const maxMetadata = 5

// modelPattern is {provider}/{model}. Providers are as in the documentation,
// custom-{slug} or dynamic, and @cf is that of Workers AI on the REST API; a
// model's name may have slashes of its own.
var modelPattern = regexp.MustCompile(`^@?[A-Za-z0-9][A-Za-z0-9._-]*/[^\s/]\S*$`)

// Schema sets the attributes of the data source.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	all := map[string]schema.Attribute{
		"account_id": attributes.Account(),
		"gateway_id": schema.StringAttribute{
			MarkdownDescription: "Id of the gateway, which is its name. Refer to `id` of the resource directly, so that the request waits " +
				"until the gateway exists. With `api` `compat`, defaults to `default`, the gateway that the service creates by itself. With the " +
				"others, it is sent as the header `cf-aig-gateway-id`, which is left out by default: models of other providers then go through " +
				"`default`, while those of Workers AI go through no gateway.",
			Optional:   true,
			Computed:   true,
			Validators: validate.GatewayName(),
		},
		"api": schema.StringAttribute{
			MarkdownDescription: "Where the request goes, and its form: `compat`, the gateway's own endpoint, in the form of OpenAI's chat " +
				"completions; or, on Cloudflare's REST API at the provider's `base_url`, `chat_completions` (the same form), `responses` " +
				"(OpenAI's Responses API), `messages` (Anthropic's Messages API) or `run` (Cloudflare's endpoint for models of all kinds). " +
				"Defaults to `compat`.",
			Optional:   true,
			Computed:   true,
			Validators: []validator.String{stringvalidator.OneOf(apis()...)},
		},
		"model": schema.StringAttribute{
			MarkdownDescription: "Model as `{provider}/{model}`, for example `workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast` or " +
				"`openai/gpt-5.2`; `custom-{slug}/{model}` for a custom provider; `dynamic/{route}` for a route. With `api` other than `compat`, " +
				"`{author}/{model}`, for example `google/gemini-3-flash`, and `@cf/{author}/{model}` for Workers AI.",
			Required: true,
			Validators: []validator.String{stringvalidator.RegexMatches(modelPattern,
				"must be {provider}/{model}, such as \"workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast\" or \"openai/gpt-5.2\"")},
		},
		"prompt": schema.StringAttribute{
			MarkdownDescription: "Text of a single message in the role `user`. Exactly one of `prompt` and `messages` is set. Stored in state.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"messages": schema.ListNestedAttribute{
			MarkdownDescription: "The conversation, at least one message, where `prompt` does not do. Stored in state.",
			Optional:            true,
			Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"role": schema.StringAttribute{
					MarkdownDescription: "Who speaks: `system`, `developer`, `user` or `assistant`.",
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
			MarkdownDescription: "How many tokens the answer may have, at least 1, under the name that the API has for it. Defaults to `1024` with " +
				"`api` `messages`, which requires it, and otherwise to what the model does by itself.",
			Optional:   true,
			Computed:   true,
			Validators: []validator.Int64{int64validator.AtLeast(1)},
		},
		"metadata": schema.MapAttribute{
			MarkdownDescription: "Metadata of the request, which goes into the gateway's log and which routes and spend limits can look at: " +
				"at most 5 entries. Keys that begin with `cf.` are reserved. Sent as the header `cf-aig-metadata`.",
			ElementType: types.StringType,
			Optional:    true,
			Validators: []validator.Map{
				mapvalidator.SizeAtMost(maxMetadata),
				mapvalidator.NoNullValues(),
				mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1), stringvalidator.RegexMatches(notReserved,
					"must not begin with \"cf.\": those keys are reserved for Cloudflare")),
			},
		},
		"headers": schema.MapAttribute{
			MarkdownDescription: "Options of AI Gateway for this request: headers whose names begin with `cf-aig-`, in any case, such as " +
				"`cf-aig-cache-ttl` or `cf-aig-skip-cache`. Stored in state, so nothing secret belongs here: the token is the provider's " +
				"`gateway_token`, and other headers, such as a provider's own `Authorization`, go into the provider's `test_request_headers`, which " +
				"win. `Authorization` goes out with `api` `compat` alone, since the REST API has the token there.",
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.Map{mapvalidator.NoNullValues(), gatewayHeaders{}},
		},
		"expect_status": schema.Int64Attribute{
			MarkdownDescription: "HTTP status that the answer must have, 100 to 599; any other is an error. With 200, the answer must also be " +
				"that of a model, in the form of `api`. Defaults to `200`.",
			Optional:   true,
			Computed:   true,
			Validators: []validator.Int64{int64validator.Between(100, 599)},
		},
		"timeout": schema.Int64Attribute{
			MarkdownDescription: "How long the whole may take, in seconds, 1 to 600. Defaults to `60`.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.Int64{int64validator.Between(1, longestTimeout)},
		},
	}
	for name, description := range map[string]string{
		"response_text": "Text of the answer, of several choices that of the first. Stored in state. Null where there is none, and with `api` `run` " +
			"also where a model answers in a form of its own, which `response_json` has.",
		"response_json": "Body of the answer, also of an error, where it is JSON: with sorted keys and without space. Read more of the answer " +
			"with `jsondecode`. Stored in state.",
		"response_model": "Model that answered: the body's `model`, or else the header `cf-aig-model`.",
		"finish_reason": "Why the answer ended, in the words of `api`: the first choice's `finish_reason`, such as `stop` or `length`, the `status` of " +
			"`responses`, or the `stop_reason` of `messages`.",
		"cache_status":  "`HIT` or `MISS`, from the header `cf-aig-cache-status`. Null where the gateway does not say.",
		"log_id":        "Id of the request's log entry, from the header `cf-aig-log-id`.",
		"provider_name": "Provider that answered, from the header `cf-aig-provider`.",
		"error_message": "Message of the error in the answer; of several, all of them.",
	} {
		all[name] = schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	for name, description := range map[string]string{
		"status_code":       "HTTP status of the answer.",
		"prompt_tokens":     "Tokens of the request, as the answer counts them.",
		"completion_tokens": "Tokens of the answer, as it counts them.",
		"step":              "Which of several steps answered, from 0, from the header `cf-aig-step`.",
		"error_code": "Number of the first error in the answer, such as `2003` for a gateway's rate limit. Null where there is none, and " +
			"where a provider's code is a word, which `response_json` has.",
	} {
		all[name] = schema.Int64Attribute{MarkdownDescription: description, Computed: true}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Sends one chat request through a gateway and reports how it was routed. **For tests only**: it sends a real " +
			"request, which costs money, each time that it is read, so it sends nothing unless the provider's `allow_test_requests` is on.\n\n" +
			"The provider's `gateway_token`, or else its `api_token`, needs the account permission *AI Gateway Run*, and for Workers AI " +
			"models (`workers-ai/@cf/…` or `@cf/…`) also *Workers AI Read*.",
		Attributes: all,
	}
}

func apis() []string {
	names := make([]string, len(chat.APIs))
	for i, api := range chat.APIs {
		names[i] = string(api)
	}
	return names
}
