package functions

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

var _ function.Function = compatBaseURL{}

// A compatBaseURL returns the base URL of a gateway's OpenAI-compatible endpoint.
type compatBaseURL struct{}

// NewCompatBaseURL returns the function compat_base_url.
func NewCompatBaseURL() function.Function { return compatBaseURL{} }

// Metadata sets the name of the function.
func (compatBaseURL) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "compat_base_url"
}

// Definition sets the parameters and the result of the function.
func (compatBaseURL) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Base URL of a gateway for SDKs of OpenAI",
		MarkdownDescription: "Returns the base URL of a gateway's OpenAI-compatible endpoint. Give it to an SDK of OpenAI as `base_url`; the SDK " +
			"appends `/chat/completions`. One endpoint reaches the models of all providers and dynamic routes: requests name a model as " +
			"`{provider}/{model}` or `dynamic/{route}`. " + offlineURL + "\n\n" + needsFunctions,
		Parameters: gatewayParameters(),
		Return:     function.StringReturn{},
	}
}

// Run returns the URL.
func (compatBaseURL) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var accountID, gatewayID string
	if resp.Error = req.Arguments.Get(ctx, &accountID, &gatewayID); resp.Error != nil {
		return
	}
	resp.Error = resp.Result.Set(ctx, urlOf(accountID, gatewayID, "compat"))
}
