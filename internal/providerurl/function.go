// Package providerurl implements the provider function provider_url.
package providerurl

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

var _ function.Function = Function{}

// A Function returns the URL of a provider behind a gateway.
type Function struct{}

// New returns the function provider_url.
func New() function.Function { return Function{} }

// providerPattern matches names of providers in a path.
var providerPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// Metadata sets the name of the function.
func (Function) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "provider_url"
}

// Definition sets the parameters and the result of the function.
func (Function) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	stringParameter := func(name, description string, validators []function.StringParameterValidator) function.Parameter {
		return function.StringParameter{Name: name, MarkdownDescription: description, Validators: validators}
	}
	resp.Definition = function.Definition{
		Summary: "URL of a provider behind a gateway",
		MarkdownDescription: "Returns the base URL for requests to a provider through a gateway. It is built from the arguments without a request: " +
			"whether account and gateway exist is not checked. The URL is always that of Cloudflare's own data plane, because functions do not " +
			"have access to the provider's `gateway_base_url`; `gateway_url` of `aigateway_gateway` takes it into account.\n\n" +
			"Provider functions need Terraform 1.8 or OpenTofu 1.7.",
		Parameters: []function.Parameter{
			stringParameter("account_id", attributes.AccountDescription, parameterValidators(validate.AccountID())),
			stringParameter("gateway_id", attributes.GatewayIDDescription, parameterValidators(validate.GatewayName())),
			stringParameter("provider", "Name of the provider in AI Gateway, such as `openai`, `custom-<slug>` for a custom provider, or `compat` for the "+
				"OpenAI-compatible endpoint.", []function.StringParameterValidator{
				stringvalidator.RegexMatches(providerPattern, "must be the name of a provider, such as \"openai\": letters, digits, hyphens and underscores"),
			}),
		},
		Return: function.StringReturn{},
	}
}

// Run returns the URL.
func (Function) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var accountID, gatewayID, provider string
	if resp.Error = req.Arguments.Get(ctx, &accountID, &gatewayID, &provider); resp.Error != nil {
		return
	}
	url := client.GatewayURL(client.DefaultGatewayBaseURL, accountID, gatewayID) + "/" + provider
	resp.Error = resp.Result.Set(ctx, url)
}

// parameterValidators returns the validators of an attribute that can validate parameters as
// well. All of the library's validators can.
func parameterValidators(validators []validator.String) []function.StringParameterValidator {
	var converted []function.StringParameterValidator
	for _, v := range validators {
		if v, ok := v.(function.StringParameterValidator); ok {
			converted = append(converted, v)
		}
	}
	return converted
}
