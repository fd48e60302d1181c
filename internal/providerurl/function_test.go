package providerurl_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	theprovider "github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const account = acctest.AccountID

// call calls the function as core does: of a provider that is not configured.
func call(t *testing.T, name string, arguments ...any) (tftypes.Value, *tfprotov6.FunctionError) {
	t.Helper()
	server := providerserver.NewProtocol6(theprovider.New("test")())()
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for _, argument := range arguments {
		value, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, argument))
		if err != nil {
			t.Fatal(err)
		}
		req.Arguments = append(req.Arguments, &value)
	}
	resp, err := server.CallFunction(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		return tftypes.Value{}, resp.Error
	}
	result, err := resp.Result.Unmarshal(tftypes.String)
	if err != nil {
		t.Fatal(err)
	}
	return result, nil
}

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
		if !got.Equal(tftypes.NewValue(tftypes.String, want)) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestInvalidArguments: the error names the argument, and says what it should be.
func TestInvalidArguments(t *testing.T) {
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

func requireRefused(t *testing.T, failed *tfprotov6.FunctionError, at int64, says string) {
	t.Helper()
	if failed == nil {
		t.Errorf("argument %d is accepted, want it refused with %q", at, says)
		return
	}
	if failed.FunctionArgument == nil || *failed.FunctionArgument != at {
		t.Errorf("the error is not of argument %d: %s", at, failed.Text)
	}
	if !strings.Contains(failed.Text, says) {
		t.Errorf("%q does not say %q", failed.Text, says)
	}
}

// TestDefinition: what the CLI shows of the function and its parameters is
// there, and nothing unknown reaches it.
func TestDefinition(t *testing.T) {
	t.Parallel()
	resp, err := providerserver.NewProtocol6(theprovider.New("test")())().GetFunctions(t.Context(), &tfprotov6.GetFunctionsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	function := resp.Functions["provider_url"]
	if function == nil || function.Summary == "" || !strings.HasSuffix(function.Description, ".") || function.Return.Type.String() != "tftypes.String" {
		t.Fatalf("%+v", function)
	}
	var names []string
	for _, parameter := range function.Parameters {
		names = append(names, parameter.Name)
		if !strings.HasSuffix(parameter.Description, ".") || parameter.AllowNullValue || parameter.AllowUnknownValues {
			t.Errorf("%+v", parameter)
		}
	}
	if got := strings.Join(names, " "); got != "account_id gateway_id provider" || function.VariadicParameter != nil {
		t.Errorf("parameters %s", got)
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
