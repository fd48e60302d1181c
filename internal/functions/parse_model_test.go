package functions_test

import (
	"maps"
	"testing"
)

func TestParseModel(t *testing.T) {
	t.Parallel()
	const workersAI, llama = "workers-ai", "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
	for model, want := range map[string]map[string]any{
		"openai/gpt-5.2":                {"kind": "model", "provider": "openai", "model": "gpt-5.2"},
		"openrouter/meta/llama:free":    {"kind": "model", "provider": "openrouter", "model": "meta/llama:free"},
		"workers-ai/" + llama:           {"kind": "model", "provider": workersAI, "model": llama},
		llama:                           {"kind": "model", "provider": workersAI, "model": llama},
		"@hf/nousresearch/hermes-2":     {"kind": "model", "provider": workersAI, "model": "@hf/nousresearch/hermes-2"},
		"custom-my-llm/llama-4":         {"kind": "custom_provider", "provider": "custom-my-llm", "model": "llama-4", "name": "my-llm"},
		"custom-my-llm/meta/llama-4":    {"kind": "custom_provider", "provider": "custom-my-llm", "model": "meta/llama-4", "name": "my-llm"},
		"custom-custom-a/m":             {"kind": "custom_provider", "provider": "custom-custom-a", "model": "m", "name": "custom-a"},
		"dynamic/customer-support":      {"kind": "dynamic_route", "name": "customer-support"},
		"custom/cheap":                  {"kind": "alias", "name": "cheap"},
		"cloudflare/auto":               {"kind": "auto_router"},
		"cloudflare/automatic":          {"kind": "model", "provider": "cloudflare", "model": "automatic"},
		"dynamics/gpt":                  {"kind": "model", "provider": "dynamics", "model": "gpt"},
		"customs/gpt":                   {"kind": "model", "provider": "customs", "model": "gpt"},
		"google-ai-studio/gemini-3-pro": {"kind": "model", "provider": "google-ai-studio", "model": "gemini-3-pro"},
		"openai/dynamic/x":              {"kind": "model", "provider": "openai", "model": "dynamic/x"},
	} {
		got, failed := call(t, "parse_model", model)
		if failed != nil {
			t.Errorf("%s: %s", model, failed.Text)
			continue
		}
		whole := map[string]any{"kind": nil, "provider": nil, "model": nil, "name": nil} // what is not set is null
		maps.Copy(whole, want)
		parts, _ := got.(map[string]any)
		if !maps.Equal(parts, whole) {
			t.Errorf("%s: %v, want %v", model, parts, whole)
		}
	}
}

// TestInvalidModel: the error says what a model should look like.
func TestInvalidModel(t *testing.T) {
	t.Parallel()
	const form = "must be {provider}/{model}"
	for model, says := range map[string]string{
		"": form, "gpt-5.2": form, "openai/": form, "/gpt-5.2": form, "open ai/gpt": form, "openai/gpt 5": form, "openai/gpt\n": form,
		"openai//gpt": form, "@": form, "@cf": form, "https://api.openai.com": form,
		"dynamic/a/b": "must be dynamic/{route}", "custom-/gpt": "must be custom-{slug}/{model}",
	} {
		_, failed := call(t, "parse_model", model)
		requireRefused(t, failed, 0, says)
	}
}
