package functions

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

var _ function.Function = providerURL{}

// A providerURL returns the URL of a provider behind a gateway.
type providerURL struct{}

// NewProviderURL returns the function provider_url.
func NewProviderURL() function.Function { return providerURL{} }

// providerPattern matches names of providers in a path.
var providerPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// Metadata sets the name of the function.
func (providerURL) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "provider_url"
}

// Definition sets the parameters and the result of the function.
func (providerURL) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "URL of a provider behind a gateway",
		MarkdownDescription: "Returns the base URL for requests to a provider through a gateway. " + offlineURL + "\n\n" +
			needsFunctions,
		Parameters: append(gatewayParameters(), function.StringParameter{
			Name: "provider",
			MarkdownDescription: "Name of the provider in AI Gateway, such as `openai`, `custom-<slug>` for a custom provider, or `compat` for the " +
				"OpenAI-compatible endpoint.",
			Validators: []function.StringParameterValidator{
				stringvalidator.RegexMatches(providerPattern, "must be the name of a provider, such as \"openai\": letters, digits, hyphens and underscores"),
			},
		}),
		Return: function.StringReturn{},
	}
}

// Run returns the URL.
func (providerURL) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var accountID, gatewayID, provider string
	if resp.Error = req.Arguments.Get(ctx, &accountID, &gatewayID, &provider); resp.Error != nil {
		return
	}
	resp.Error = resp.Result.Set(ctx, urlOf(accountID, gatewayID, provider))
}

// urlOf returns the URL of a provider, or of the endpoint compat.
func urlOf(accountID, gatewayID, provider string) string {
	return client.GatewayURL(client.DefaultGatewayBaseURL, accountID, gatewayID) + "/" + provider
}
