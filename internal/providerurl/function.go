// Package providerurl is the provider function provider_url.
package providerurl

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

type urlFunction struct{}

var _ function.Function = urlFunction{}

// New is the function provider_url: the address of a provider behind a gateway.
func New() function.Function { return urlFunction{} }

// providerPattern is what can be a provider's name in a path.
var providerPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

func (urlFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "provider_url"
}

func (urlFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	text := func(name, description string, validators []function.StringParameterValidator) function.Parameter {
		return function.StringParameter{Name: name, MarkdownDescription: description, Validators: validators}
	}
	resp.Definition = function.Definition{
		Summary: "Address of a provider behind a gateway",
		MarkdownDescription: "The base URL for requests to a provider through a gateway, for configurations that need the address and nothing " +
			"else: it is put together from its parts, without a request, and whether account and gateway exist is not looked at. It is that of " +
			"Cloudflare's own data plane, whatever the provider's `gateway_base_url` is, since functions do not know the provider's " +
			"configuration; `gateway_url` of `aigateway_gateway` does.\n\n" +
			"Provider functions need Terraform 1.8 or OpenTofu 1.7.",
		Parameters: []function.Parameter{
			text("account_id", "Id of the Cloudflare account (32 hexadecimal digits).", parameter(validate.AccountID())),
			text("gateway_id", "Id of the gateway, which is its name.", parameter(validate.GatewayName())),
			text("provider", "The gateway's name for the provider, such as `openai`, `custom-<slug>` for a custom provider, or `compat` for the "+
				"OpenAI-compatible endpoint.", []function.StringParameterValidator{
				stringvalidator.RegexMatches(providerPattern, "must be the name of a provider, such as \"openai\": letters, digits, hyphens and underscores"),
			}),
		},
		Return: function.StringReturn{},
	}
}

func (urlFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var accountID, gatewayID, provider string
	if resp.Error = req.Arguments.Get(ctx, &accountID, &gatewayID, &provider); resp.Error != nil {
		return
	}
	url := client.GatewayURL(client.DefaultGatewayBaseURL, accountID, gatewayID) + "/" + provider
	resp.Error = resp.Result.Set(ctx, url)
}

// parameter are those of the validators of an attribute that can look at a
// function's argument as well, which all of the library's can.
func parameter(validators []validator.String) []function.StringParameterValidator {
	var able []function.StringParameterValidator
	for _, v := range validators {
		if v, ok := v.(function.StringParameterValidator); ok {
			able = append(able, v)
		}
	}
	return able
}
