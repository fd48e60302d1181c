package functions_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestProviderURL(t *testing.T) {
	t.Parallel()
	const gateway = "https://gateway.ai.cloudflare.com/v1/" + account
	for want, arguments := range map[string][]any{
		gateway + "/default/openai":                    {account, "default", "openai"},
		gateway + "/my-gateway_1/google-ai-studio":     {account, "my-gateway_1", "google-ai-studio"},
		gateway + "/default/compat":                    {account, "default", "compat"},
		gateway + "/default/custom-My-llm":             {account, "default", "custom-My-llm"},
		gateway + "/default/workers_ai":                {account, "default", "workers_ai"},
		gateway + "/" + strings.Repeat("a", 64) + "/1": {account, strings.Repeat("a", 64), "1"},
	} {
		got, failed := call(t, "provider_url", arguments...)
		if failed != nil {
			t.Errorf("%v: %s", arguments, failed.Text)
			continue
		}
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestInvalidProviderURL: the error names the argument and says what it should be.
func TestInvalidProviderURL(t *testing.T) {
	t.Parallel()
	const accountID, gatewayID, provider = 0, 1, 2
	says := []string{"32 hexadecimal digits", "lower-case letters, digits and underscores", "must be the name of a provider"}
	for at, values := range map[int][]any{
		accountID: {"", "0123", strings.ToUpper(account), account + "\n", account + "/x", "../" + account[3:]},
		gatewayID: {"My-Gateway", "a--b", "a/b", "a.b", "..", "a\n", "-"},
		provider:  {"", "openai/v1", "a.b", "..", "open ai", "-a", "a\n", "ä", "custom/mine", "https://api.openai.com", "a?b", "%2e"},
	} {
		for _, value := range values {
			arguments := []any{account, "default", "openai"}
			arguments[at] = value
			_, failed := call(t, "provider_url", arguments...)
			requireRefused(t, failed, int64(at), says[at])
		}
	}
	for _, length := range []int{0, 65} {
		_, failed := call(t, "provider_url", account, strings.Repeat("a", length), "openai")
		requireRefused(t, failed, gatewayID, "string length must be between 1 and 64")
	}
}

// TestAccProviderURL calls the function in a configuration: with values that are
// known and with one that is known only after apply, and badly.
func TestAccProviderURL(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsProviderFunctions()
	acctest.Require(t, supported, reason)
	w := acctest.Emulate(t, emulator.Options{}).NewWorkspace(t)
	w.Write("main.tf", `
resource "aigateway_gateway" "test" {
  name = "functions"
}

output "known" {
  value = provider::aigateway::provider_url("`+account+`", "default", "openai")
}

output "later" {
  value = provider::aigateway::provider_url(aigateway_gateway.test.account_id, aigateway_gateway.test.id, "compat")
}
`)
	const host = "https://gateway.ai.cloudflare.com/v1/" + account
	out := w.Apply()
	for _, want := range []string{`later = (known after apply)`, `known = "` + host + `/default/openai"`, `later = "` + host + `/functions/compat"`} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
			t.Errorf("apply does not say %q:\n%s", want, out)
		}
	}
	w.RequireEmptyPlan()
	for says, arguments := range map[string]string{
		"32 hexadecimal digits":          `"0123", "default", "openai"`,
		"must be the name of a provider": `"` + account + `", "default", "open ai"`,
		"argument must not be null":      `null, "default", "openai"`,
		"Not enough function arguments":  `"` + account + `", "default"`,
	} {
		w.Write("bad.tf", "output \"bad\" {\n  value = provider::aigateway::provider_url("+arguments+")\n}\n")
		if status, out := w.Try("plan", "-no-color"); status == 0 || !acctest.Wrapped(says).MatchString(out) {
			t.Errorf("exit status %d, want an error that says %q:\n%s", status, says, out)
		}
	}
	w.Write("bad.tf", "")
}
