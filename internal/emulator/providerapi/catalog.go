package providerapi

import "slices"

// WorkersModels are the models of Workers AI that exist without further ado: the text,
// embedding and media models of its documented catalog that configurations commonly
// name. The list is not complete, and the real one changes; the server's options extend
// it.
var WorkersModels = []string{
	"@cf/aisingapore/gemma-sea-lion-v4-27b-it",
	"@cf/baai/bge-base-en-v1.5",
	"@cf/baai/bge-large-en-v1.5",
	"@cf/baai/bge-m3",
	"@cf/baai/bge-reranker-base",
	"@cf/baai/bge-small-en-v1.5",
	"@cf/black-forest-labs/flux-1-schnell",
	"@cf/deepgram/aura-1",
	"@cf/deepgram/nova-3",
	"@cf/deepseek-ai/deepseek-r1-distill-qwen-32b",
	"@cf/deepseek-ai/deepseek-v4-flash-0731",
	"@cf/deepseek-ai/deepseek-v4-pro-0813",
	"@cf/facebook/bart-large-cnn",
	"@cf/google/embeddinggemma-300m",
	"@cf/google/gemma-3-12b-it",
	"@cf/google/gemma-4-26b-a4b-it",
	"@cf/ibm-granite/granite-4.0-h-micro",
	"@cf/llava-hf/llava-1.5-7b-hf",
	"@cf/meta/llama-3-8b-instruct",
	"@cf/meta/llama-3.1-70b-instruct",
	"@cf/meta/llama-3.1-8b-instruct",
	"@cf/meta/llama-3.1-8b-instruct-awq",
	"@cf/meta/llama-3.1-8b-instruct-fast",
	"@cf/meta/llama-3.1-8b-instruct-fp8",
	"@cf/meta/llama-3.2-11b-vision-instruct",
	"@cf/meta/llama-3.2-1b-instruct",
	"@cf/meta/llama-3.2-3b-instruct",
	"@cf/meta/llama-3.3-70b-instruct-fp8-fast",
	"@cf/meta/llama-4-scout-17b-16e-instruct",
	"@cf/meta/llama-guard-3-8b",
	"@cf/meta/m2m100-1.2b",
	"@cf/mistral/mistral-7b-instruct-v0.1",
	"@cf/mistralai/mistral-small-3.1-24b-instruct",
	"@cf/moonshotai/kimi-k2.5",
	"@cf/moonshotai/kimi-k2.6",
	"@cf/moonshotai/kimi-k2.7-code",
	"@cf/myshell-ai/melotts",
	"@cf/openai/gpt-oss-120b",
	"@cf/openai/gpt-oss-20b",
	"@cf/openai/whisper",
	"@cf/openai/whisper-large-v3-turbo",
	"@cf/qwen/qwen2.5-coder-32b-instruct",
	"@cf/qwen/qwen3-30b-a3b-fp8",
	"@cf/qwen/qwen3-embedding-0.6b",
	"@cf/qwen/qwen3.8-27b",
	"@cf/qwen/qwq-32b",
	"@cf/zai-org/glm-4.7-flash",
	"@cf/zai-org/glm-5.2",
	"@hf/nousresearch/hermes-2-pro-mistral-7b",
}

// A CatalogModel is a model that the list of a gateway's models may have.
type CatalogModel struct {
	Provider string
	// Name is the model's name without the provider.
	Name string
}

// thirdParty are models of other providers, as Cloudflare's documentation names them.
// The service's list is longer. The built-in model answers to any other name as well.
var thirdParty = []CatalogModel{
	{"anthropic", "claude-haiku-4-5"},
	{"anthropic", "claude-opus-5"},
	{"anthropic", "claude-sonnet-4-5"},
	{"anthropic", "claude-sonnet-5"},
	{"cerebras", "gpt-oss-120b"},
	{"cohere", "command-a-03-2025"},
	{"deepseek", "deepseek-chat"},
	{"google-ai-studio", "gemini-2.5-flash"},
	{"google-ai-studio", "gemini-2.5-pro"},
	{"google-ai-studio", "gemini-3-flash"},
	{"grok", "grok-4"},
	{"grok", "grok-4.5"},
	{"groq", "llama-3.3-70b-versatile"},
	{"mistral", "mistral-large-latest"},
	{"openai", "gpt-5-mini"},
	{"openai", "gpt-5.2"},
	{"openai", "gpt-5.6-luna"},
	{"openai", "gpt-5.6-sol"},
	{"openai", "gpt-5.6-terra"},
	{"openai", "text-embedding-3-small"},
	{"perplexity-ai", "sonar"},
}

// Catalog returns the models that gateways can have, in order of providers and names,
// with more models of Workers AI.
func Catalog(workersModels []string) []CatalogModel {
	all := slices.Clone(thirdParty)
	names := slices.Concat(WorkersModels, workersModels)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		all = append(all, CatalogModel{Workers, name})
	}
	return all
}
