package protocol

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// CallFunction calls a function of the provider that factory returns. Like core, it does
// not configure the provider, and does not call a function with an unknown value that a
// parameter does not allow, also one within an argument: the result is unknown then.
// Arguments and result are as for [Value].
func CallFunction(t testing.TB, factory func() provider.Provider, name string, arguments ...any) (any, *tfprotov6.FunctionError) {
	t.Helper()
	server := providerserver.NewProtocol6(factory())()
	functions, err := server.GetFunctions(t.Context(), &tfprotov6.GetFunctionsRequest{})
	must(t, err)
	function, exists := functions.Functions[name]
	if !exists || len(function.Parameters) != len(arguments) {
		t.Fatalf("the provider has no function %s of %d parameters", name, len(arguments))
	}
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for i, argument := range arguments {
		parameter := function.Parameters[i]
		value := Value(t, parameter.Type, argument)
		if !parameter.AllowUnknownValues && !value.IsFullyKnown() {
			return Unknown, nil
		}
		dynamic, err := tfprotov6.NewDynamicValue(parameter.Type, value)
		must(t, err)
		req.Arguments = append(req.Arguments, &dynamic)
	}
	resp, err := server.CallFunction(t.Context(), req)
	must(t, err)
	if resp.Error != nil {
		return nil, resp.Error
	}
	result, err := resp.Result.Unmarshal(function.Return.Type)
	must(t, err)
	return Go(t, result), nil
}
