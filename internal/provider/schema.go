package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/wholenumber"
)

// maxRetriesLimit prevents a typo from causing an apply that never ends.
const maxRetriesLimit = 20

// Environment variables that replace attributes.
const (
	envAPIToken = "CLOUDFLARE_API_TOKEN"
	// The provider does not use these two; its errors name them.
	envAPIKey            = "CLOUDFLARE_API_KEY"
	envEmail             = "CLOUDFLARE_EMAIL"
	envAccountID         = "CLOUDFLARE_ACCOUNT_ID"
	envGatewayToken      = "CF_AIG_TOKEN"
	envBaseURL           = "CLOUDFLARE_BASE_URL"
	envGatewayBaseURL    = "AIGATEWAY_GATEWAY_BASE_URL"
	envMaxRetries        = "AIGATEWAY_MAX_RETRIES"
	envWireFormat        = "AIGATEWAY_WIRE_FORMAT"
	envAllowTestRequests = "AIGATEWAY_ALLOW_TEST_REQUESTS"
)

// wireFormats are the values of wire_format.
var wireFormats = []string{string(client.WireCloudflare), string(client.WireGatewayInput)}

// model is the provider's configuration.
type model struct {
	APIToken           types.String `tfsdk:"api_token"`
	AccountID          types.String `tfsdk:"account_id"`
	GatewayToken       types.String `tfsdk:"gateway_token"`
	BaseURL            types.String `tfsdk:"base_url"`
	GatewayBaseURL     types.String `tfsdk:"gateway_base_url"`
	WireFormat         types.String `tfsdk:"wire_format"`
	MaxRetries         types.Int64  `tfsdk:"max_retries"`
	AllowTestRequests  types.Bool   `tfsdk:"allow_test_requests"`
	TestRequestHeaders types.Map    `tfsdk:"test_request_headers"`
}

func (p *aigatewayProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manage [Cloudflare AI Gateway](https://developers.cloudflare.com/ai-gateway/) as code. " +
			"An attribute whose description names an environment variable can be set with that variable instead. " +
			"The configuration takes precedence, and an empty variable counts as unset.",
		Attributes: map[string]schema.Attribute{
			"api_token": schema.StringAttribute{
				MarkdownDescription: "Cloudflare API token for the control plane, with the account permissions *AI Gateway Read* " +
					"(to read) and *AI Gateway Edit* (to create, change and delete). Provider keys and Secrets Stores need more permissions, " +
					"which the pages of these resources list. Environment variable: `" + envAPIToken + "`.",
				Optional:  true,
				Sensitive: true,
			},
			"account_id": schema.StringAttribute{
				MarkdownDescription: "ID of the Cloudflare account (32 hexadecimal digits) of every object without an `account_id` of its own. " +
					"Existing objects stay in their account when this changes. Environment variable: `" + envAccountID + "`.",
				Optional:   true,
				Validators: validate.AccountID(),
			},
			"gateway_token": schema.StringAttribute{
				MarkdownDescription: "Token for requests through a gateway, with the permission *AI Gateway Run*; used only by " +
					"`aigateway_chat_completion`, `aigateway_test_request` and `aigateway_models`. Defaults to `api_token`. Environment variable: `" + envGatewayToken + "`.",
				Optional:  true,
				Sensitive: true,
			},
			"base_url": schema.StringAttribute{
				MarkdownDescription: "URL of the control plane. Defaults to `https://api.cloudflare.com/client/v4`. " +
					"Environment variable: `" + envBaseURL + "`.",
				Optional: true,
			},
			"gateway_base_url": schema.StringAttribute{
				MarkdownDescription: "URL of the data plane, which accepts requests to models. Defaults to " +
					"`https://gateway.ai.cloudflare.com/v1`. Environment variable: `" + envGatewayBaseURL + "`.",
				Optional: true,
			},
			"wire_format": schema.StringAttribute{
				MarkdownDescription: "Wire format of gateway requests: `cloudflare` (the default), which Cloudflare's API uses, or " +
					"`gateway_input`, for servers and mocks generated from the published OpenAPI document; see the guide on testing. " +
					"Environment variable: `" + envWireFormat + "`.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(wireFormats...)},
			},
			"max_retries": schema.Int64Attribute{
				CustomType: wholenumber.Type{},
				MarkdownDescription: "How often a request that is safe to repeat is retried after HTTP 408, 425, 429 or 5xx, or a broken " +
					"connection: 0 to 20. Defaults to 4. Unless it is 0, a request also waits up to three times until Cloudflare's rate limit " +
					"ends (429 with `Retry-After`), which does not count as a retry. Environment variable: `" + envMaxRetries + "`.",
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(0, maxRetriesLimit)},
			},
			"allow_test_requests": schema.BoolAttribute{
				MarkdownDescription: "Whether `aigateway_chat_completion` and `aigateway_test_request` may send requests, which cost money. " +
					"Defaults to `false`. Environment variable: `" + envAllowTestRequests + "` (`true` or `1` to allow them, `false` or `0` not to).",
				Optional: true,
			},
			"test_request_headers": schema.MapAttribute{
				MarkdownDescription: "Headers of the requests that `aigateway_chat_completion` and `aigateway_test_request` send, for example a " +
					"model provider's own `Authorization`, which is sent only with `api` set to `compat`. They are never stored in state.",
				ElementType: types.StringType,
				Optional:    true,
				Sensitive:   true,
			},
		},
	}
}
