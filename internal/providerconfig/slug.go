package providerconfig

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// knownSlugs are the providers of AI Gateway's documentation. The service may have more.
var knownSlugs = []string{
	"adobe-firefly", "anthropic", "aws-bedrock", "azure-openai", "baseten", "cartesia", "cerebras", "cohere", "deepgram", "deepseek",
	"elevenlabs", "fal", "fireworks", "google-ai-studio", "google-vertex-ai", "grok", "groq", "huggingface", "ideogram", "mistral",
	"openai", "openrouter", "parallel", "perplexity-ai", "replicate", "workers-ai",
}

// warnOfUnknownSlug warns of a provider that this version does not know, which requests
// would never name.
func warnOfUnknownSlug(slug types.String, diags *diag.Diagnostics) {
	name := slug.ValueString()
	if name == "" || strings.HasPrefix(name, "custom-") || slices.Contains(knownSlugs, name) {
		return
	}
	diags.AddAttributeWarning(path.Root("provider_slug"), "Unknown provider", fmt.Sprintf(
		"This version of the provider does not know %q among the providers of AI Gateway. The nearest known one is %q. A custom provider is "+
			"custom-<slug>. If the name is correct, ignore this warning.", name, validate.Nearest(name, knownSlugs)))
}
