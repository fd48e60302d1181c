package functions_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	theprovider "github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const account = acctest.AccountID

// call calls a function.
func call(t *testing.T, name string, arguments ...any) (any, *tfprotov6.FunctionError) {
	t.Helper()
	return protocol.CallFunction(t, theprovider.New("test"), name, arguments...)
}

// requireRefused fails the test unless the error is of an argument and says something.
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

// TestDefinitions: the CLI can show what each function and its parameters are for, and core
// passes neither null nor unknown values.
func TestDefinitions(t *testing.T) {
	t.Parallel()
	resp, err := providerserver.NewProtocol6(theprovider.New("test")())().GetFunctions(t.Context(), &tfprotov6.GetFunctionsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, parameters := range map[string]string{
		"provider_url": "account_id gateway_id provider", "compat_base_url": "account_id gateway_id", "parse_model": "model",
		"route_mermaid": "entry elements",
	} {
		function := resp.Functions[name]
		if function == nil || function.Summary == "" || !strings.HasSuffix(function.Description, ".") {
			t.Errorf("%s: %+v", name, function)
			continue
		}
		var names []string
		for _, parameter := range function.Parameters {
			names = append(names, parameter.Name)
			if !strings.HasSuffix(parameter.Description, ".") || parameter.AllowNullValue || parameter.AllowUnknownValues {
				t.Errorf("%s: %+v", name, parameter)
			}
		}
		if got := strings.Join(names, " "); got != parameters || function.VariadicParameter != nil {
			t.Errorf("%s has the parameters %s", name, got)
		}
		delete(resp.Functions, name)
	}
	if len(resp.Functions) != 0 {
		t.Errorf("functions without a test: %v", resp.Functions)
	}
}
